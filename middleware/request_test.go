package middleware_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

func TestFromHeader(t *testing.T) {
	for _, tt := range []struct{ name, sent, want string }{
		{"x-request-id", "4f1c-88", "4f1c-88"},
		{"X-Request-ID", "", ""},
		{"X-Request-ID", strings.Repeat("x", 128), strings.Repeat("x", 128)},
		{"X-Request-ID", strings.Repeat("x", 129), ""},
		{"X-Request-ID", "a b", ""},
		{"X-Request-ID", "a\x00b", ""},
		{"X-Request-ID", "a\nb", ""},
		{"X-Request-ID", "\xff", ""},
		{"X-Request-ID", "é", ""},
	} {
		r := httptest.NewRequest("PUT", "/", nil)
		r.Header["X-Request-Id"] = []string{tt.sent, "another"}
		if got := middleware.FromHeader(tt.name)(r); got != tt.want {
			t.Errorf("%s: %q is taken for %q, want %q", tt.name, tt.sent, got, tt.want)
		}
	}
	if got := middleware.FromHeader("X-Request-ID")(httptest.NewRequest("PUT", "/", nil)); got != "" {
		t.Errorf("without the header, the id is %q", got)
	}
}

// TestTelemetry has ids that the trace and the baggage of a request carry.
func TestTelemetry(t *testing.T) {
	const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	propagator := propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})
	for _, tt := range []struct {
		name                    string
		header                  []string
		request, session, actor string
	}{
		{"nothing", nil, "", "", ""},
		{"trace", []string{"Traceparent", traceparent}, "4bf92f3577b34da6a3ce929d0e0e4736", "", ""},
		{"trace and header", []string{"Traceparent", traceparent, "X-Request-Id", "r1"}, "r1", "", ""},
		{"baggage", []string{"Baggage", "session=s%31,enduser=ann;note=x"}, "", "s1", "ann"},
		{"baggage that is no id", []string{"Baggage", "session=a%20b,enduser=a%00b"}, "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			mux := http.NewServeMux()
			mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) {})
			activity := middleware.New(inferred(t), middleware.WithLoggerProvider(rec),
				middleware.WithRequestID(middleware.First(middleware.FromHeader("X-Request-ID"), middleware.TraceID)),
				middleware.WithSession(middleware.FromBaggage("session")),
				middleware.WithActor(middleware.ActorFromBaggage("enduser")),
			)(mux)
			extract := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // as otelhttp does
				activity.ServeHTTP(w, r.WithContext(propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header))))
			})
			do(t, serve(t, extract), "PUT", "/things/1", tt.header...)
			e := only(t, rec)
			if e.Source.RequestID != tt.request || e.Source.SessionID != tt.session || e.Actor.ID != tt.actor {
				t.Errorf("request %q, session %q, actor %q, want %q, %q, %q", e.Source.RequestID, e.Source.SessionID, e.Actor.ID, tt.request, tt.session, tt.actor)
			}
		})
	}
}

// TestSourcesDoNotAllocate looks for ids where there are none.
func TestSourcesDoNotAllocate(t *testing.T) {
	ctx := trace.ContextWithSpanContext(baggage.ContextWithoutBaggage(context.Background()), trace.SpanContext{})
	r := httptest.NewRequest("PUT", "/", nil).WithContext(ctx)
	f := middleware.First(middleware.FromHeader("X-Request-ID"), middleware.TraceID, middleware.FromBaggage("id"))
	if n := allocsOf(func() { f(r) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}
