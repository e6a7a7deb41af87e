package activitylogtest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// A fakeTB notes what a test would say.
type fakeTB struct {
	testing.TB
	errors []string
	fatal  string
}

func (f *fakeTB) Helper() {}

func (f *fakeTB) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func (f *fakeTB) Fatalf(format string, args ...any) {
	f.fatal = fmt.Sprintf(format, args...)
	panic(f)
}

// check returns what Check makes of a router and a mapping.
func check(t *testing.T, router any, yaml string) (f *fakeTB) {
	t.Helper()
	m, err := mapping.Parse("activity.yaml", []byte("version: 1\n"+yaml))
	if err != nil {
		t.Fatal(err)
	}
	f = new(fakeTB)
	defer func() {
		if p := recover(); p != nil && p != f {
			panic(p)
		}
	}()
	activitylogtest.Check(f, router, m)
	return f
}

func newMux(patterns ...string) *routes.Mux {
	mux := routes.NewMux()
	for _, pattern := range patterns {
		mux.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
	}
	return mux
}

func TestCheckPasses(t *testing.T) {
	mux := newMux("POST /orgs/{org}/members", "GET /orgs", "POST /orgs/search")
	f := check(t, mux, `routes:
  POST /orgs/{org}/members: {code: org.member:invited}
  POST /orgs/search: {ignore: "a search changes nothing"}
`)
	if len(f.errors) > 0 || f.fatal != "" {
		t.Errorf("got %q, %q", f.errors, f.fatal)
	}
}

func TestCheckFails(t *testing.T) {
	mux := newMux("POST /orgs/{org}/members", "POST /orgs/search")
	f := check(t, mux, "routes:\n  POST /orgs/{org}/users: {code: org.member:joined}\n")
	if len(f.errors) != 3 || f.fatal != "" {
		t.Fatalf("got %q, %q", f.errors, f.fatal)
	}
	said := strings.Join(f.errors, "\n")
	for _, want := range []string{
		"activitylogtest/check_test.go:", // where the mux was told of the route
		"POST /orgs/{org}/members: the code org.member:created is not in the catalogue",
		`POST /orgs/search is taken for no event ("search" changes nothing)`,
		`activity.yaml:3:3: rule "POST /orgs/{org}/users" is reached by no route: was the route renamed to POST /orgs/{org}/members?`,
	} {
		if !strings.Contains(said, want) {
			t.Errorf("want %q in\n%s", want, said)
		}
	}
}

func TestCheckPastes(t *testing.T) {
	f := check(t, newMux("POST /orgs/search"), "")
	want := "(unmapped)\nto paste:\n\troutes:\n\t  POST /orgs/search: {ignore: \"it changes nothing\"}"
	if len(f.errors) != 1 || !strings.HasSuffix(f.errors[0], want) {
		t.Errorf("got %q, want %q at the end", f.errors, want)
	}
}

func TestCheckRefuses(t *testing.T) {
	tests := []struct {
		router any
		want   string
	}{
		{nil, "the router is nil"},
		{http.NewServeMux(), "routes.NewMux()"},
		{http.NotFoundHandler(), "routes"},
		{routes.NewMux(), "has no routes: hand it in after"},
		{[]routes.Route{}, "has no routes"},
	}
	for _, tt := range tests {
		if f := check(t, tt.router, ""); !strings.Contains(f.fatal, tt.want) || len(f.errors) > 0 {
			t.Errorf("%T: got %q, %q, want %q", tt.router, f.fatal, f.errors, tt.want)
		}
	}
}
