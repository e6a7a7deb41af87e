package middleware_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/log/noop"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// TestMetrics checks that the counters account for every mutating request.
func TestMetrics(t *testing.T) {
	listen(t)
	rec := new(activitylogtest.Recorder)
	meter := newCounters()
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(w http.ResponseWriter, r *http.Request) {
		d := activitylog.From(r.Context())
		switch r.PathValue("id") {
		case "denied":
			w.WriteHeader(403)
		case "failed":
			w.WriteHeader(500)
		case "odd":
			d.SetOutcome("postponed")
		case "suppressed":
			d.Suppress("a replay")
		case "long":
			d.SetReason(strings.Repeat("x", activitylog.MaxString+1))
		case "panics":
			panic(http.ErrAbortHandler)
		}
	})
	mux.HandleFunc("POST /things/search", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /things/{id}/ping", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("PUT /hidden/", http.StripPrefix("/hidden", mux))
	s := serve(t, middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithMeterProvider(meter))(mux))
	for _, path := range []string{"fine", "denied", "failed", "odd", "suppressed", "long", "panics"} {
		do(t, s, "PUT", "/things/"+path)
	}
	do(t, s, "POST", "/things/search")
	do(t, s, "PUT", "/hidden/things/1")
	do(t, s, "POST", "/things/7/ping")
	do(t, s, "GET", "/things/1")
	s.Close()
	const off = "version: 1\ninfer: off\nroutes:\n  POST /login: {cases: [{when: {status: 401}, code: user:login_failed}]}\n"
	mux.HandleFunc("POST /login", func(http.ResponseWriter, *http.Request) {})
	undecided := middleware.New(parse(t, off), middleware.WithMeterProvider(meter))(mux)
	undecided.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/things/fine", nil))
	undecided.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/login", nil)) // a status without a case
	want := map[string]int64{
		"activitylog.events success best_effort": 2,
		"activitylog.events denied best_effort":  1,
		"activitylog.events failure best_effort": 2,
		"activitylog.events unknown best_effort": 1,
		"activitylog.events.suppressed":          1,
		"activitylog.events.truncated":           1,
		"activitylog.requests.ignored":           3,
		"activitylog.requests.unmapped":          1,
		"activitylog.requests.unrouted":          1,
	}
	if got := meter.read(t); !maps.Equal(got, want) {
		t.Errorf("counters are\n%v, want\n%v", got, want)
	}
}

// TestDropped emits where nobody listens.
func TestDropped(t *testing.T) {
	bad := processor(func(context.Context) { panic("oh") })
	down := sdklog.NewLoggerProvider(sdklog.WithProcessor(bad))
	down.Shutdown(t.Context())
	for _, tt := range []struct {
		name string
		opt  middleware.Option
		says string
	}{
		{"no provider", middleware.WithLoggerProvider(noop.NewLoggerProvider()), "LoggerProvider"},
		{"provider that is shut down", middleware.WithLoggerProvider(down), "shut it down after the server"},
		{"processor that panics", middleware.WithLoggerProvider(sdklog.NewLoggerProvider(sdklog.WithProcessor(bad))), "panic: oh"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			heard := listen(t)
			meter := newCounters()
			mux := http.NewServeMux()
			mux.HandleFunc("PUT /things/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
			h := middleware.New(inferred(t), tt.opt, middleware.WithMeterProvider(meter))(mux)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("PUT", "/things/1", nil))
			if n := meter.read(t)["activitylog.events.dropped"]; n != 1 || w.Code != 204 {
				t.Errorf("%d events are counted as dropped, status %d, want 1, 204", n, w.Code)
			}
			if got := heard.list(); len(got) != 1 || !strings.Contains(got[0], tt.says) {
				t.Errorf("otel.Handle was told %q, want %q", got, tt.says)
			}
		})
	}
}

// A processor is called with the context of each record.
type processor func(context.Context)

func (p processor) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (p processor) OnEmit(ctx context.Context, _ *sdklog.Record) error     { p(ctx); return nil }
func (p processor) Shutdown(context.Context) error                         { return nil }
func (p processor) ForceFlush(context.Context) error                       { return nil }

// TestWarn checks that a mapping which asks to be told of inferred routes is told once.
func TestWarn(t *testing.T) {
	heard := listen(t)
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) {})
	h := middleware.New(parse(t, "version: 1\ninfer: warn\n"), middleware.WithLoggerProvider(rec))(mux)
	for range 3 {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/things/1", nil))
	}
	if got := heard.list(); len(got) != 1 || !strings.Contains(got[0], "PUT /things/{id}") || len(rec.Events()) != 3 {
		t.Errorf("otel.Handle was told %q of %d events, want one warning that names the route, and 3 events", got, len(rec.Events()))
	}
}
