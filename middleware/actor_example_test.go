package middleware_test

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

// What verifies tokens says who the actor is as soon as it knows, so that the
// requests which it or something further in refuses have their actor too. Here
// a person of the support team acts for a user.
func ExampleClaimsActor() {
	verify := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			claims := map[string]any{ // in a program, those of the token that it has verified
				"sub": "usr_ann", "name": "Ann Lee",
				"act": map[string]any{"sub": "usr_sue", "name": "Sue Park"},
			}
			activitylog.From(r.Context()).SetActor(middleware.ClaimsActor(claims))
			next.ServeHTTP(w, r)
		})
	}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /profile", func(http.ResponseWriter, *http.Request) {})
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider
	activity := middleware.New(mapping.Default(), middleware.WithLoggerProvider(rec), middleware.WithServeMux(mux))
	activity(verify(mux)).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/profile", nil))

	for _, e := range rec.Events() {
		fmt.Println(e.Actor.Name, "for", e.Actor.OnBehalfOf.Name)
	}
	// Output:
	// Sue Park for Ann Lee
}

// The ids that a request brings along: that of a proxy if it has one, or else
// that of its trace.
func ExampleFirst() {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /profile", func(http.ResponseWriter, *http.Request) {})
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider
	activity := middleware.New(mapping.Default(), middleware.WithLoggerProvider(rec),
		middleware.WithActor(middleware.First(middleware.BasicAuthActor, middleware.Always(activitylog.Actor{ID: "cron", Type: activitylog.System}))),
		middleware.WithRequestID(middleware.First(middleware.FromHeader("X-Request-ID"), middleware.TraceID)),
	)
	r := httptest.NewRequest("PUT", "/profile", nil)
	r.Header.Set("X-Request-ID", "req_7")
	activity(mux).ServeHTTP(httptest.NewRecorder(), r)

	for _, e := range rec.Events() {
		fmt.Println(e.Actor.ID, e.Actor.Type, e.Source.RequestID)
	}
	// Output:
	// cron system req_7
}

// Keys of an API belong to service accounts: what checks them knows whose they
// are, and says so. A key that nobody has is the event of an anonymous actor.
func ExampleWithActor_apiKey() {
	accounts := map[string]activitylog.Actor{ // in a program, by a hash of the key
		"key_123": {ID: "svc_billing", Type: activitylog.Service, Name: "Billing"},
	}
	check := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			account, ok := accounts[r.Header.Get("X-API-Key")]
			if !ok {
				http.Error(w, "no such key", http.StatusUnauthorized)
				return
			}
			activitylog.From(r.Context()).SetActor(account)
			next.ServeHTTP(w, r)
		})
	}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /profile", func(http.ResponseWriter, *http.Request) {})
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider
	activity := middleware.New(mapping.Default(), middleware.WithLoggerProvider(rec), middleware.WithServeMux(mux))
	for _, key := range []string{"key_123", "key_999"} {
		r := httptest.NewRequest("PUT", "/profile", nil)
		r.Header.Set("X-API-Key", key)
		activity(check(mux)).ServeHTTP(httptest.NewRecorder(), r)
	}

	for _, e := range rec.Events() {
		fmt.Println(e.Actor.Type, e.Actor.Name, e.Outcome)
	}
	// Output:
	// service Billing success
	// anonymous  denied
}

// A service shows a certificate, which the TLS handshake verifies.
func ExampleCertificateActor() {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /profile", func(http.ResponseWriter, *http.Request) {})
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider
	activity := middleware.New(mapping.Default(), middleware.WithLoggerProvider(rec), middleware.WithActor(middleware.CertificateActor))

	r := httptest.NewRequest("PUT", "https://api.example/profile", nil)
	r.TLS.VerifiedChains = [][]*x509.Certificate{{{DNSNames: []string{"payouts.internal"}}}} // as the server does
	activity(mux).ServeHTTP(httptest.NewRecorder(), r)

	for _, e := range rec.Events() {
		fmt.Println(e.Actor.Type, e.Actor.ID)
	}
	// Output:
	// service payouts.internal
}
