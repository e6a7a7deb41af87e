package middleware_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// TestSecretsInThePath has tokens in paths and queries.
func TestSecretsInThePath(t *testing.T) {
	m := parse(t, `
version: 1
tenant: {path: org}
classify: {token: secret}
routes:
  GET /downloads/{token...}: {code: file:downloaded}
`)
	tests := []struct{ method, pattern, path, want string }{
		{"POST", "/invitations/{token}/accept", "/invitations/hunter2/accept", "/invitations/{token}/accept"},
		{"POST", "/invitations/{token}/accept", "/invitations/hunter2%2Fhunter2/accept?token=hunter2", "/invitations/{token}/accept"},
		{"POST", "/orgs/{org}/links/{token}", "/orgs/acme/links/hunter2", "/orgs/acme/links/{token}"},
		{"GET", "/downloads/{token...}", "/downloads/a/hunter2/b", "/downloads/{token...}"},
		{"PUT", "/orgs/{org}", "/orgs/acme?token=hunter2", "/orgs/acme"},
		{"PUT", "/links/{token}/", "/links/hunter2/", "/links/{token}/"},
	}
	for _, tt := range tests {
		for _, prefix := range []string{"", "/api"} {
			for _, outside := range []bool{true, false} {
				rec := new(activitylogtest.Recorder)
				mux := http.NewServeMux()
				mux.HandleFunc(tt.method+" "+tt.pattern, func(http.ResponseWriter, *http.Request) {})
				activity := middleware.New(m, middleware.WithLoggerProvider(rec))
				var h http.Handler = http.StripPrefix(prefix, activity(mux))
				want := prefix + tt.want
				if outside {
					// The middleware cannot know what is stripped further in. StripPrefix
					// copies the request, so it is told of the route.
					h = middleware.New(m, middleware.WithLoggerProvider(rec), middleware.WithRoute(func(*http.Request) string { return tt.pattern }))(http.StripPrefix(prefix, mux))
					if strings.Contains(tt.want, "{") && prefix != "" {
						want = tt.pattern
					}
				}
				do(t, serve(t, h), tt.method, prefix+tt.path)
				e := only(t, rec)
				text, err := e.MarshalJSON()
				if err != nil {
					t.Fatal(err)
				}
				if e.HTTP.Path != want || strings.Contains(string(text), "hunter2") {
					t.Errorf("%s%s, outside %v: path is %s, want %s: %s", prefix, tt.path, outside, e.HTTP.Path, want, text)
				}
			}
		}
	}
}

// TestSecretsByValue has secrets that no name tells of, where a client can put
// them.
func TestSecretsByValue(t *testing.T) {
	m := parse(t, `
version: 1
tenant: {path: org}
routes:
  PUT /orgs/{org}/notes/{note}:
    code: org.note:updated
    changes: {from: request}
`)
	key := "AK" + "IA" + "IOSFODNN7EXAMPLE"
	rec := new(activitylogtest.Recorder)
	reader := sdkmetric.NewManualReader()
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /orgs/{org}/notes/{note}", func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
	h := middleware.New(m, middleware.WithLoggerProvider(rec), middleware.WithRequestID(middleware.FromHeader("X-Request-ID")),
		middleware.WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))))(mux)
	r := httptest.NewRequest("PUT", "/orgs/acme/notes/"+key+"?q="+key, strings.NewReader(`{"text": "it is `+key+`, keep it", "\u0041`+key[1:]+`": 1}`))
	r.Header.Set("User-Agent", "curl/8 "+key)
	r.Header.Set("X-Request-ID", key)
	h.ServeHTTP(httptest.NewRecorder(), r)

	e := only(t, rec)
	text, err := e.MarshalJSON()
	if err != nil || strings.Contains(string(text), key[2:]) {
		t.Errorf("%v: the key is in %s", err, text)
	}
	if e.HTTP.Path != "/orgs/acme/notes/[redacted]" || e.Source.UserAgent != "curl/8 [redacted]" || e.Source.RequestID != "[redacted]" ||
		e.Target().ID != "[redacted]" || !strings.Contains(string(text), "it is [redacted], keep it") {
		t.Errorf("too much or too little is gone: %s", text)
	}
	if n, _ := e.Attributes.Get(activitylog.AttrRedacted); n.AsInt64() < 6 {
		t.Errorf("the event tells of %d secrets: %s", n.AsInt64(), text)
	}
	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil || !strings.Contains(fmt.Sprintf("%+v", all), "activitylog.events.redacted") {
		t.Errorf("no metric tells of it: %v, %+v", err, all)
	}
}
