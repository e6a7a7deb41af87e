// Command payments serves the example API and sends its activity log to an
// OpenTelemetry Collector:
//
//	OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 payments
//
// The other OTEL_EXPORTER_OTLP_* variables hold as well; PROTOCOL may be grpc.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/activitylog-go/activitylog/examples/payments"
	"github.com/activitylog-go/activitylog/middleware"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`address` to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr); err != nil {
		log.Fatal("payments: ", err)
	}
}

func run(ctx context.Context, addr string) (err error) {
	exporter, err := newExporter(ctx)
	if err != nil {
		return err
	}
	logs := sdklog.NewLoggerProvider(
		sdklog.WithResource(resource.NewSchemaless(attribute.String("service.name", "payments"))),
		sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)),
		sdklog.WithAllowKeyDuplication(), // activitylog makes none: looking for them costs time
	)
	api, err := payments.New(payments.Config{LoggerProvider: logs})
	if err != nil {
		return err
	}
	err = serve(ctx, &http.Server{Addr: addr, Handler: api, ReadHeaderTimeout: 5 * time.Second})

	// Only now, when no request runs any more: this sends what is queued.
	flush, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(err, middleware.Flush(flush), logs.Shutdown(flush))
}

func newExporter(ctx context.Context) (sdklog.Exporter, error) {
	protocol := cmp.Or(os.Getenv("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"), os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL"))
	switch protocol {
	case "", "http/protobuf":
		return otlploghttp.New(ctx)
	case "grpc":
		return otlploggrpc.New(ctx)
	}
	return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf or grpc, not %q", protocol)
}

// serve serves until ctx is done, then lets the running requests end.
func serve(ctx context.Context, srv *http.Server) error {
	drained := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		drained <- srv.Shutdown(grace)
	}()
	log.Printf("payments: listening on http://%s", srv.Addr)
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-drained
}
