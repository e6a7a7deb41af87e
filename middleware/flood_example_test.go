package middleware_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

// Anonymous (192.0.2.1) tries a thousand keys. The first three attempts of the minute are
// events of their own, one more tells of the others.
func ExampleWithFloodLimit() {
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /orgs/{org}/api-keys/{key}", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "who are you?", http.StatusUnauthorized)
	})
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider
	activity := middleware.New(mapping.Default(), middleware.WithLoggerProvider(rec),
		middleware.WithFloodLimit(3, time.Minute),
		middleware.WithClock(func() time.Time { return time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC) }),
	)
	handler := activity(mux)
	for i := range 1000 {
		r := httptest.NewRequest("DELETE", fmt.Sprintf("/orgs/acme/api-keys/%d", i), nil)
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	middleware.Flush(context.Background()) // where the program ends: what is counted is told now

	for _, e := range rec.Events() {
		fmt.Println(e.Summary)
	}
	// Output:
	// Denied: org.api_key:deleted — Anonymous (192.0.2.1) on 0 (401)
	// Denied: org.api_key:deleted — Anonymous (192.0.2.1) on 1 (401)
	// Denied: org.api_key:deleted — Anonymous (192.0.2.1) on 2 (401)
	// Denied: org.api_key:deleted — Anonymous (192.0.2.1) (401): 997 more at 09:30:00 UTC
}
