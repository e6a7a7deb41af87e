package route_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

func TestParse(t *testing.T) {
	tests := []struct {
		pattern string
		method  string
		path    string
		shape   string
		params  string
	}{
		{"PATCH /orgs/{org}", "PATCH", "/orgs/{org}", "/orgs/{}", "org"},
		{"example.org/orgs/{org}", "", "/orgs/{org}", "/orgs/{}", "org"},
		{"PUT \t example.org:80/orgs", "PUT", "/orgs", "/orgs", ""},
		{"/orgs/:org/*rest", "", "/orgs/{org}/{rest...}", "/orgs/{}/{...}", "org rest"},
		{"/orgs/{org:[a-z]{2,3}/x}/m", "", "/orgs/{org}/m", "/orgs/{}/m", "org"},
		{"/files/{path:.*}", "", "/files/{path...}", "/files/{...}", "path"},
		{"/files/{rest...}", "", "/files/{rest...}", "/files/{...}", "rest"},
		{"/files/*", "", "/files/{...}", "/files/{...}", ""},
		{"/orgs/{$}", "", "/orgs/", "/orgs", ""},
		{"/{$}", "", "/", "/", ""},
		{"", "", "/", "/", ""},
		{"/", "", "/", "/", ""},
		{"/v1/{name=users/*}:activate", "", "/v1/{name}:activate", "/v1/{}:activate", "name"},
		{"/users/{id}.json", "", "/users/{id}.json", "/users/{}.json", "id"},
		{"/users/:id?", "", "/users/{id}", "/users/{}", "id"},
		{"/a/{b}-{c}/d", "", "/a/{b}-{c}/d", "/a/{}-{}/d", "b c"},
		{"/a/{b", "", "/a/{b", "/a/{b", ""},
		{"/a/b}/c", "", "/a/b}/c", "/a/b}/c", ""},
	}
	for _, tt := range tests {
		method, path := route.Cut(tt.pattern)
		got := route.Parse(path)
		params := strings.Join(got.Params, " ")
		if method != tt.method || got.Path != tt.path || got.Shape != tt.shape || params != tt.params {
			t.Errorf("%q: got %q %q %q %q, want %q %q %q %q", tt.pattern,
				method, got.Path, got.Shape, params, tt.method, tt.path, tt.shape, tt.params)
		}
	}
}

func TestSegments(t *testing.T) {
	got := route.Parse("/orgs/users('{id}')/{id}:activate/{id}.json/users:batchGet").Segments
	want := []route.Segment{
		{Word: "orgs"},
		{Word: "users", Params: 1},
		{Verb: "activate", Params: 1},
		{Params: 1},
		{Word: "users", Verb: "batchGet"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// FuzzParse checks that what Parse spells reads the same again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"/orgs/{org}", "/orgs/:org/*rest", "/{a:[{}/]}/x", "/{$}", "/{name=a/*}:go", "{{}", "/a//b/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_, path := route.Cut(s)
		once := route.Parse(path)
		n := 0
		for _, segment := range once.Segments {
			n += segment.Params
		}
		if n != len(once.Params) {
			t.Errorf("%q: %d parameters in segments, %d names", s, n, len(once.Params))
		}
		if !strings.HasPrefix(once.Path, "/") || !strings.HasPrefix(once.Shape, "/") {
			t.Errorf("%q: path %q and shape %q must begin with a slash", s, once.Path, once.Shape)
		}
	})
}
