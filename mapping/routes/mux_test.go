package routes_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/routes"
)

// says answers with what a handler sees of the request.
func says(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s path=%s pattern=%s id=%s", name, r.URL.Path, r.Pattern, r.PathValue("id"))
	}
}

func do(h http.Handler, method, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, target, nil))
	return w
}

// names returns the routes as mappings name them.
func names(list []routes.Route) []string {
	var names []string
	for _, r := range list {
		names = append(names, r.String())
	}
	return names
}

func newNested() *routes.Mux {
	members := new(routes.Mux)
	members.HandleFunc("POST /{$}", says("create"))
	members.HandleFunc("DELETE example.org/{id}", says("delete at example.org"))
	members.HandleFunc("DELETE /{id}", says("delete"))
	members.HandleFunc("/files/{id...}", says("files"))
	members.HandleFunc("PUT /tree/", says("tree"))
	v1 := routes.NewMux()
	v1.Mount("/members/", members)
	v1.Handle("GET\t/{$}", says("index"))
	mux := routes.NewMux()
	mux.HandleFunc("/health", says("health"))
	mux.Mount("/api/v1", v1)
	mux.Mount("/", v1)
	return mux
}

func TestMuxRoutes(t *testing.T) {
	got := names(newNested().Routes())
	want := []string{
		"* /health",
		"POST /api/v1/members/{$}", "DELETE /api/v1/members/{id}", "* /api/v1/members/files/{id...}",
		"PUT /api/v1/members/tree/", "GET /api/v1/{$}",
		"POST /members/{$}", "DELETE /members/{id}", "* /members/files/{id...}",
		"PUT /members/tree/", "GET /{$}",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestMuxTellsWhereARouteIsRegistered(t *testing.T) {
	sub := routes.NewMux()
	sub.HandleFunc("POST /members", inviteMember)
	mux := routes.NewMux()
	mux.Mount("/v1", sub)
	mux.Handle("PUT /members", http.NotFoundHandler())
	list := mux.Routes()
	if len(list) != 2 || list[0].Operation != "routes_test.inviteMember" {
		t.Fatalf("routes are %+v", list)
	}
	for _, r := range list {
		if filepath.Base(r.File) != "mux_test.go" || r.Line == 0 {
			t.Errorf("%s is at %s:%d, want a line of mux_test.go", r, r.File, r.Line)
		}
	}
	if list[1].Line != list[0].Line+3 {
		t.Errorf("lines are %d and %d, want three between them", list[0].Line, list[1].Line)
	}
}

func TestMuxServes(t *testing.T) {
	mux := newNested()
	for _, tt := range []struct{ method, target, want string }{
		{"GET", "/health", "health path=/health pattern=/health id="},
		{"DELETE", "/api/v1/members/7", "delete path=/7 pattern=DELETE /api/v1/members/{id} id=7"},
		{"DELETE", "http://example.org/api/v1/members/7", "delete at example.org path=/7 pattern=DELETE example.org/api/v1/members/{id} id=7"},
		{"PUT", "/api/v1/members/files/a/b", "files path=/files/a/b pattern=/api/v1/members/files/{id...} id=a/b"},
		{"GET", "/api/v1/", "index path=/ pattern=GET\t/api/v1/{$} id="},
		{"DELETE", "/members/7", "delete path=/7 pattern=DELETE /members/{id} id=7"},
	} {
		if got := do(mux, tt.method, tt.target).Body.String(); got != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.method, tt.target, got, tt.want)
		}
	}
}

// TestMountRedirects checks that a client is sent to a path that exists, not
// to the one that the handler sees.
func TestMountRedirects(t *testing.T) {
	w := do(newNested(), "PUT", "/api/v1/members/tree")
	if got := w.Header().Get("Location"); got != "/api/v1/members/tree/" {
		t.Errorf("%d to %q, want /api/v1/members/tree/", w.Code, got)
	}
}

func TestMuxPanics(t *testing.T) {
	mounted := routes.NewMux()
	mounted.HandleFunc("POST /members", inviteMember)
	routes.NewMux().Mount("/v1", mounted)
	for _, tt := range []struct {
		name string
		f    func(*routes.Mux)
		want string
	}{
		{"bad pattern", func(m *routes.Mux) { m.HandleFunc("POST orgs", inviteMember) }, "parsing"},
		{"no handler", func(m *routes.Mux) { m.HandleFunc("POST /orgs", nil) }, "nil handler"},
		{"conflict", func(m *routes.Mux) {
			m.HandleFunc("POST /orgs/{org}", inviteMember)
			m.Handle("POST /orgs/{id}", http.NotFoundHandler())
		}, "conflicts"},
		{"conflict with what is mounted", func(m *routes.Mux) {
			m.HandleFunc("POST /v1/members", inviteMember)
			m.Mount("/v1", mounted)
		}, "conflicts"},
		{"parameter in the prefix", func(m *routes.Mux) { m.Mount("/orgs/{org}", mounted) }, "without parameters"},
		{"prefix without a slash", func(m *routes.Mux) { m.Mount("v1", mounted) }, "without parameters"},
		{"registered after it was mounted", func(*routes.Mux) { mounted.HandleFunc("PUT /members", inviteMember) }, `below "/v1/"`},
	} {
		func() {
			defer func() {
				if p := fmt.Sprint(recover()); !strings.Contains(p, tt.want) {
					t.Errorf("%s: panic with %q, want %q", tt.name, p, tt.want)
				}
			}()
			tt.f(routes.NewMux())
		}()
	}
}
