package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

// Who accessed the organisation, and what they did after arriving: the first
// request of a session is an event although it only reads.
func ExampleWithAccess() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orgs/{org}/members", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("DELETE /orgs/{org}/members/{member}", func(http.ResponseWriter, *http.Request) {})
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider
	activity := middleware.New(mapping.Default(), middleware.WithLoggerProvider(rec),
		middleware.WithAccess("", 0),
		middleware.WithActor(middleware.Always(activitylog.Actor{ID: "usr_ann", Name: "Ann Lee"})),
	)
	handler := activity(mux)
	for _, r := range []*http.Request{
		httptest.NewRequest("GET", "/orgs/acme/members", nil),
		httptest.NewRequest("GET", "/orgs/acme/members", nil),
		httptest.NewRequest("DELETE", "/orgs/acme/members/bob", nil),
		httptest.NewRequest("GET", "/orgs/acme/members", nil),
	} {
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	for _, e := range rec.Events() {
		fmt.Println(e.Code, e.HTTP.Method, e.Tenant, e.Summary)
	}
	// Output:
	// org:accessed GET acme Ann Lee accessed acme from 192.0.2.1
	// org.member:deleted DELETE acme Ann Lee deleted org member bob
}
