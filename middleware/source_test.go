package middleware_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

// A source is a mapping that the test changes.
type source struct {
	atomic.Pointer[mapping.Mapping]
}

func (s *source) Mapping() *mapping.Mapping { return s.Load() }

func TestSource(t *testing.T) {
	for name, m := range map[string]mapping.Source{
		"nil":                     nil,
		"nil mapping":             (*mapping.Mapping)(nil),
		"source without one":      new(source),
		"mapping that says as is": inferred(t),
	} {
		rec := new(activitylogtest.Recorder)
		mux := http.NewServeMux()
		mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(http.ResponseWriter, *http.Request) {})
		h := middleware.New(m, middleware.WithLoggerProvider(rec))(mux)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PATCH", "/orgs/acme/members/bob", nil))
		if e := only(t, rec); e.Code != "org.member:updated" {
			t.Errorf("%s: event is %s", name, e.Code)
		}
	}
}

// TestOneMappingPerRequest changes the mapping while a request runs.
func TestOneMappingPerRequest(t *testing.T) {
	var s source
	old := parse(t, "version: 1\nroutes:\n  PUT /things/{id}: {code: thing:old, target: {type: thing, id: request./id}}\n")
	s.Store(old)
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(_ http.ResponseWriter, r *http.Request) {
		s.Store(parse(t, "version: 1\nroutes:\n  PUT /things/{id}: {ignore: not now}\n"))
		r.Body.Read(make([]byte, 100))
	})
	for _, opts := range [][]middleware.Option{nil, {middleware.WithServeMux(mux)}} {
		rec := new(activitylogtest.Recorder)
		h := middleware.New(&s, append(opts, middleware.WithLoggerProvider(rec))...)(mux)
		put := func() {
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/things/1", strings.NewReader(`{"id":"7"}`)))
		}
		s.Store(old)
		put()
		put() // is no event any more
		if e := only(t, rec); e.Code != "thing:old" || e.Target().ID != "7" {
			t.Errorf("event is %s of %q, want thing:old of 7", e.Code, e.Target().ID)
		}
	}
}

// TestDelivery asks for modes of delivery that this version does not have.
func TestDelivery(t *testing.T) {
	heard := listen(t)
	var s source
	const route = "version: 1\nroutes:\n  PUT /things/{id}: {code: thing:updated, delivery: %}\n"
	mode := func(m string) *mapping.Mapping { return parse(t, strings.Replace(route, "%", m, 1)) }
	s.Store(mode("durable"))
	rec := new(activitylogtest.Recorder)
	meter := newCounters()
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) {})
	h := middleware.New(&s, middleware.WithLoggerProvider(rec), middleware.WithMeterProvider(meter))(mux)
	if got := heard.list(); len(got) != 1 || !strings.Contains(got[0], "delivery durable") || !strings.Contains(got[0], "best_effort only") {
		t.Errorf("otel.Handle was told %q when it was made, want once that durable is not to be had", got)
	}
	put := func() { h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/things/1", nil)) }
	put()
	put()
	s.Store(mode("durable")) // reloaded
	put()
	s.Store(mode("best_effort"))
	put()
	if got := heard.list(); len(got) != 1 {
		t.Errorf("otel.Handle was told %q, want durable once", got)
	}
	s.Store(mode("sync"))
	put()
	put()
	if got := heard.list(); len(got) != 2 || !strings.Contains(got[1], "delivery sync") {
		t.Errorf("otel.Handle was told %q, want sync as well", got)
	}
	if got := meter.read(t)["activitylog.events success best_effort"]; got != 6 {
		t.Errorf("%d events are counted as best_effort, want 6", got)
	}
}

// TestWarnedIsBounded reloads a mapping that warns: a route is told of once.
func TestWarnedIsBounded(t *testing.T) {
	heard := listen(t)
	var s source
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) {})
	s.Store(parse(t, "version: 1\ninfer: warn\n"))
	h := middleware.New(&s, middleware.WithLoggerProvider(new(activitylogtest.Recorder)))(mux)
	for range 10 {
		s.Store(parse(t, "version: 1\ninfer: warn\n"))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/things/1", nil))
	}
	if got := heard.list(); len(got) != 1 {
		t.Errorf("otel.Handle was told of %d routes, want of one: %q", len(got), got)
	}
}

// TestBulk makes an event of each element of a body.
func TestBulk(t *testing.T) {
	const bulk = `version: 1
tenant: {path: org}
routes:
  POST /orgs/{org}/payouts/bulk:
    each: request./payouts
    code: payout:processed
    target: {type: payout, id: item./id}
`
	for _, tt := range []struct {
		body, media string
		targets     []string
		unread      string
	}{
		{`{"payouts":[{"id":"1"},{"id":"2"},{"id":"3"}]}`, "application/json", []string{"1", "2", "3"}, ""},
		{`{"payouts":[]}`, "application/json", nil, ""},
		{`{"payouts":[{"id":"1"}]}`, "text/csv", []string{"1"}, ""},
		{"payouts\n1", "text/csv", []string{""}, "its content type is not JSON"},
	} {
		rec := new(activitylogtest.Recorder)
		meter := newCounters()
		mux := http.NewServeMux()
		mux.HandleFunc("POST /orgs/{org}/payouts/bulk", func(_ http.ResponseWriter, r *http.Request) {
			d := activitylog.From(r.Context())
			d.SetActor(activitylog.Actor{ID: "usr_ann"})
			d.AddChange("/note", nil, strings.Repeat("x", 100))
			r.Body.Read(make([]byte, 1000))
		})
		h := middleware.New(parse(t, bulk), middleware.WithLoggerProvider(rec), middleware.WithMeterProvider(meter))(mux)
		r := httptest.NewRequest("POST", "/orgs/acme/payouts/bulk", strings.NewReader(tt.body))
		r.Header.Set("Content-Type", tt.media)
		h.ServeHTTP(httptest.NewRecorder(), r)
		events := rec.Events()
		ids := map[string]bool{}
		for i, e := range events {
			ids[e.ID] = true
			if e.Code != "payout:processed" || e.Actor.ID != "usr_ann" || e.Tenant != "acme" || len(e.Changes) != 1 || e.HTTP.Status != 200 || attributeOf(e, "unread.request") != tt.unread {
				t.Errorf("%s: event is %+v", tt.body, e)
			}
			if i < len(tt.targets) && e.Target().ID != tt.targets[i] {
				t.Errorf("%s: event %d has target %q, want %q", tt.body, i, e.Target().ID, tt.targets[i])
			}
		}
		if len(events) != len(tt.targets) || len(ids) != len(events) {
			t.Errorf("%s: %d events with %d ids, want %d", tt.body, len(events), len(ids), len(tt.targets))
		}
		counted := meter.read(t)
		ignored := int64(1)
		if len(tt.targets) > 0 {
			ignored = 0
		}
		if counted["activitylog.events success best_effort"] != int64(len(tt.targets)) || counted["activitylog.requests.ignored"] != ignored {
			t.Errorf("%s: counters are %v", tt.body, counted)
		}
	}
}

// TestBulkSurvives has a processor that panics on one event of three.
func TestBulkSurvives(t *testing.T) {
	listen(t)
	n := 0
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(processor(func(context.Context) {
		if n++; n == 2 {
			panic("oh")
		}
	})))
	meter := newCounters()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /things", func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
	m := parse(t, "version: 1\nroutes:\n  POST /things: {each: request./things, code: thing:created, target: {type: thing, id: item./id}}\n")
	h := middleware.New(m, middleware.WithLoggerProvider(provider), middleware.WithMeterProvider(meter))(mux)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/things", strings.NewReader(`{"things":[{},{},{}]}`)))
	got := meter.read(t)
	if n != 3 || got["activitylog.events success best_effort"] != 2 || got["activitylog.events.dropped"] != 1 {
		t.Errorf("%d events, counters are %v, want 3, of which 1 is dropped", n, got)
	}
}

// TestReloader follows a file through the middleware.
func TestReloader(t *testing.T) {
	file := filepath.Join(t.TempDir(), "activitylog.yaml")
	write := func(code string) {
		if err := os.WriteFile(file, []byte("version: 1\nroutes:\n  PUT /things/{id}: {code: "+code+"}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("thing:old")
	m, err := mapping.NewReloader(file)
	if err != nil {
		t.Fatal(err)
	}
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) {})
	h := middleware.New(m, middleware.WithLoggerProvider(rec))(mux)
	for _, code := range []activitylog.Code{"thing:old", "thing:new"} {
		write(string(code))
		if err := m.Reload(); err != nil {
			t.Fatal(err)
		}
		rec.Reset()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/things/1", nil))
		if e := only(t, rec); e.Code != code {
			t.Errorf("event is %s, want %s", e.Code, code)
		}
	}
}
