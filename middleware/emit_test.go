package middleware_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/trace"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// TestDisconnect hangs up in the middle of requests, over real connections.
func TestDisconnect(t *testing.T) {
	type key struct{}
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	started := make(chan struct{})
	mux.HandleFunc("DELETE /orgs/{org}", func(w http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done() // the client is gone
		w.WriteHeader(201)
	})
	s := serve(t, middleware.New(inferred(t), middleware.WithLoggerProvider(rec))(mux))
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(conn, "DELETE /orgs/acme HTTP/1.1\r\nHost: test\r\n\r\n")
	<-started
	conn.Close()
	if e := only(t, rec); e.Code != "org:deleted" || e.HTTP.Status != 201 {
		t.Errorf("event is %s with status %d, want org:deleted with 201", e.Code, e.HTTP.Status)
	}

	rec.Reset()
	started = make(chan struct{})
	s2 := serveHTTP2(t, middleware.New(inferred(t), middleware.WithLoggerProvider(rec))(mux))
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, 1))
	req, _ := http.NewRequestWithContext(ctx, "DELETE", s2.URL+"/orgs/acme", nil)
	go func() {
		<-started
		cancel()
	}()
	if _, err := s2.Client().Do(req); err == nil {
		t.Error("the request was answered, want it cancelled")
	}
	if e := only(t, rec); e.HTTP.Status != 201 {
		t.Errorf("HTTP/2: event has status %d, want 201", e.HTTP.Status)
	}
}

// TestLate says something after the request has ended.
func TestLate(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	ended, done := make(chan struct{}), make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(w http.ResponseWriter, r *http.Request) {
		go func() {
			defer close(done)
			<-ended
			activitylog.From(r.Context()).SetActor(activitylog.Actor{ID: "late"})
		}()
	})
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec))(mux)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/things/1", nil))
	close(ended)
	<-done
	if e := only(t, rec); e.Actor.ID != "" {
		t.Errorf("actor is %q, want nobody", e.Actor.ID)
	}
}

// TestCancelled looks at the context that a processor gets: the SDK's simple
// processor hands it on to the exporter.
func TestCancelled(t *testing.T) {
	var got error
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(processor(func(ctx context.Context) { got = ctx.Err() })))
	mux := http.NewServeMux()
	ctx, cancel := context.WithCancel(t.Context())
	mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) { cancel() })
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(provider))(mux)
	got = errors.New("no event")
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/things/1", nil).WithContext(ctx))
	if got != nil || ctx.Err() == nil {
		t.Errorf("the processor's context says %v, the request's %v", got, ctx.Err())
	}
}

// TestHangingExporter exports while the request waits, to a Collector that
// does not answer. The response is kept back, but not for ever.
func TestHangingExporter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := processor(func(ctx context.Context) { <-ctx.Done() })
		provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(hangs))
		mux := http.NewServeMux()
		mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) {})
		h := middleware.New(inferred(t), middleware.WithLoggerProvider(provider))(mux)
		start := time.Now()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/things/1", nil))
		if waited := time.Since(start); waited != 10*time.Second {
			t.Errorf("the request waited for %v, want 10s", waited)
		}
	})
}

// TestTrace checks that the event is in the trace of the request, also if the
// client has gone.
func TestTrace(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) {})
	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled})
	ctx, cancel := context.WithCancel(trace.ContextWithSpanContext(t.Context(), span))
	cancel()
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec))(mux)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/things/1", nil).WithContext(ctx))
	if e := only(t, rec); e.TraceID != span.TraceID().String() || e.SpanID != span.SpanID().String() {
		t.Errorf("event is in trace %q, span %q", e.TraceID, e.SpanID)
	}
}

// TestKeepsNoRequestLine sends long queries. An event that waits in a queue
// must not keep them in memory: its limit is MaxEvent.
func TestKeepsNoRequestLine(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /orgs/{org}/things/{id}", func(http.ResponseWriter, *http.Request) {})
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec))(mux)
	const requests, query = 64, 1 << 20
	before := heap()
	for range requests {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("PUT /orgs/acme/things/1?" + strings.Repeat("x", query) + " HTTP/1.1\r\nHost: test\r\n\r\n")))
		if err != nil {
			t.Fatal(err)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	if kept := heap() - before; kept > requests*query/4 {
		t.Errorf("%d events keep %d MiB in memory", requests, kept>>20)
	}
	for _, e := range await(t, rec, requests) {
		if e.HTTP.Path != "/orgs/acme/things/1" || e.Tenant != "acme" || e.Target().ID != "1" {
			t.Fatalf("event of %q, tenant %q, target %q", e.HTTP.Path, e.Tenant, e.Target().ID)
		}
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
