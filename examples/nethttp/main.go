// Command nethttp is the smallest program with an activity log.
package main

import (
	"cmp"
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"

	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	exporter, err := otlploghttp.New(ctx) // configured by OTEL_* variables
	if err != nil {
		log.Fatal(err)
	}
	logs := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)), sdklog.WithAllowKeyDuplication())

	mux := http.NewServeMux()
	mux.HandleFunc("POST /orgs", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) })
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(http.ResponseWriter, *http.Request) {})
	// WithServeMux: so that your authentication may stand between the two.
	activity := middleware.New(mapping.Default(), middleware.WithLoggerProvider(logs), middleware.WithServeMux(mux))
	srv := &http.Server{Addr: cmp.Or(os.Getenv("ADDR"), "127.0.0.1:8080"), Handler: activity(mux)}
	go func() { log.Print(srv.ListenAndServe()); stop() }() // also if the address is taken
	<-ctx.Done()
	srv.Shutdown(context.Background())
	middleware.Flush(context.Background()) // refusals that were counted
	logs.Shutdown(context.Background())    // sends what is queued
}
