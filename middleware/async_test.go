package middleware_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/trace"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// waits is how many events may wait.
const waits = 1024

// putThings answers every PUT; the status is what the query says.
func putThings(t testing.TB, opts ...middleware.Option) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(w http.ResponseWriter, r *http.Request) {
		if status, err := strconv.Atoi(r.URL.RawQuery); err == nil {
			w.WriteHeader(status)
		}
	})
	return middleware.New(inferred(t), append(opts, middleware.WithAsync())...)(mux)
}

func put(h http.Handler, path string) {
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", path, nil))
}

// TestAsyncOrder checks that events come in the order of their requests, by
// themselves or when they are flushed.
func TestAsyncOrder(t *testing.T) {
	for name, wait := range map[string]func(*activitylogtest.Recorder){
		"flushed": func(*activitylogtest.Recorder) { middleware.Flush(t.Context()) },
		"awaited": func(rec *activitylogtest.Recorder) { await(t, rec, waits) },
	} {
		rec := new(activitylogtest.Recorder)
		h := putThings(t, middleware.WithLoggerProvider(rec))
		for i := range waits {
			put(h, "/things/"+strconv.Itoa(i))
		}
		wait(rec)
		events := rec.Events()
		if len(events) != waits {
			t.Fatalf("%s: %d events, want %d", name, len(events), waits)
		}
		for i, e := range events {
			if e.Target().ID != strconv.Itoa(i) || i > 0 && (e.Time.Before(events[i-1].Time) || e.ID <= events[i-1].ID) {
				t.Fatalf("%s: event %d is %+v", name, i, e)
			}
		}
	}
}

// TestAsyncFlush flushes all the time while requests come from everywhere.
func TestAsyncFlush(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	h := putThings(t, middleware.WithLoggerProvider(rec))
	const clients, each = 8, 500
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			for i := range each {
				put(h, fmt.Sprintf("/things/%d-%d", client, i))
				if i%50 == 0 {
					middleware.Flush(t.Context())
				}
			}
		})
	}
	wg.Wait()
	middleware.Flush(t.Context())
	seen := map[string]bool{}
	for _, e := range rec.Events() {
		seen[e.Target().ID] = true
	}
	if n := len(rec.Events()); n != clients*each || len(seen) != n {
		t.Errorf("%d events of %d requests, want %d", n, len(seen), clients*each)
	}
}

// TestAsyncFull has a processor that hangs: as many events wait as may, that on
// which it hangs among them, and the next request delivers its own.
func TestAsyncFull(t *testing.T) {
	entered, release := make(chan struct{}, 2*waits), make(chan struct{})
	hangs := processor(func(context.Context) { entered <- struct{}{}; <-release })
	meter := newCounters()
	h := putThings(t, middleware.WithMeterProvider(meter),
		middleware.WithLoggerProvider(sdklog.NewLoggerProvider(sdklog.WithProcessor(hangs))))
	put(h, "/things/first")
	<-entered
	for range waits - 1 {
		put(h, "/things/waits")
	}
	if len(entered) != 0 {
		t.Error("a request delivers its event although there is room")
	}
	var last sync.WaitGroup
	last.Go(func() { put(h, "/things/last") })
	select {
	case <-entered:
	case <-time.After(10 * time.Second):
		t.Error("no request delivers its event although too many wait")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := middleware.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Flush while the processor hangs: %v", err)
	}
	close(release)
	last.Wait()
	if err := middleware.Flush(t.Context()); err != nil {
		t.Error(err)
	}
	put(h, "/things/again") // there is room
	middleware.Flush(t.Context())
	got := meter.read(t)
	if got["activitylog.events success best_effort"] != waits+2 || got["activitylog.events.inline"] != 1 {
		t.Errorf("counters are %v, want %d events, 1 of them inline", got, waits+2)
	}
}

// TestAsyncDropped has processors that fail: what is lost is counted.
func TestAsyncDropped(t *testing.T) {
	calls := 0
	bad := sdklog.NewLoggerProvider(sdklog.WithProcessor(processor(func(context.Context) {
		if calls++; calls == 1 {
			panic("oh")
		}
	})))
	down := sdklog.NewLoggerProvider(sdklog.WithProcessor(processor(func(context.Context) {})))
	down.Shutdown(t.Context())
	for _, tt := range []struct {
		name               string
		provider           log.LoggerProvider
		delivered, dropped int64
		says               string
	}{
		{"a panic", bad, 1, 1, "panic: oh"},
		{"shut down too early", down, 0, 2, "shut it down after the server"},
	} {
		heard, meter := listen(t), newCounters()
		h := putThings(t, middleware.WithLoggerProvider(tt.provider), middleware.WithMeterProvider(meter))
		put(h, "/things/1")
		put(h, "/things/2")
		middleware.Flush(t.Context())
		got := meter.read(t)
		if got["activitylog.events success best_effort"] != tt.delivered || got["activitylog.events.dropped"] != tt.dropped {
			t.Errorf("%s: counters are %v, want %d events and %d dropped", tt.name, got, tt.delivered, tt.dropped)
		}
		if said := heard.list(); len(said) != 1 || !strings.Contains(said[0], tt.says) {
			t.Errorf("%s: otel.Handle was told %q, want %q", tt.name, said, tt.says)
		}
	}
}

// A witness notes what a processor sees.
type witness struct {
	processor
	ctx    context.Context
	record sdklog.Record
}

func (w *witness) OnEmit(ctx context.Context, r *sdklog.Record) error {
	w.ctx, w.record = ctx, r.Clone()
	return nil
}

// TestAsyncContext checks what a processor gets to know of the request.
func TestAsyncContext(t *testing.T) {
	seen := new(witness)
	h := putThings(t, middleware.WithLoggerProvider(sdklog.NewLoggerProvider(sdklog.WithProcessor(seen))))
	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled})
	member, _ := baggage.NewMember("plan", "gold")
	bag, _ := baggage.New(member)
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "request"))
	ctx = baggage.ContextWithBaggage(trace.ContextWithSpanContext(ctx, span), bag)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "PUT", "/things/1?403", nil))
	cancel()
	middleware.Flush(t.Context())
	if got := trace.SpanContextFromContext(seen.ctx); !got.Equal(span) || seen.record.TraceID() != span.TraceID() {
		t.Errorf("the span is %v, the record's trace %v", got, seen.record.TraceID())
	}
	if got := baggage.FromContext(seen.ctx).Member("plan").Value(); got != "gold" {
		t.Errorf("the baggage's plan is %q", got)
	}
	if err := seen.ctx.Err(); err != nil || seen.ctx.Value(key{}) != nil {
		t.Errorf("context has error %v, value %v, want none", err, seen.ctx.Value(key{}))
	}
	if _, ok := seen.ctx.Deadline(); !ok {
		t.Error("a processor that hangs has no deadline")
	}
	if seen.record.Severity() != log.SeverityWarn || seen.record.EventName() != "thing:updated" {
		t.Errorf("the record is %s, severity %v", seen.record.EventName(), seen.record.Severity())
	}
}

// TestAsyncEnds checks that nothing goes on when there are no more events, and
// that nothing keeps the middleware then.
func TestAsyncEnds(t *testing.T) {
	before := runtime.NumGoroutine()
	rec := new(activitylogtest.Recorder)
	gone := weak.Make(rec)
	h := putThings(t, middleware.WithLoggerProvider(rec))
	for round := 1; round <= 2; round++ { // it begins again
		put(h, "/things/1")
		if n := len(await(t, rec, round)); n != round {
			t.Fatalf("%d events, want %d", n, round)
		}
	}
	rec, h = nil, nil
	for deadline := time.Now().Add(10 * time.Second); gone.Value() != nil || runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, before %d; recorder %p is still there", runtime.NumGoroutine(), before, gone.Value())
		}
		runtime.GC()
	}
}

// TestAsyncKeepsNothing has an application that uses its buffers again.
func TestAsyncKeepsNothing(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	buffer := json.RawMessage(`"viewer"`)
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(_ http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).AddChanges(activitylog.Change{Path: "/role", New: buffer})
	})
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithAsync())(mux)
	put(h, "/things/1")
	copy(buffer, `"xxxxxx"`)
	middleware.Flush(t.Context())
	if e := only(t, rec); len(e.Changes) != 1 || string(e.Changes[0].New) != `"viewer"` {
		t.Errorf("changes are %+v", e.Changes)
	}
}

// TestAsyncAll has requests with several events: those of items, of an access,
// and one that stands for others.
func TestAsyncAll(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, r *http.Request) {
		var body any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			w.WriteHeader(403)
		}
		activitylog.From(r.Context()).SetActor(activitylog.Actor{ID: "ann"})
	}
	mux.HandleFunc("POST /orgs/{org}/payouts", answer)
	m := parse(t, "version: 1\ntenant: {path: org}\nroutes:\n"+
		"  POST /orgs/{org}/payouts: {code: payout:processed, each: request./payouts, target: {type: payout, id: item./id}}\n")
	h := middleware.New(m, middleware.WithLoggerProvider(rec), middleware.WithAsync(),
		middleware.WithAccess("", 0), middleware.WithFloodLimit(1, time.Hour))(mux)
	for _, body := range []string{`{"payouts":[{"id":"1"},{"id":"2"},{"id":"3"}]}`, "", "", ""} {
		r := httptest.NewRequest("POST", "/orgs/acme/payouts", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	middleware.Flush(t.Context())
	var got []string
	for _, e := range rec.Events() {
		got = append(got, fmt.Sprintf("%s %s %s %d", e.Code, e.Outcome, e.Target().ID, countOf(e)))
	}
	want := []string{
		"org:accessed success acme 0",
		"payout:processed success 1 0", "payout:processed success 2 0", "payout:processed success 3 0",
		"payout:processed denied  0", "payout:processed denied  2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("events are\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestAsyncFlushWaits flushes while the event of a slow processor is being
// delivered.
func TestAsyncFlushWaits(t *testing.T) {
	entered, delivered := make(chan struct{}, 2), 0
	slow := processor(func(context.Context) {
		entered <- struct{}{}
		time.Sleep(20 * time.Millisecond)
		delivered++
	})
	h := putThings(t, middleware.WithLoggerProvider(sdklog.NewLoggerProvider(sdklog.WithProcessor(slow))))
	put(h, "/things/1")
	<-entered
	put(h, "/things/2")
	middleware.Flush(t.Context())
	if delivered != 2 {
		t.Errorf("%d events are delivered when Flush returns, want 2", delivered)
	}
}
