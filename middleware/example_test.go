package middleware_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

// authenticate stands for an application's own authentication: it says who
// the actor is and refuses everybody but Ann.
func authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user := r.Header.Get("Authorization")
		activitylog.From(r.Context()).SetActor(activitylog.Actor{ID: user})
		if user != "ann" {
			http.Error(w, "forbidden", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// The middleware stands outside of authentication, so that refused requests
// are events too. Then the mux may never be asked for their route:
// WithServeMux asks it.
func Example() {
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).AddChange("/role", "viewer", "admin")
	})

	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider
	activity := middleware.New(mapping.Default(),
		middleware.WithLoggerProvider(rec),
		middleware.WithServeMux(mux),
		middleware.WithTrustedProxies(netip.MustParsePrefix("192.0.2.0/24")),
	)
	handler := activity(authenticate(mux)) // in a program, in otelhttp.NewHandler

	for _, user := range []string{"ann", "eve"} {
		r := httptest.NewRequest("PATCH", "/orgs/acme/members/bob", nil)
		r.Header.Set("Authorization", user)
		r.Header.Set("X-Forwarded-For", "203.0.113.7")
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}

	for _, e := range rec.Events() {
		fmt.Println(e.Actor.ID, e.Code, e.Target().ID, e.Outcome, e.Source.ClientAddress)
	}
	// Output:
	// ann org.member:updated bob success 203.0.113.7
	// eve org.member:updated bob denied 203.0.113.7
}

// Where a mapping names few routes, each of them may be wrapped by itself:
// then nothing can stand between the middleware and the route.
func ExampleNew_perRoute() {
	rec := new(activitylogtest.Recorder)
	activity := middleware.New(mapping.Default(), middleware.WithLoggerProvider(rec))

	mux := http.NewServeMux()
	mux.Handle("DELETE /orgs/{org}/api-keys/{key}", activity(http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })))
	mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("DELETE", "/orgs/acme/api-keys/key_1", nil))

	for _, e := range rec.Events() {
		fmt.Println(e.Code, e.Target().ID, e.HTTP.Status)
	}
	// Output:
	// org.api_key:deleted key_1 204
}

// One route, several codes: what the request asks for decides. The body is
// copied while the handler reads it.
func ExampleNew_cases() {
	m, err := mapping.Parse("activitylog.yaml", []byte(`
version: 1
tenant: {path: org}
routes:
  PATCH /orgs/{org}/members/{member}:
    cases:
      - {when: {request: {/status: inactive}}, code: org.member:deactivated}
      - {when: {request: {/status: active}}, code: org.member:activated}
      - {code: org.member:updated}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, r *http.Request) {
		var change struct{ Status, Role string }
		if err := json.NewDecoder(r.Body).Decode(&change); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider
	handler := middleware.New(m, middleware.WithLoggerProvider(rec))(mux)

	for _, body := range []string{`{"status":"inactive"}`, `{"status":"active"}`, `{"role":"admin"}`} {
		r := httptest.NewRequest("PATCH", "/orgs/acme/members/bob", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	for _, e := range rec.Events() {
		fmt.Println(e.Code, e.Target().ID)
	}
	// Output:
	// org.member:deactivated bob
	// org.member:activated bob
	// org.member:updated bob
}

// A reloader follows the mapping file: a program need not be restarted for a
// route to get its code.
func ExampleNew_reloader() {
	dir, err := os.MkdirTemp("", "activitylog")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "activitylog.yaml")
	os.WriteFile(file, []byte("version: 1\n"), 0o600)

	m, err := mapping.NewReloader(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go m.Run(ctx) // reloads on SIGHUP and when the file changes

	mux := http.NewServeMux()
	mux.HandleFunc("POST /orgs/{org}/rockets", func(http.ResponseWriter, *http.Request) {})
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider
	handler := middleware.New(m, middleware.WithLoggerProvider(rec))(mux)

	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/orgs/acme/rockets", nil))
	os.WriteFile(file, []byte("version: 1\nroutes:\n  POST /orgs/{org}/rockets: {code: rocket:launched}\n"), 0o600)
	if err := m.Reload(); err != nil { // or wait for Run to see it
		fmt.Println(err)
	}
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/orgs/acme/rockets", nil))

	for _, e := range rec.Events() {
		fmt.Println(e.Code)
	}
	// Output:
	// rocket:created
	// rocket:launched
}
