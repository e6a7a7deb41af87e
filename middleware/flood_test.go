package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// A flooded server answers every PUT with the status that the path names. The
// actor is what the header User says.
type flooded struct {
	t       *testing.T
	handler http.Handler
	rec     *activitylogtest.Recorder
	meter   counters

	mu  sync.Mutex
	now time.Time
}

func newFlooded(t *testing.T, opts ...middleware.Option) *flooded {
	f := &flooded{t: t, rec: new(activitylogtest.Recorder), meter: newCounters(), now: time.Date(2026, 3, 1, 23, 59, 30, 0, time.UTC)}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /orgs/{org}/things/{status}", func(w http.ResponseWriter, r *http.Request) {
		d := activitylog.From(r.Context())
		d.SetActor(activitylog.Actor{ID: r.Header.Get("User")})
		status, _ := strconv.Atoi(r.PathValue("status"))
		if status == 299 {
			d.SetOutcome(activitylog.Denied)
		}
		w.WriteHeader(status)
	})
	opts = append([]middleware.Option{
		middleware.WithLoggerProvider(f.rec), middleware.WithMeterProvider(f.meter), middleware.WithClock(f.clock),
	}, opts...)
	m := parse(t, "version: 1\ntenant: {path: org}\nroutes:\n  PUT /orgs/{org}/things/{status}: {code: thing:updated}\n")
	f.handler = middleware.New(m, opts...)(mux)
	return f
}

// clock is a clock that goes on by 10 ms each time it is looked at.
func (f *flooded) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(10 * time.Millisecond)
	return f.now
}

func (f *flooded) pass(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

func (f *flooded) send(n int, status, user, address, org string) {
	for range n {
		r := httptest.NewRequest("PUT", "/orgs/"+org+"/things/"+status, nil)
		r.RemoteAddr = address
		r.Header.Set("User", user)
		f.handler.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// tally returns how many events there are, and of how many others they tell.
func (f *flooded) tally() (events, counted int) {
	for _, e := range f.rec.Events() {
		if n := countOf(e); n > 0 {
			counted += n
		} else {
			events++
		}
	}
	return events, counted
}

// countOf returns of how many others an event tells; 0 if of none.
func countOf(e activitylog.Event) int {
	for _, kv := range e.Attributes {
		if kv.Key == "coalesced.count" {
			return int(kv.Value.AsInt64())
		}
	}
	return 0
}

func TestFlood(t *testing.T) {
	const home, other = "203.0.113.9:1234", "203.0.113.10:1234"
	tests := []struct {
		name            string
		send            func(f *flooded)
		events, counted int
	}{
		{"below the limit", func(f *flooded) { f.send(20, "403", "eve", home, "acme") }, 20, 0},
		{"denied", func(f *flooded) { f.send(100, "403", "eve", home, "acme") }, 20, 80},
		{"by the application", func(f *flooded) { f.send(100, "299", "eve", home, "acme") }, 20, 80},
		{"not found", func(f *flooded) { f.send(100, "404", "eve", home, "acme") }, 20, 80},
		{"successes", func(f *flooded) { f.send(100, "200", "eve", home, "acme") }, 100, 0},
		{"conflicts", func(f *flooded) { f.send(100, "409", "eve", home, "acme") }, 100, 0},
		{"crashes", func(f *flooded) { f.send(100, "500", "eve", home, "acme") }, 100, 0},
		{"two actors", func(f *flooded) { f.send(30, "403", "eve", home, "acme"); f.send(30, "403", "mal", home, "acme") }, 40, 20},
		{"an actor that moves", func(f *flooded) { f.send(30, "403", "eve", home, "acme"); f.send(30, "403", "eve", other, "acme") }, 20, 40},
		{"two addresses", func(f *flooded) { f.send(30, "403", "", home, "acme"); f.send(30, "403", "", other, "acme") }, 40, 20},
		{"one network", func(f *flooded) {
			for i := range 60 {
				f.send(1, "403", "", fmt.Sprintf("[2001:db8::%x]:1", i), "acme")
			}
		}, 20, 40},
		{"names that are not believed", func(f *flooded) {
			for i := range 60 {
				f.send(1, "401", strconv.Itoa(i), home, "acme")
			}
		}, 20, 40},
		{"two answers", func(f *flooded) { f.send(30, "401", "", home, "acme"); f.send(30, "403", "", home, "acme") }, 40, 20},
		{"many tenants", func(f *flooded) {
			for i := range 60 {
				f.send(1, "404", "eve", home, strconv.Itoa(i))
			}
		}, 20, 40},
		{"no address", func(f *flooded) { f.send(60, "403", "", "@", "acme") }, 20, 40},
		{"long names", func(f *flooded) {
			f.send(60, "403", strings.Repeat("x", 1000), home, "acme")
			f.send(60, "403", "eve", home, strings.Repeat("x", 1000))
		}, 40, 80},
		{"more kinds than are told apart", func(f *flooded) {
			for i := range 3000 {
				f.send(1, "403", strconv.Itoa(i), home, "acme")
			}
		}, 1024 + 20, 3000 - 1024 - 20},
		{"more addresses than are told apart, and an actor", func(f *flooded) {
			for i := range 3000 {
				f.send(1, "403", "", fmt.Sprintf("10.0.%d.%d:1", i/256, i%256), "acme")
			}
			f.send(60, "403", "eve", home, "acme")
		}, 1024 + 20 + 20, 3000 - 1024 - 20 + 40},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFlooded(t, middleware.WithFloodLimit(20, time.Hour))
			tt.send(f)
			middleware.Flush(t.Context())
			middleware.Flush(t.Context()) // has nothing to do
			if events, counted := f.tally(); events != tt.events || counted != tt.counted {
				t.Errorf("%d events and %d in summaries, want %d and %d", events, counted, tt.events, tt.counted)
			}
			if n := f.meter.read(t)["activitylog.events.coalesced"]; n != int64(tt.counted) {
				t.Errorf("%d are counted as coalesced, want %d", n, tt.counted)
			}
		})
	}
}

// TestFloodSummary looks at the event that stands for the others.
func TestFloodSummary(t *testing.T) {
	f := newFlooded(t, middleware.WithFloodLimit(2, 0))
	f.send(5, "403", "eve", "203.0.113.9:1", "acme")
	f.send(3, "403", "eve", "203.0.113.10:1", "acme")
	f.send(1, "403", "eve", "203.0.113.9:1", "globex")
	f.pass(2 * time.Minute)
	f.send(1, "403", "eve", "203.0.113.9:1", "acme") // it is the first of another window
	middleware.Flush(t.Context())
	summaries := map[string]activitylog.Event{}
	for _, e := range f.rec.Events() {
		if countOf(e) > 0 {
			summaries[e.Tenant] = e
		}
	}
	if events, counted := f.tally(); events != 3 || counted != 7 || len(summaries) != 2 {
		t.Fatalf("%d events and %d in %d summaries, want 3, 7, 2", events, counted, len(summaries))
	}
	e := summaries["acme"]
	if e.Code != "thing:updated" || e.Outcome != activitylog.Denied || e.Actor.ID != "eve" || e.HTTP.Status != 403 || e.HTTP.Route == "" || e.Target().ID != "403" {
		t.Errorf("summary is %+v, want what the events have in common", e)
	}
	if e.Source.ClientAddress != "" || e.HTTP.Path != "" || e.ID == "" {
		t.Errorf("summary is %+v, want nothing that they do not have in common", e)
	}
	if got := e.Time.Format(time.StampMilli); countOf(e) != 6 || got != "Mar  1 23:59:30.080" {
		t.Errorf("summary is of %d until %s, want 6 until Mar  1 23:59:30.080", countOf(e), got)
	}
	if attributeOf(e, "coalesced.first") != "2026-03-01T23:59:30.03Z" || attributeOf(e, "coalesced.last") != "2026-03-01T23:59:30.08Z" {
		t.Errorf("attributes are %v", e.Attributes)
	}
	if !strings.HasSuffix(e.Summary, ": 6 more at 23:59:30 UTC") || !strings.Contains(e.Summary, "eve") {
		t.Errorf("sentence is %q", e.Summary)
	}
	if e := summaries["globex"]; e.Source.ClientAddress != "203.0.113.9" {
		t.Errorf("client address is %q, want the one that all have", e.Source.ClientAddress)
	}
}

// TestFloodShared has more clients than are told apart, in several tenants.
func TestFloodShared(t *testing.T) {
	f := newFlooded(t, middleware.WithFloodLimit(1, time.Hour))
	for i := range 1030 {
		f.send(1, "403", strconv.Itoa(i), "203.0.113.9:1", strconv.Itoa(i))
		f.send(1, "404", strconv.Itoa(i), "203.0.113.9:1", strconv.Itoa(i))
	}
	middleware.Flush(t.Context())
	got := map[activitylog.Outcome]string{}
	for _, e := range f.rec.Events() {
		if e.Code == "request:coalesced" {
			got[e.Outcome] = fmt.Sprintf("%q %q %d %s", e.Tenant, e.Actor.ID, countOf(e), e.Summary[:22])
		}
	}
	want := `"" "" 517 Requests of many clien`
	if len(got) != 2 || got[activitylog.Denied] != want || got[activitylog.Failure] != want {
		t.Errorf("summaries are %q, want %q for each outcome", got, want)
	}
}

// TestFloodTimer waits for a window that nothing but its timer ends.
func TestFloodTimer(t *testing.T) {
	f := newFlooded(t, middleware.WithFloodLimit(1, 20*time.Millisecond), middleware.WithClock(func() time.Time { return time.Unix(0, 0) }))
	f.send(5, "403", "eve", "203.0.113.9:1", "acme")
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if events, counted := f.tally(); events+counted == 5 {
			return
		}
	}
	t.Errorf("events are %+v, want them to tell of 5 requests", f.rec.Events())
}

// TestFloodOff has no limit.
func TestFloodOff(t *testing.T) {
	f := newFlooded(t, middleware.WithFloodLimit(0, 0))
	f.send(100, "403", "eve", "203.0.113.9:1", "acme")
	middleware.Flush(t.Context())
	if events, counted := f.tally(); events != 100 || counted != 0 {
		t.Errorf("%d events, %d in summaries, want 100 and none", events, counted)
	}
}

// TestFloodByDefault has the limit that nobody set.
func TestFloodByDefault(t *testing.T) {
	f := newFlooded(t)
	f.send(300, "403", "eve", "203.0.113.9:1", "acme")
	middleware.Flush(t.Context())
	if events, counted := f.tally(); events != 100 || counted != 200 {
		t.Errorf("%d events, %d in summaries, want 100 and 200", events, counted)
	}
}

// TestFloodAtOnce sends from several goroutines while windows end and others
// flush: every request is told of once.
func TestFloodAtOnce(t *testing.T) {
	f := newFlooded(t, middleware.WithFloodLimit(3, 50*time.Millisecond))
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() { f.send(500, "403", strconv.Itoa(i%2), "203.0.113.9:1", "acme") })
	}
	all.Go(func() {
		for range 20 {
			middleware.Flush(t.Context())
		}
	})
	all.Wait()
	middleware.Flush(t.Context())
	if events, counted := f.tally(); events+counted != 2000 || counted == 0 {
		t.Errorf("%d events and %d in summaries tell of %d requests, want 2000", events, counted, events+counted)
	}
}
