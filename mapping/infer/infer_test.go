package infer_test

import (
	"slices"
	"strings"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

func TestTarget(t *testing.T) {
	tests := []struct {
		method, path string
		kind         string
		id, tenant   int
	}{
		{"PATCH", "/orgs/{org}/members/{member}", "member", 1, 0},
		{"POST", "/orgs/{org}/members", "member", -1, 0},
		{"PATCH", "/orgs/{org}", "org", 0, 0},
		{"PUT", "/users/{u}/password", "user", 0, -1},        // the password has no id: it is the user's
		{"POST", "/users/{u}/keys/{k}/rotate", "key", 1, -1}, //
		{"DELETE", "/issues/{n}/lock", "issue", 0, -1},       //
		{"PUT", "/settings", "settings", -1, -1},             //
		{"DELETE", "/packages/{type}/{name}", "package", 1, -1},
		{"PUT", "/user/starred/{owner}/{repo}", "repo", 1, -1},
		{"PATCH", "/users/me", "user", -1, -1},
		{"PUT", "/{bucket}/{key}", "key", 1, -1},
	}
	for _, tt := range tests {
		d := infer.Decide(tt.method, route.Parse(tt.path), infer.Options{})
		if d.TargetType != tt.kind || d.TargetID != tt.id || d.Tenant != tt.tenant {
			t.Errorf("%s %s: target %s %d, tenant %d; want %s %d, %d", tt.method, tt.path,
				d.TargetType, d.TargetID, d.Tenant, tt.kind, tt.id, tt.tenant)
		}
	}
}

func TestOptions(t *testing.T) {
	o := infer.Options{
		StripPrefixes: []string{"/shop", "/shop/internal"},
		TenantParam:   "club",
		Words:         map[string]string{"folks": "member"},
		Verbs:         map[string]string{"frobnicate": "frobbed", "re-frob": "frobbed_again"},
		Aliases:       map[string]string{"commerce": "com"},
		HasCode:       func(c activitylog.Code) bool { return c == "com.scheme_item:updated" },
		HasResource:   func(r string) bool { return r == "club.member" },
	}
	tests := []struct{ method, path, want string }{
		{"POST", "/shop/internal/items", "item:created"},
		{"POST", "/shopping/items", "shopping.item:created"},
		{"DELETE", "/clubs/{club}/folks/{id}", "club.member:deleted"},
		{"DELETE", "/clubs/{club}/teams/{id}", "team:deleted"},
		{"DELETE", "/clubs/{club}", "club:deleted"},
		{"POST", "/items/{id}/frobnicate", "item:frobbed"},
		{"POST", "/items/{id}:frobnicate", "item:frobbed"},
		{"POST", "/items/{id}:re-Frob", "item:frobbed_again"},
		{"POST", "/items/{id}/twiddle", "item.twiddle:created"},
		{"PATCH", "/commerce/schemes/{s}/items/{i}", "com.scheme_item:updated"},
		{"PATCH", "/commerce/schemes/{s}", "commerce.scheme:updated"},
	}
	for _, tt := range tests {
		if d := infer.Decide(tt.method, route.Parse(tt.path), o); string(d.Code) != tt.want {
			t.Errorf("%s %s: got %q, want %q because\n\t%s", tt.method, tt.path, d.Code, tt.want, strings.Join(d.Steps, "\n\t"))
		}
	}
}

// TestLongRoute checks that a route of any length gives a code of bounded
// length in no time.
func TestLongRoute(t *testing.T) {
	d := infer.Decide("POST", route.Parse(strings.Repeat("/things/{id}", 10_000)+"/"+strings.Repeat("x", 10_000)), infer.Options{
		HasCode: func(activitylog.Code) bool { return false },
	})
	if _, err := activitylog.ParseCode(string(d.Code)); err != nil {
		t.Error(err)
	}
	if len(d.Steps) > 100 {
		t.Errorf("%d steps", len(d.Steps))
	}
}

// FuzzDecide checks that every route of every method gets a good code or
// none, with reasons, and the same one again.
func FuzzDecide(f *testing.F) {
	for _, path := range []string{
		"/orgs/{org}/members/:member", "/v1/users/{id}:activate", "/api/chat.postMessage", "/me/starred/{a}/{b}",
		"/a.v1.UserService/GetUser", "/users/login", "/{x}/_close", "/verify/email", "/user-/-/2fa/re-run",
	} {
		f.Add("POST", path)
		f.Add("DELETE", path)
	}
	o := infer.Options{
		StripPrefixes: []string{"/api/v1", "/"},
		Aliases:       map[string]string{"commerce": "com"},
		HasCode:       func(c activitylog.Code) bool { return len(c)%7 == 0 },
		HasResource:   func(r string) bool { return len(r)%5 == 0 },
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		_, path = route.Cut(path)
		tmpl := route.Parse(path)
		d := infer.Decide(method, tmpl, o)
		if d.Code != "" {
			if _, err := activitylog.ParseCode(string(d.Code)); err != nil {
				t.Errorf("%s %q: %v", method, path, err)
			}
			if d.TargetType == "" {
				t.Errorf("%s %q: no target type", method, path)
			}
		}
		if len(d.Steps) == 0 {
			t.Errorf("%s %q: no reason", method, path)
		}
		if d.TargetID >= len(tmpl.Params) || d.Tenant >= len(tmpl.Params) {
			t.Errorf("%s %q: parameter beyond the route's", method, path)
		}
		if again := infer.Decide(method, tmpl, o); again.Code != d.Code || !slices.Equal(again.Steps, d.Steps) {
			t.Errorf("%s %q: decided otherwise the second time", method, path)
		}
	})
}
