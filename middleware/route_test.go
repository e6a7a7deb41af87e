package middleware_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// copies is a middleware that hides the mux's pattern, as those do that put
// something into the request's context.
func copies(next http.Handler) http.Handler {
	type key struct{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, 1)))
	})
}

func refuses(http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
}

// TestRoute installs the middleware in the places where people do.
func TestRoute(t *testing.T) {
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	newMux := func() *http.ServeMux {
		mux := http.NewServeMux()
		mux.Handle("PATCH /orgs/{org}/members/{member}", ok)
		mux.Handle("DELETE example.test/orgs/{org}", ok)
		mux.Handle("/orgs/{org}/notes/{note}", ok) // without a method
		mux.Handle("PUT /orgs/{org}/files/{path...}", ok)
		return mux
	}
	type wrap = func(http.Handler) http.Handler
	for _, tt := range []struct {
		name    string
		handler func(activity func(...middleware.Option) wrap) http.Handler
	}{
		{"around the mux", func(a func(...middleware.Option) wrap) http.Handler { return a()(newMux()) }},
		{"around a copy", func(a func(...middleware.Option) wrap) http.Handler {
			mux := newMux()
			return a(middleware.WithServeMux(mux))(copies(mux))
		}},
		{"inside of a copy", func(a func(...middleware.Option) wrap) http.Handler { return copies(a()(newMux())) }},
		{"twice", func(a func(...middleware.Option) wrap) http.Handler { return a()(a()(newMux())) }},
		{"in each route", func(a func(...middleware.Option) wrap) http.Handler {
			mux := http.NewServeMux()
			for _, p := range []string{"PATCH /orgs/{org}/members/{member}", "DELETE example.test/orgs/{org}", "/orgs/{org}/notes/{note}", "PUT /orgs/{org}/files/{path...}"} {
				mux.Handle(p, a()(copies(ok)))
			}
			return mux
		}},
		{"under a mount", func(a func(...middleware.Option) wrap) http.Handler {
			outer := http.NewServeMux()
			outer.Handle("/", a()(newMux()))
			return outer
		}},
		{"around a mount", func(a func(...middleware.Option) wrap) http.Handler {
			outer := http.NewServeMux()
			outer.Handle("/", newMux())
			return a()(outer)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			s := serve(t, tt.handler(func(opts ...middleware.Option) wrap {
				return middleware.New(inferred(t), append(opts, middleware.WithLoggerProvider(rec))...)
			}))
			for _, rr := range []struct{ method, path, host, code, route, id string }{
				{"PATCH", "/orgs/acme/members/bob", "", "org.member:updated", "/orgs/{org}/members/{member}", "bob"},
				{"PATCH", "/orgs/acme/members/a%2Fb", "", "org.member:updated", "/orgs/{org}/members/{member}", "a/b"},
				{"PATCH", "/orgs/acme/members/%7Bmember%7D", "", "org.member:updated", "/orgs/{org}/members/{member}", "{member}"},
				{"DELETE", "/orgs/acme", "example.test", "org:deleted", "/orgs/{org}", "acme"},
				{"DELETE", "/orgs/acme/notes/7", "", "note:deleted", "/orgs/{org}/notes/{note}", "7"},
				{"PUT", "/orgs/acme/files/a/b.txt", "", "file:updated", "/orgs/{org}/files/{path...}", "a/b.txt"},
			} {
				rec.Reset()
				req, _ := http.NewRequest(rr.method, s.URL+rr.path, nil)
				req.Host = rr.host
				resp, err := s.Client().Do(req)
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				e := only(t, rec)
				if string(e.Code) != rr.code || e.HTTP.Route != rr.route || e.Target().ID != rr.id || e.Tenant != "acme" {
					t.Errorf("%s %s is %s on %q, target %q, tenant %q, want %s on %q, target %q", rr.method, rr.path, e.Code, e.HTTP.Route, e.Target().ID, e.Tenant, rr.code, rr.route, rr.id)
				}
			}
		})
	}
}

// TestUnrouted checks that a request whose route is hidden is no silent loss.
func TestUnrouted(t *testing.T) {
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	mux := http.NewServeMux()
	mux.Handle("PUT /things/{id}", ok)
	inner := http.NewServeMux()
	inner.Handle("PUT /things/{id}", ok)
	mux.Handle("/api/", http.StripPrefix("/api", inner))
	mux.HandleFunc("POST /forms", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusSeeOther) })
	for _, tt := range []struct {
		name   string
		next   http.Handler
		opts   []middleware.Option
		path   string
		events int
		lost   int64
	}{
		{"copy", copies(mux), nil, "/things/1", 0, 2},
		{"copy, no such path", copies(mux), nil, "/nowhere", 0, 0},
		{"copy, mux known", copies(mux), []middleware.Option{middleware.WithServeMux(mux)}, "/things/1", 2, 0},
		{"refused before the mux", refuses(mux), nil, "/things/1", 0, 2},
		{"refused before the mux, mux known", refuses(mux), []middleware.Option{middleware.WithServeMux(mux)}, "/things/1", 2, 0},
		{"refused before the mux, mux known, no such path", refuses(mux), []middleware.Option{middleware.WithServeMux(mux)}, "/nowhere", 0, 0},
		{"copy, sent to another page after it", copies(mux), nil, "/forms", 0, 2},
		{"mount, refused before it, mux known", refuses(mux), []middleware.Option{middleware.WithServeMux(mux)}, "/api/things/1", 0, 2},
		{"mount", mux, nil, "/api/things/1", 0, 2},
		{"mount, no such path", mux, nil, "/api/nowhere", 0, 0},
		{"route told", copies(ok), []middleware.Option{middleware.WithRoute(func(*http.Request) string { return "/things/{id}" })}, "/things/1", 2, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			heard := listen(t)
			rec := new(activitylogtest.Recorder)
			meter := newCounters()
			s := serve(t, middleware.New(inferred(t), append(tt.opts, middleware.WithLoggerProvider(rec), middleware.WithMeterProvider(meter))...)(tt.next))
			method := "PUT"
			if tt.path == "/forms" {
				method = "POST"
			}
			do(t, s, method, tt.path)
			do(t, s, method, tt.path)
			s.Close()
			if n := len(rec.Events()); n != tt.events {
				t.Errorf("%d events, want %d", n, tt.events)
			}
			if n := meter.read(t)["activitylog.requests.unrouted"]; n != tt.lost {
				t.Errorf("%d requests are counted as unrouted, want %d", n, tt.lost)
			}
			for _, e := range rec.Events() {
				if e.Target() != (activitylog.Target{Type: "thing", ID: "1"}) {
					t.Errorf("target is %+v, want thing 1", e.Target())
				}
			}
			if got := heard.list(); tt.lost == 0 && len(got) != 0 || tt.lost > 0 && (len(got) != 1 || !strings.Contains(got[0], "WithServeMux")) {
				t.Errorf("otel.Handle was told %q, want the remedy once if requests are lost", got)
			}
		})
	}
}

// TestSlash uses routes that end in a slash: where another router may go on,
// there is an event only for the path of the route itself.
func TestSlash(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orgs/", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/teams/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/teams/" && r.Method == "PUT" {
			http.NotFound(w, r) // as a router would
		}
	})
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
	for _, tt := range []struct {
		method, path string
		code         activitylog.Code
		lost         int64
	}{
		{"POST", "/orgs/", "org:created", 0},
		{"POST", "/orgs/acme", "", 1},
		{"POST", "/teams/", "team:created", 0},
		{"PUT", "/teams/", "", 0},
		{"PUT", "/teams/7", "", 1},
		{"POST", "/", "", 1},
	} {
		heard := listen(t)
		rec := new(activitylogtest.Recorder)
		meter := newCounters()
		h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithMeterProvider(meter))(mux)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(tt.method, tt.path, nil))
		var code activitylog.Code
		for _, e := range rec.Events() {
			code += e.Code
		}
		if lost := meter.read(t)["activitylog.requests.unrouted"]; code != tt.code || lost != tt.lost {
			t.Errorf("%s %s is %q, %d lost, want %q, %d", tt.method, tt.path, code, lost, tt.code, tt.lost)
		}
		if got := heard.list(); tt.lost > 0 && (len(got) != 1 || !strings.Contains(got[0], "in the mapping")) {
			t.Errorf("%s %s: otel.Handle was told %q", tt.method, tt.path, got)
		}
	}
}

// TestChangedPath puts a layer that mends the path between the middleware and
// a mux that is hidden: a slash too many must not hide what was done.
func TestChangedPath(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(http.ResponseWriter, *http.Request) {})
	trims := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = strings.TrimSuffix(r.URL.Path, "/")
		copies(mux).ServeHTTP(w, r)
	})
	rec := new(activitylogtest.Recorder)
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithServeMux(mux))(trims)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PATCH", "/orgs/acme/members/bob/", nil))
	if e := only(t, rec); e.Tenant != "acme" || e.Target().ID != "bob" || e.HTTP.Path != "/orgs/acme/members/bob/" {
		t.Errorf("tenant is %q, target %q, path %q", e.Tenant, e.Target().ID, e.HTTP.Path)
	}
}

// TestReads names one read among routes for files and pages, which are no
// events and none that might be lost.
func TestReads(t *testing.T) {
	heard := listen(t)
	rec := new(activitylogtest.Recorder)
	meter := newCounters()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orgs/{org}/statements/{id}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /orgs/{org}", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {}) // as http.FileServer
	m := parse(t, "version: 1\nroutes:\n  GET /orgs/{org}/statements/{id}: {code: statement:viewed}\n")
	h := middleware.New(m, middleware.WithLoggerProvider(rec), middleware.WithMeterProvider(meter))(mux)
	for _, path := range []string{"/", "/app.css", "/orgs/acme", "/orgs/acme/statements/7"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil))
	}
	if e := only(t, rec); e.Code != "statement:viewed" || e.Target().ID != "7" {
		t.Errorf("event is %s of %q", e.Code, e.Target().ID)
	}
	if got := meter.read(t); len(heard.list()) > 0 || got["activitylog.requests.unrouted"]+got["activitylog.requests.unmapped"] > 0 {
		t.Errorf("counters are %v, otel.Handle was told %q, want nothing of reads", got, heard.list())
	}
}

// TestRoutePanics asks for the route where the router does not know it yet, as
// with a nil route of gorilla/mux.
func TestRoutePanics(t *testing.T) {
	heard := listen(t)
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithRoute(func(*http.Request) string { panic("oh") }))(mux)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("PUT", "/things/1", nil))
	if e := only(t, rec); w.Code != 204 || e.Code != "thing:updated" {
		t.Errorf("status is %d, event %s, want 204, thing:updated", w.Code, e.Code)
	}
	if got := heard.list(); len(got) == 0 || !strings.Contains(got[0], "WithRoute") {
		t.Errorf("otel.Handle was told %q, want the option that panicked", got)
	}
}

// TestMethodOverride lets a middleware further in change the method, as those
// do that serve HTML forms.
func TestMethodOverride(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /things/{id}", func(http.ResponseWriter, *http.Request) {})
	override := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Method = r.Header.Get("X-HTTP-Method-Override")
		mux.ServeHTTP(w, r)
	})
	for _, opts := range [][]middleware.Option{nil, {middleware.WithServeMux(mux)}} {
		rec := new(activitylogtest.Recorder)
		s := serve(t, middleware.New(inferred(t), append(opts, middleware.WithLoggerProvider(rec))...)(override))
		do(t, s, "POST", "/things/1", "X-HTTP-Method-Override", "DELETE")
		if e := only(t, rec); e.Code != "thing:deleted" || e.HTTP.Method != "POST" {
			t.Errorf("event is %s by %s, want thing:deleted by POST", e.Code, e.HTTP.Method)
		}
	}
}

// TestSeveralParams has a route of a router that allows more than one
// parameter between two slashes.
func TestSeveralParams(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	route := func(*http.Request) string { return "/maps/{x}-{y}/pins/{pin}" }
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	h := middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithRoute(route))(ok)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PUT", "/maps/1-2/pins/3", nil))
	if e := only(t, rec); e.Target() != (activitylog.Target{Type: "pin", ID: "3"}) {
		t.Errorf("target is %+v, want pin 3", e.Target())
	}
}

// TestOtherRouter uses a router that keeps its template and its parameters in
// ways of its own.
func TestOtherRouter(t *testing.T) {
	router := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, version, _ := strings.Cut(r.URL.Path, "@")
		r.SetPathValue("version", version)
	})
	rec := new(activitylogtest.Recorder)
	route := func(r *http.Request) string {
		if r.PathValue("version") == "" {
			return "" // not routed yet
		}
		return "/things/{name}@{version}"
	}
	s := serve(t, middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithRoute(route))(router))
	do(t, s, "PUT", "/things/a@7")
	if e := only(t, rec); e.Code != "thing:updated" || e.Target().ID != "7" {
		t.Errorf("event is %s of %q, want thing:updated of 7", e.Code, e.Target().ID)
	}
}

// TestStrippedPrefix checks that the path is that which the client sent.
func TestStrippedPrefix(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(http.ResponseWriter, *http.Request) {})
	rec := new(activitylogtest.Recorder)
	s := serve(t, http.StripPrefix("/api", middleware.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithServeMux(mux))(copies(mux))))
	do(t, s, "PUT", "/api/things/7?q=1")
	if e := only(t, rec); e.HTTP.Path != "/api/things/7" || e.Target().ID != "7" {
		t.Errorf("path is %q, target %q, want /api/things/7, 7", e.HTTP.Path, e.Target().ID)
	}
}

// TestOuterSeesPattern checks that the copy which carries the draft hides the
// pattern from nobody.
func TestOuterSeesPattern(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(_ http.ResponseWriter, r *http.Request) { r.ParseForm() })
	activity := middleware.New(inferred(t), middleware.WithLoggerProvider(new(activitylogtest.Recorder)))(mux)
	var pattern, id, form string
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		activity.ServeHTTP(w, r)
		pattern, id, form = r.Pattern, r.PathValue("id"), r.Form.Get("q")
		if activitylog.From(r.Context()) != nil {
			t.Error("the outer request's context has changed")
		}
	}))
	do(t, s, "PUT", "/things/7?q=x")
	s.Close()
	if pattern != "PUT /things/{id}" || id != "7" || form != "x" {
		t.Errorf("an outer middleware sees pattern %q, id %q, form %q", pattern, id, form)
	}
}
