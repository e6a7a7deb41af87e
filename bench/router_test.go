package bench

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/gorilla/mux"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	metricnoop "go.opentelemetry.io/otel/metric/noop"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

type wrap = func(http.Handler) http.Handler

// copies hides what a router leaves in the request that it is given.
func copies(next http.Handler) http.Handler {
	type key struct{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, 1)))
	})
}

// chiRoute asks chi's tree for a route that need not be known yet.
func chiRoute(router chi.Routes) func(*http.Request) string {
	return func(r *http.Request) string {
		c := chi.NewRouteContext()
		if !router.Match(c, r.Method, cmp.Or(r.URL.RawPath, r.URL.Path)) {
			return ""
		}
		return c.RoutePattern()
	}
}

func gorillaRoute(r *http.Request) string {
	if route := mux.CurrentRoute(r); route != nil {
		template, _ := route.GetPathTemplate()
		return template
	}
	return ""
}

func newChi(use ...wrap) chi.Router {
	r := chi.NewRouter()
	for _, u := range use {
		r.Use(u)
	}
	r.Route("/orgs/{org}", func(r chi.Router) {
		r.Patch("/members/{member:[a-z]+}", nothing)
		r.Get("/members/{member:[a-z]+}", nothing)
	})
	return r
}

func newGorilla(use ...mux.MiddlewareFunc) *mux.Router {
	r := mux.NewRouter()
	r.Use(use...)
	r.HandleFunc("/orgs/{org}/members/{member:[a-z]+}", nothing).Methods("PATCH", "GET")
	return r
}

// TestRouters installs the middleware with other routers, in the places that
// the documentation names.
func TestRouters(t *testing.T) {
	for _, tt := range []struct {
		name  string
		build func(func(...middleware.Option) wrap) http.Handler
	}{
		{"chi, Use", func(a func(...middleware.Option) wrap) http.Handler { return newChi(a()) }},
		{"chi, Use, with a copy behind", func(a func(...middleware.Option) wrap) http.Handler {
			r := chi.NewRouter()
			r.Use(a(middleware.WithRoute(chiRoute(r))), copies, chimiddleware.Recoverer)
			r.Mount("/", newChi())
			return r
		}},
		{"chi, outside, route asked for", func(a func(...middleware.Option) wrap) http.Handler {
			r := newChi(copies)
			return a(middleware.WithRoute(chiRoute(r)))(r)
		}},
		{"gorilla, Use", func(a func(...middleware.Option) wrap) http.Handler {
			return newGorilla(mux.MiddlewareFunc(a(middleware.WithRoute(gorillaRoute))), copies)
		}},
		{"ServeMux in otelhttp", func(a func(...middleware.Option) wrap) http.Handler {
			return otelhttp.NewHandler(a()(newMux(nothing)), "server", otelhttp.WithTracerProvider(tracer(t)), otelhttp.WithMeterProvider(metricnoop.NewMeterProvider()))
		}},
		{"ServeMux around otelhttp", func(a func(...middleware.Option) wrap) http.Handler {
			m := newMux(nothing)
			return a(middleware.WithServeMux(m))(otelhttp.NewHandler(m, "server", otelhttp.WithTracerProvider(tracer(t)), otelhttp.WithMeterProvider(metricnoop.NewMeterProvider())))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			h := tt.build(func(opts ...middleware.Option) wrap {
				return middleware.New(mapping.Default(), append(opts, middleware.WithLoggerProvider(rec))...)
			})
			for _, r := range []struct{ method, path string }{
				{"PATCH", "/orgs/acme/members/bob"},
				{"GET", "/orgs/acme/members/bob"},
				{"PATCH", "/nowhere/1"},
				{"DELETE", "/orgs/acme/members/bob"},
			} {
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(r.method, r.path, nil))
			}
			events := rec.Events()
			if len(events) != 1 {
				t.Fatalf("%d events, want 1: %+v", len(events), events)
			}
			e := events[0]
			if e.Code != "org.member:updated" || e.HTTP.Route != "/orgs/{org}/members/{member}" || e.Target().ID != "bob" || e.Outcome != activitylog.Success {
				t.Errorf("event is %s on %q, target %q, %s", e.Code, e.HTTP.Route, e.Target().ID, e.Outcome)
			}
		})
	}
}

// TestRoutesThatEndOpen has routes that end in a slash or a wildcard, where the
// router itself says that they are the whole route.
func TestRoutesThatEndOpen(t *testing.T) {
	for _, tt := range []struct {
		name, method, path string
		build              func(func(...middleware.Option) wrap) http.Handler
		code               activitylog.Code
		target             string
	}{
		{"gorilla, slash", "POST", "/orgs/", func(a func(...middleware.Option) wrap) http.Handler {
			r := newGorilla(mux.MiddlewareFunc(a(middleware.WithRoute(gorillaRoute))))
			r.HandleFunc("/orgs/", nothing).Methods("POST")
			return r
		}, "org:created", ""},
		{"chi, slash of a sub-router", "POST", "/teams", func(a func(...middleware.Option) wrap) http.Handler {
			r := newChi(a())
			r.Route("/teams", func(r chi.Router) { r.Post("/", nothing) })
			return r
		}, "team:created", ""},
		{"chi, wildcard", "PUT", "/files/a/b", func(a func(...middleware.Option) wrap) http.Handler {
			r := chi.NewRouter()
			r.Use(a(middleware.WithRoute(chiRoute(r))))
			r.Put("/files/*", nothing)
			return r
		}, "file:updated", "a/b"},
	} {
		rec := new(activitylogtest.Recorder)
		h := tt.build(func(opts ...middleware.Option) wrap {
			return middleware.New(mapping.Default(), append(opts, middleware.WithLoggerProvider(rec))...)
		})
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(tt.method, tt.path, nil))
		if events := rec.Events(); len(events) != 1 || events[0].Code != tt.code || events[0].Target().ID != tt.target {
			t.Errorf("%s: events are %+v, want %s of %q", tt.name, events, tt.code, tt.target)
		}
	}
}
