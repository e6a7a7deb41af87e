package api_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/api"
)

// scopeOf believes a header: good enough for a test only.
func scopeOf(r *http.Request) (api.Scope, error) {
	switch who := r.Header.Get("Tenant"); who {
	case "":
		return api.Scope{}, errors.New("nobody is logged in")
	case "nothing":
		return api.Scope{}, nil
	default:
		return api.Scope{Tenants: strings.Split(who, ",")}, nil
	}
}

func getAs(h http.Handler, tenant, target string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", target, nil)
	r.Header.Set("Tenant", tenant)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestScope asks as each tenant for everything that the API has. Even numbers
// are acme's events, odd ones globex's.
func TestScope(t *testing.T) {
	h := api.New(newStore(t, 8), api.WithScope(scopeOf), quiet)
	tests := []struct {
		tenant, query string
		events        int
	}{
		{"acme", "", 4},
		{"globex", "", 4},
		{"acme,globex", "", 8},
		{"nothing", "", 0},
		{"acme", "q=tenant:globex", 0},
		{"acme", "q=tenant:*", 4},
		{"acme", "q=-tenant:acme", 0},
		{"acme", "q=tenant:acme,globex", 4},
		{"acme", "q=tenant:acme+AND+tenant:globex", 0},
		{"acme", "tenant=globex", 0},
		{"acme", "tenant=", 4},
		{"acme", "org=globex", 0},
		{"acme", "q=target:usr_1", 0},
	}
	for _, tt := range tests {
		w := getAs(h, tt.tenant, "/v1/events?"+tt.query)
		if n := strings.Count(w.Body.String(), `"summary"`); w.Code != 200 || n != tt.events {
			t.Errorf("%s asks ?%s and gets %d with %d events, want %d", tt.tenant, tt.query, w.Code, n, tt.events)
		}
		for _, other := range []string{"acme", "globex"} {
			if !strings.Contains(tt.tenant, other) && strings.Contains(w.Body.String(), other) {
				t.Errorf("%s asks ?%s and reads of %s: %s", tt.tenant, tt.query, other, w.Body)
			}
		}
	}
}

func TestScopeOfOne(t *testing.T) {
	h := api.New(newStore(t, 2), api.WithScope(scopeOf), quiet)
	theirs, ours := newEvent(1).ID, newEvent(0).ID
	if w := getAs(h, "acme", "/v1/events/"+ours); w.Code != 200 {
		t.Errorf("own event: %d %s", w.Code, w.Body)
	}
	hidden, absent := getAs(h, "acme", "/v1/events/"+theirs), getAs(h, "acme", "/v1/events/"+newEvent(7).ID)
	if hidden.Code != 404 || hidden.Body.String() != absent.Body.String() {
		t.Errorf("another tenant's event: %d %s, want what an absent one gets: %s", hidden.Code, hidden.Body, absent.Body)
	}
}

// TestScopeCursor checks that a cursor carries nobody into another's list.
func TestScopeCursor(t *testing.T) {
	h := api.New(newStore(t, 8), api.WithScope(scopeOf), quiet)
	w := getAs(h, "acme", "/v1/events?limit=1")
	_, next, _ := strings.Cut(w.Body.String(), `"next":"`)
	next, _, _ = strings.Cut(next, `"`)
	if next == "" {
		t.Fatalf("no cursor in %s", w.Body)
	}
	if w := getAs(h, "globex", "/v1/events?limit=1&cursor="+url.QueryEscape(next)); w.Code != 400 {
		t.Errorf("another tenant's cursor: %d %s, want 400", w.Code, w.Body)
	}
}

func TestScopeRefused(t *testing.T) {
	h := api.New(newStore(t, 2), api.WithScope(scopeOf), quiet)
	for _, target := range []string{"/v1/events", "/v1/events/" + newEvent(0).ID} {
		w := getAs(h, "", target)
		if w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "logged in") {
			t.Errorf("GET %s = %d %s, want 403 without the cause", target, w.Code, w.Body)
		}
	}
}
