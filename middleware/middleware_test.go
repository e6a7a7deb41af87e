package middleware_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

func TestEvent(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, r *http.Request) {
		d := activitylog.From(r.Context())
		d.SetActor(activitylog.Actor{ID: "usr_ann", Name: "Ann Lee"})
		d.AddChange("/role", "viewer", "admin")
		d.SetReason("promotion")
		d.Set("plan", "gold")
	})
	s := serve(t, middleware.New(inferred(t),
		middleware.WithLoggerProvider(rec),
		middleware.WithClock(func() time.Time { return noon }),
		middleware.WithRequestID(func(r *http.Request) string { return r.Header.Get("X-Request-Id") }),
		middleware.WithSession(func(*http.Request) string { return "ses_1" }),
	)(mux))
	do(t, s, "PATCH", "/orgs/acme/members/b%20ob?token=secret", "User-Agent", "test/1", "X-Request-Id", "req_1", "X-Forwarded-For", "203.0.113.9")

	e := only(t, rec)
	if e.Code != "org.member:updated" || e.Tenant != "acme" || e.Outcome != activitylog.Success || !e.Time.Equal(noon) {
		t.Errorf("event is %s of tenant %q, %s, at %v", e.Code, e.Tenant, e.Outcome, e.Time)
	}
	if e.Actor.ID != "usr_ann" || e.Actor.Type != activitylog.User || e.Reason != "promotion" || len(e.Changes) != 1 || len(e.Attributes) != 1 {
		t.Errorf("what the handler said became %+v", e)
	}
	if got := e.Target(); got.Type != "member" || got.ID != "b ob" {
		t.Errorf("target is %+v, want member %q", got, "b ob")
	}
	if want := (activitylog.HTTP{Method: "PATCH", Route: "/orgs/{org}/members/{member}", Path: "/orgs/acme/members/b%20ob", Status: 200}); e.HTTP != want {
		t.Errorf("HTTP is %+v, want %+v", e.HTTP, want)
	}
	if want := (activitylog.Source{ClientAddress: "127.0.0.1", PeerAddress: "127.0.0.1", UserAgent: "test/1", SessionID: "ses_1", RequestID: "req_1"}); e.Source != want {
		t.Errorf("source is %+v, want %+v", e.Source, want)
	}
}

// TestNoEvent lists requests that are none.
func TestNoEvent(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	meter := newCounters()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orgs/{org}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("PUT /orgs/{org}/", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("PUT /things/{id}/lock/{$}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /orgs/{org}/members/search", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /orgs/{org}/keys", func(_ http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).Suppress("a replay")
	})
	s := serve(t, middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithMeterProvider(meter))(mux))
	for _, tt := range []struct {
		name, method, path string
		status             int
	}{
		{"read", "GET", "/orgs/acme", 200},
		{"head", "HEAD", "/orgs/acme", 200},
		{"preflight", "OPTIONS", "/orgs/acme", 405},
		{"no route", "DELETE", "/nowhere/7", 404},
		{"route of another method", "DELETE", "/orgs/acme", 405},
		{"redirect to the clean path", "PUT", "/things//7", 307},
		{"redirect to the clean path of a subtree", "PUT", "/orgs//acme/", 307},
		{"redirect to the slash", "PUT", "/things/7/lock", 307},
		{"redirect to the subtree", "PUT", "/orgs/acme", 307},
		{"search", "POST", "/orgs/acme/members/search", 200},
		{"suppressed", "POST", "/orgs/acme/keys", 200},
	} {
		if got := do(t, s, tt.method, tt.path); got != tt.status {
			t.Errorf("%s: status is %d, want %d", tt.name, got, tt.status)
		}
	}
	s.Close() // waits for the handlers
	if events := rec.Events(); len(events) > 0 {
		t.Errorf("got events: %+v", events)
	}
	got := meter.read(t)
	if got["activitylog.requests.ignored"] != 1 || got["activitylog.requests.unmapped"] != 0 || got["activitylog.events.suppressed"] != 1 || got["activitylog.requests.unrouted"] != 0 {
		t.Errorf("counters are %v, want the search ignored, the keys suppressed, nothing unrouted", got)
	}
}

func TestOutcome(t *testing.T) {
	for _, tt := range []struct {
		status  int
		say     activitylog.Outcome
		outcome activitylog.Outcome
		errType string
	}{
		{200, "", activitylog.Success, ""},
		{303, "", activitylog.Success, ""},
		{401, "", activitylog.Denied, ""},
		{403, "", activitylog.Denied, ""},
		{404, "", activitylog.Failure, "404"},
		{429, "", activitylog.Denied, ""},
		{500, "", activitylog.Failure, "500"},
		{200, activitylog.Failure, activitylog.Failure, ""},
		{404, activitylog.Denied, activitylog.Denied, ""},
	} {
		rec := new(activitylogtest.Recorder)
		mux := http.NewServeMux()
		mux.HandleFunc("DELETE /orgs/{org}", func(w http.ResponseWriter, r *http.Request) {
			activitylog.From(r.Context()).SetOutcome(tt.say)
			w.WriteHeader(tt.status)
		})
		h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec))(mux)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("DELETE", "/orgs/acme", nil))
		if e := only(t, rec); e.Outcome != tt.outcome || e.ErrorType != tt.errType || e.HTTP.Status != tt.status {
			t.Errorf("status %d, said %q: event has %d, %q, %q, want %q, %q", tt.status, tt.say, e.HTTP.Status, e.Outcome, e.ErrorType, tt.outcome, tt.errType)
		}
	}
}

//go:noinline
func explode() { panic("oh") }

// TestPanicKeepsItsStack recovers outside of the middleware, as net/http does,
// and looks for the function that panicked.
func TestPanicKeepsItsStack(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /orgs/{org}", func(http.ResponseWriter, *http.Request) { explode() })
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec))(mux)
	func() {
		defer func() {
			if cause := recover(); cause != "oh" {
				t.Errorf("recovered %v, want the handler's panic", cause)
			}
			if stack := string(debug.Stack()); !strings.Contains(stack, "middleware_test.explode") {
				t.Errorf("the stack has lost the function that panicked:\n%s", stack)
			}
		}()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("DELETE", "/orgs/acme", nil))
	}()
	if e := only(t, rec); e.Outcome != activitylog.Failure || e.ErrorType != "panic" || e.HTTP.Status != 500 {
		t.Errorf("event is %s, %q, %d, want failure, panic, 500", e.Outcome, e.ErrorType, e.HTTP.Status)
	}
}

// TestWhoSpeaks sets the actor where applications do.
func TestWhoSpeaks(t *testing.T) {
	ann := activitylog.Actor{ID: "usr_ann"}
	type key struct{}
	say := func(r *http.Request) { activitylog.From(r.Context()).SetActor(ann) }
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for _, tt := range []struct {
		name    string
		handler http.Handler
		opts    []middleware.Option
		outcome activitylog.Outcome
		actor   string
	}{
		{"handler", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { say(r) }), nil, activitylog.Success, "usr_ann"},
		{"derived context", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			say(r.WithContext(context.WithValue(r.Context(), key{}, 1)))
		}), nil, activitylog.Success, "usr_ann"},
		{"goroutines", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() { say(r) })
			}
			wg.Wait()
		}), nil, activitylog.Success, "usr_ann"},
		{"authentication that refuses", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			say(r)
			http.Error(w, "no", http.StatusUnauthorized)
		}), nil, activitylog.Denied, "usr_ann"},
		{"option", ok, []middleware.Option{middleware.WithActor(func(*http.Request) activitylog.Actor { return ann })}, activitylog.Success, "usr_ann"},
		{"option after the handler", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			r.Header.Set("X-Verified", "usr_ann")
		}), []middleware.Option{middleware.WithActor(func(r *http.Request) activitylog.Actor {
			return activitylog.Actor{ID: r.Header.Get("X-Verified")}
		})}, activitylog.Success, "usr_ann"},
		{"handler before option", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { say(r) }),
			[]middleware.Option{middleware.WithActor(func(*http.Request) activitylog.Actor { return activitylog.Actor{ID: "eve"} })}, activitylog.Success, "usr_ann"},
		{"option that panics", ok, []middleware.Option{middleware.WithActor(func(*http.Request) activitylog.Actor { panic("oh") })}, activitylog.Success, ""},
		{"header", ok, nil, activitylog.Success, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			listen(t)
			rec := new(activitylogtest.Recorder)
			mux := http.NewServeMux()
			mux.Handle("PUT /things/{id}", tt.handler)
			h := middleware.New(inferred(t), append(tt.opts, middleware.WithLoggerProvider(rec))...)(mux)
			do(t, serve(t, h), "PUT", "/things/1", "X-User-Id", "eve", "X-Activitylog-Suppress", "1")
			if e := only(t, rec); e.Actor.ID != tt.actor || e.Outcome != tt.outcome {
				t.Errorf("actor is %q, %s, want %q, %s", e.Actor.ID, e.Outcome, tt.actor, tt.outcome)
			}
		})
	}
}

func TestTenant(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	said := ""
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /orgs/{org}/things/{id}", func(_ http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).SetTenant(said)
	})
	withOption := middleware.New(inferred(t), middleware.WithLoggerProvider(rec),
		middleware.WithTenant(func(r *http.Request) string { return "option of " + r.PathValue("org") }))(mux)
	without := middleware.New(inferred(t), middleware.WithLoggerProvider(rec))(mux)
	for _, tt := range []struct {
		said, want string
		h          http.Handler
	}{
		{"", "acme", without},
		{"", "option of acme", withOption},
		{"globex", "globex", withOption},
		{"globex", "globex", without},
	} {
		said = tt.said
		rec.Reset()
		tt.h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/orgs/acme/things/1", nil))
		if e := only(t, rec); e.Tenant != tt.want {
			t.Errorf("tenant is %q, want %q", e.Tenant, tt.want)
		}
	}
}

// TestFormFilesAreRemoved uploads a file that net/http keeps on disk. The
// server removes it by the form in its own request.
func TestFormFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /things", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1); err != nil {
			http.Error(w, err.Error(), 400)
		}
		left, _ := os.ReadDir(dir)
		fmt.Fprint(w, len(left))
	})
	s := serve(t, middleware.New(inferred(t), middleware.WithLoggerProvider(new(activitylogtest.Recorder)))(mux))
	body := "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n" + strings.Repeat("x", 11<<20) + "\r\n--x--\r\n"
	resp, err := http.Post(s.URL+"/things", "multipart/form-data; boundary=x", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); string(b) != "1" {
		t.Fatalf("the handler saw %s files, want 1", b)
	}
	s.Close() // waits for the request to be finished
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d files of uploads are left", len(left))
	}
}

// TestPassesWithoutAllocating measures what the middleware adds to requests
// that cannot be events.
func TestPassesWithoutAllocating(t *testing.T) {
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	activity := middleware.New(inferred(t), middleware.WithLoggerProvider(new(activitylogtest.Recorder)), middleware.WithMeterProvider(newCounters()))
	mux := http.NewServeMux()
	mux.Handle("POST /orgs/{org}/search", activity(ok))
	bare := http.NewServeMux()
	bare.Handle("POST /orgs/{org}/search", ok)
	for _, tt := range []struct {
		name      string
		h, before http.Handler
		method    string
	}{
		{"method that cannot be one", activity(ok), ok, "GET"},
		{"route without a rule, per route", mux, bare, "POST"},
	} {
		allocs := func(h http.Handler) float64 {
			r := httptest.NewRequest(tt.method, "/orgs/acme/search", nil)
			w := httptest.NewRecorder()
			return allocsOf(func() { h.ServeHTTP(w, r) })
		}
		if with, without := allocs(tt.h), allocs(tt.before); with > without {
			t.Errorf("%s: %v allocations, without the middleware %v", tt.name, with, without)
		}
	}
}
