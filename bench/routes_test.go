package bench

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	echo4 "github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/routes"
	"github.com/activitylog-go/activitylog/middleware"
)

func through(next http.Handler) http.Handler { return next }

func renameMember4(echo4.Context) error { return nil }

func renameMember5(*echo5.Context) error { return nil }

func chiAPI() chi.Router {
	members := chi.NewRouter()
	members.Post("/", nothing)
	members.With(through).Patch("/{member:[a-z]+}", nothing)
	r := chi.NewRouter()
	r.Route("/orgs/{org}", func(r chi.Router) {
		r.Mount("/members", members)
		r.Delete("/", nothing)
	})
	r.Group(func(r chi.Router) {
		r.Use(through)
		r.Put("/files/*", nothing)
	})
	r.Handle("/hook", http.NotFoundHandler())
	r.Mount("/legacy", http.NotFoundHandler())
	return r
}

func gorillaAPI() *mux.Router {
	r := mux.NewRouter()
	orgs := r.PathPrefix("/orgs/{org}").Subrouter()
	orgs.HandleFunc("/members", nothing).Methods("POST", "GET").Name("members")
	orgs.HandleFunc("/members/{member:[a-z]+}", nothing).Methods("PATCH")
	posts := r.Methods("POST").Subrouter()
	posts.HandleFunc("/login", nothing)
	r.Handle("/hook", http.NotFoundHandler())
	r.Host("example.org").HandlerFunc(nothing) // has no path
	return r
}

func echo4API() *echo4.Echo {
	e := echo4.New()
	g := e.Group("/orgs/:org", func(next echo4.HandlerFunc) echo4.HandlerFunc { return next })
	g.PATCH("/members/:member", renameMember4)
	e.PUT("/files/*", renameMember4).Name = "putFile"
	return e
}

func echo5API() *echo5.Echo {
	e := echo5.New()
	g := e.Group("/orgs/:org", func(next echo5.HandlerFunc) echo5.HandlerFunc { return next })
	g.PATCH("/members/:member", renameMember5)
	e.Any("/hook", renameMember5)
	return e
}

// TestRoutesOf lists the routes of other routers.
func TestRoutesOf(t *testing.T) {
	for _, tt := range []struct {
		name   string
		router any
		want   []string
	}{
		{"chi", chiAPI(), []string{
			"PUT /files/* bench.nothing",
			"* /hook http.NotFound",
			"* /legacy/*",
			"DELETE /orgs/{org}/ bench.nothing",
			"POST /orgs/{org}/members/ bench.nothing",
			"PATCH /orgs/{org}/members/{member:[a-z]+} bench.nothing",
		}},
		{"gorilla", gorillaAPI(), []string{
			"POST /orgs/{org}/members members",
			"GET /orgs/{org}/members members",
			"PATCH /orgs/{org}/members/{member:[a-z]+} bench.nothing",
			"POST /login bench.nothing",
			"* /hook http.NotFound",
		}},
		{"echo 4", echo4API(), []string{
			"PUT /files/* putFile",
			"PATCH /orgs/:org/members/:member bench.renameMember4",
		}},
		{"echo 5", echo5API(), []string{
			"* /hook",
			"PATCH /orgs/:org/members/:member",
		}},
	} {
		list, err := routes.Of(tt.router)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for _, r := range list {
			got = append(got, strings.TrimSpace(r.String()+" "+r.Operation))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, strings.Join(got, "\n     "), strings.Join(tt.want, "\n     "))
		}
	}
}

// TestRoutesWalked checks that chi's own walk finds what Of finds.
func TestRoutesWalked(t *testing.T) {
	r := chiAPI()
	found, err := routes.Of(r)
	if err != nil {
		t.Fatal(err)
	}
	var list routes.List
	if err := chi.Walk(r, list.Walk); err != nil {
		t.Fatal(err)
	}
	walked := list.Routes()
	if len(walked) < 4 {
		t.Fatalf("chi walks %d routes", len(walked))
	}
	covers := func(w routes.Route) func(routes.Route) bool {
		return func(f routes.Route) bool { return f.Path == w.Path && (f.Method == "" || f.Method == w.Method) }
	}
	for _, w := range walked {
		if !slices.ContainsFunc(found, covers(w)) {
			t.Errorf("chi.Walk finds %s, Of does not", w)
		}
	}
	for _, f := range found {
		if !slices.ContainsFunc(walked, func(w routes.Route) bool { return covers(w)(f) }) {
			t.Errorf("Of finds %s, chi.Walk does not", f)
		}
	}
}

// TestRoutesAreThoseOfEvents checks that a mounted route is listed as the
// middleware sees it, whether it asks the mux or the request.
func TestRoutesAreThoseOfEvents(t *testing.T) {
	api := routes.NewMux()
	api.HandleFunc("PATCH /orgs/{org}/members/{member}", nothing)
	m := routes.NewMux()
	m.Mount("/api/v1", api)
	for _, opts := range [][]middleware.Option{nil, {middleware.WithServeMux(m.ServeMux())}} {
		rec := new(activitylogtest.Recorder)
		h := middleware.New(mapping.Default(), append(opts, middleware.WithLoggerProvider(rec))...)(m)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PATCH", "/api/v1/orgs/acme/members/bob", nil))
		events := rec.Events()
		if len(events) != 1 || events[0].HTTP.Route != m.Routes()[0].Path || events[0].Target().ID != "bob" {
			t.Errorf("events are %+v, want one of %s on bob", events, m.Routes()[0])
		}
	}
}
