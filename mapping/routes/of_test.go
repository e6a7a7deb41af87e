package routes_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/routes"
)

// Routers of the shapes that are understood. The routers themselves are tried
// in the modules bench and middleware/ginactivity.
type (
	info     struct{ Method, Path, Handler string }
	slice    struct{ routes []info }
	pointers struct{}
	wrapper  struct{}
	chiRoute struct {
		SubRoutes interface{ Routes() []chiRoute }
		Handlers  map[string]http.Handler
		Pattern   string
	}
	chiRouter []chiRoute
	endless   struct{}
	panics    struct{}
	fieldless struct{}
	foreign   struct{}
	other     struct{}
)

func (s slice) Routes() []info              { return s.routes }
func (pointers) Routes() []*info            { return []*info{{"PUT", "/b", "main.f"}, nil} }
func (wrapper) Router() slice               { return slice{[]info{{"echo_route_any", "/b", ""}}} }
func (c chiRouter) Routes() []chiRoute      { return c }
func (endless) Routes() []chiRoute          { return []chiRoute{{SubRoutes: endless{}, Pattern: "/x/*"}} }
func (panics) Routes() []info               { panic("boom") }
func (fieldless) Routes() []struct{ X int } { return make([]struct{ X int }, 1) }
func (foreign) Routes() []struct {
	Pattern  string
	Handlers map[string]string
} {
	return []struct {
		Pattern  string
		Handlers map[string]string
	}{{Pattern: "/x"}}
}
func (other) Routes() map[string]string { return nil }

func TestOf(t *testing.T) {
	chi := chiRouter{
		{Pattern: "/z", Handlers: map[string]http.Handler{"PUT": http.HandlerFunc(inviteMember), "POST": http.HandlerFunc(inviteMember)}},
		{Pattern: "/orgs/{org}/*", Handlers: map[string]http.Handler{"*": nil}, SubRoutes: chiRouter{
			{Pattern: "/members/*", SubRoutes: chiRouter{{Pattern: "/", Handlers: map[string]http.Handler{"POST": nil}}}},
			{Pattern: "/any", Handlers: map[string]http.Handler{"*": nil, "GET": nil, "POST": nil}},
		}},
	}
	var list routes.List
	list.Add("", "/b")
	if err := list.Walk("PUT", "/a", http.HandlerFunc(inviteMember)); err != nil {
		t.Fatal(err)
	}
	list.Add("PUT", "/a")
	for _, tt := range []struct {
		name   string
		router any
		want   []string
	}{
		{"list", &list, []string{"* /b", "PUT /a"}},
		{"slice", []routes.Route{{Method: "PUT", Path: "/b"}, {Path: "/a"}, {Method: "PUT", Path: "/b"}}, []string{"PUT /b", "* /a"}},
		{"mux", routes.NewMux(), nil},
		{"like gin", slice{[]info{{"PUT", "/b", ""}, {"POST", "/b", ""}, {"POST", "/a", ""}, {"echo_route_not_found", "/*", ""}}}, []string{"POST /a", "POST /b", "PUT /b"}},
		{"like gin, pointer", &slice{}, nil},
		{"like echo 5", wrapper{}, []string{"* /b"}},
		{"like chi", chi, []string{"* /orgs/{org}/any", "POST /orgs/{org}/members/", "POST /z", "PUT /z"}},
	} {
		got, err := routes.Of(tt.router)
		if err != nil || !slices.Equal(names(got), tt.want) {
			t.Errorf("%s: got %q, %v, want %q", tt.name, names(got), err, tt.want)
		}
	}
}

func TestOfNamesHandlers(t *testing.T) {
	const long = "github.com/acme/pay/api."
	got, err := routes.Of(slice{[]info{
		{"PUT", "/a", long + "(*Server).Update-fm"},
		{"PUT", "/b", long + "Update"},
		{"PUT", "/c", "main.main.func1"},
		{"PUT", "/d", long + "(*Server).routes.func2.1"},
		{"PUT", "/e", long + "handle[...]"},
		{"PUT", "/f", "PUT:/f"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"api.(*Server).Update", "api.Update", "", "", "", ""} {
		if got[i].Operation != want {
			t.Errorf("%s is %q, want %q", got[i], got[i].Operation, want)
		}
	}
}

func TestOfRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		router any
		want   string
	}{
		{"nothing", nil, "is nil"},
		{"ServeMux", http.NewServeMux(), "routes.NewMux()"},
		{"handler", http.HandlerFunc(inviteMember), "[]routes.Route"},
		{"text", "POST /orgs", "[]routes.Route"},
		{"nil mux", (*routes.Mux)(nil), "nil pointer"},
		{"nil router", (*slice)(nil), "nil"},
		{"nil route", pointers{}, "not a router"},
		{"endless", endless{}, "more than 64 routers"},
		{"huge", slice{make([]info, 100_001)}, "more than 100000 routes"},
		{"huge list", make([]routes.Route, 100_001), "more than 100000 routes"},
		{"panics", panics{}, "boom"},
		{"fields", fieldless{}, "not a router"},
		{"like chi, nearly", foreign{}, "not a router"},
		{"no slice", other{}, "not a router"},
	} {
		list, err := routes.Of(tt.router)
		if list != nil || err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "routes: ") {
			t.Errorf("%s: got %v, %v, want an error with %q", tt.name, list, err, tt.want)
		}
	}
}
