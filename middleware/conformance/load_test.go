package conformance_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/internal/wiretest"
)

// everywhere runs a test with each router and protocol, and with delivery on
// the request and off it.
func everywhere(t *testing.T, test func(t *testing.T, serve func(app) *server, opts []middleware.Option)) {
	for _, router := range routers {
		for _, p := range protocols {
			for name, opts := range map[string][]middleware.Option{"inline": nil, "async": {middleware.WithAsync()}} {
				t.Run(router.name+"/"+p.name+"/"+name, func(t *testing.T) {
					test(t, func(a app) *server { return p.serve(t, router.build(a)) }, opts)
				})
			}
		}
	}
}

// shutDown ends a server as a program does: it waits for the handlers.
func (s *server) shutDown() {
	s.Close()
	s.running.Done()
	s.running.Wait()
	middleware.Flush(context.Background())
}

// call sends a request to a member and returns the status and the body.
func call(t *testing.T, s *server, member, body string) (int, string) {
	req, err := http.NewRequestWithContext(t.Context(), "PATCH", s.URL+"/orgs/acme/members/"+member, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(answer)
}

// TestAtOnce sends requests from several goroutines and checks that no event
// has anything of another, of its request or of a context that gin uses again
// (gotcha 10).
func TestAtOnce(t *testing.T) {
	const senders, each = 4, 15
	everywhere(t, func(t *testing.T, serve func(app) *server, opts []middleware.Option) {
		rec := new(activitylogtest.Recorder)
		s := serve(app{
			routes:  []string{route},
			mapping: parse(t, members),
			options: append(opts, middleware.WithLoggerProvider(wiretest.Checked(rec, func(problem string) { t.Error(problem) }))),
			handler: func(w http.ResponseWriter, r *http.Request) {
				var sent struct{ Name string }
				if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
					t.Error(err)
				}
				draft := activitylog.From(r.Context())
				var wg sync.WaitGroup
				wg.Go(func() { draft.SetActor(activitylog.Actor{ID: "usr_" + sent.Name}) })
				wg.Wait()
				fmt.Fprintf(w, `{"id":"id_%s"}`, sent.Name)
			},
		})
		var wg sync.WaitGroup
		for sender := range senders {
			wg.Go(func() {
				for i := range each {
					name := fmt.Sprintf("%d_%d", sender, i)
					if _, answer := call(t, s, name, `{"status":"inactive","name":"`+name+`"}`); answer != `{"id":"id_`+name+`"}` {
						t.Errorf("%s: the client gets %q", name, answer)
					}
				}
			})
		}
		wg.Wait()
		s.shutDown()
		seen := map[string]bool{}
		for _, e := range rec.Events() {
			name := e.Target().Name
			if e.Target().ID != "id_"+name || e.Actor.ID != "usr_"+name || e.HTTP.Path != "/orgs/acme/members/"+name || e.Code != "org.member:deactivated" {
				t.Errorf("event mixes requests: %+v", e)
			}
			seen[name] = true
		}
		if len(seen) != senders*each || len(rec.Events()) != len(seen) {
			t.Errorf("%d events of %d requests, want %d", len(rec.Events()), len(seen), senders*each)
		}
	})
}

// TestDenialFlood floods the log with refusals around what is to be hidden
// (gotcha 10, abuse: flooding to hide).
func TestDenialFlood(t *testing.T) {
	everywhere(t, func(t *testing.T, serve func(app) *server, opts []middleware.Option) {
		rec := new(activitylogtest.Recorder)
		s := serve(app{
			routes:  []string{route},
			mapping: parse(t, ""),
			options: append(opts, middleware.WithLoggerProvider(rec), middleware.WithFloodLimit(10, time.Hour)),
			handler: func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/eve") {
					w.WriteHeader(401)
				}
			},
		})
		for i := range 100 {
			member, status := fmt.Sprint(i), 401
			if i%25 == 0 {
				member, status = "eve", 200
			}
			if got, _ := call(t, s, member, ""); got != status {
				t.Errorf("%s: status is %d, want %d", member, got, status)
			}
		}
		s.shutDown()
		got := map[activitylog.Outcome]int{}
		counted := ""
		for _, e := range rec.Events() {
			got[e.Outcome]++
			counted += attributeOf(e, "coalesced.count")
		}
		if got[activitylog.Success] != 4 || got[activitylog.Denied] != 11 || counted != "86" {
			t.Errorf("events are %v and one for %s, want 4 successes, 10 refusals and one for 86", got, counted)
		}
	})
}

// An exporter keeps the ids of what it is given, once it is released.
type exporter struct {
	release chan struct{}
	records atomic.Int64
	ids     sync.Map
}

func (e *exporter) Export(_ context.Context, records []sdklog.Record) error {
	<-e.release
	for _, r := range records {
		e.records.Add(1)
		r.WalkAttributes(func(kv attribute.KeyValue) bool {
			if kv.Key == activitylog.KeyID {
				e.ids.Store(kv.Value.AsString(), true)
			}
			return true
		})
	}
	return nil
}

func (e *exporter) Shutdown(context.Context) error   { return nil }
func (e *exporter) ForceFlush(context.Context) error { return nil }

// TestStalledExporter sends requests while the store of the log stands still,
// more than the SDK's queue takes: all are answered (gotcha 10).
func TestStalledExporter(t *testing.T) {
	everywhere(t, func(t *testing.T, serve func(app) *server, opts []middleware.Option) {
		const queue, requests = 8, 40
		stalled := &exporter{release: make(chan struct{})}
		provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(stalled,
			sdklog.WithMaxQueueSize(queue), sdklog.WithExportMaxBatchSize(queue), sdklog.WithExportInterval(time.Millisecond))))
		s := serve(app{routes: []string{route}, mapping: parse(t, ""), handler: ok, options: append(opts, middleware.WithLoggerProvider(provider))})
		for range requests {
			if status, answer := call(t, s, "bob", ""); status != 200 || answer != "ok" {
				t.Fatalf("the client gets %d, %q", status, answer)
			}
		}
		s.shutDown()
		close(stalled.release)
		if err := provider.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if n := stalled.records.Load(); n < queue || n > requests {
			t.Errorf("%d events are exported of %d, with room for %d", n, requests, queue)
		}
	})
}

// TestShutdown ends a program while requests run, in the order that package
// middleware tells: every event of an answered request is exported, once.
func TestShutdown(t *testing.T) {
	everywhere(t, func(t *testing.T, serve func(app) *server, opts []middleware.Option) {
		store := &exporter{release: make(chan struct{})}
		close(store.release)
		provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(store, sdklog.WithExportInterval(time.Hour))))
		var handled atomic.Int64
		s := serve(app{routes: []string{route}, mapping: parse(t, ""), options: append(opts, middleware.WithLoggerProvider(provider)),
			handler: func(http.ResponseWriter, *http.Request) { handled.Add(1) }})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for handled.Load() < 40 {
					call(t, s, "bob", "")
				}
			})
		}
		wg.Wait()
		s.shutDown()
		if err := provider.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		ids := 0
		store.ids.Range(func(any, any) bool { ids++; return true })
		if n := handled.Load(); store.records.Load() != n || ids != int(n) {
			t.Errorf("%d records with %d ids are exported of %d requests", store.records.Load(), ids, n)
		}
	})
}
