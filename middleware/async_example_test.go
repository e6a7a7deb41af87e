package middleware_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

// Delivery off the requests, and the order in which a program then ends: the
// server, what waits, and the LoggerProvider.
func ExampleWithAsync() {
	rec := new(activitylogtest.Recorder) // in a program, an SDK LoggerProvider
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orgs/{org}/members", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
	})
	activity := middleware.New(mapping.Default(), middleware.WithLoggerProvider(rec), middleware.WithAsync())
	server := httptest.NewServer(activity(mux))
	resp, err := http.Post(server.URL+"/orgs/acme/members", "", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	server.Close() // in a program, server.Shutdown(ctx): no request is under way then
	middleware.Flush(context.Background())
	// provider.Shutdown(ctx)

	for _, e := range rec.Events() {
		fmt.Println(e.Code, e.Outcome)
	}
	// Output:
	// org.member:created success
}
