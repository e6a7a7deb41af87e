package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/api"
)

func TestCountAndFacets(t *testing.T) {
	h := api.New(newStore(t, 8), api.WithScope(scopeOf), quiet)
	tests := []struct{ tenant, target, want string }{
		{"acme", "events:count", `{"events":4,"capped":false}`},
		{"acme,globex", "events:count?limit=8", `{"events":8,"capped":false}`},
		{"acme,globex", "events:count?limit=7", `{"events":7,"capped":true}`},
		{"acme", "events:count?q=tenant:globex", `{"events":0,"capped":false}`},
		{"nothing", "events:count", `{"events":0,"capped":false}`},
		{"acme,globex", "events:count?q=target:usr_1,usr_2&tenant=acme", `{"events":1,"capped":false}`},
		{"acme,globex", "facets?key=tenant", `{"values":[{"value":"acme","events":4},{"value":"globex","events":4}],"events":8,"capped":false}`},
		{"acme", "facets?key=tenant", `{"values":[{"value":"acme","events":4}],"events":4,"capped":false}`},
		{"acme", "facets?key=target&limit=1&q=-target:usr_0", `{"values":[{"value":"usr_2","events":1}],"events":3,"capped":false}`},
		{"globex", "facets?key=tenant&q=tenant:acme", `{"values":[],"events":0,"capped":false}`},
		{"nothing", "facets?key=actor", `{"values":[],"events":0,"capped":false}`},
	}
	for _, tt := range tests {
		w := getAs(h, tt.tenant, "/v1/"+tt.target)
		if got := w.Body.String(); w.Code != 200 || got != tt.want {
			t.Errorf("%s asks for %s and gets %d %s, want %s", tt.tenant, tt.target, w.Code, got, tt.want)
		}
	}
}

func TestCountAndFacetErrors(t *testing.T) {
	h := api.New(newStore(t, 3), quiet)
	for target, want := range map[string]string{
		"events:count?limit=10001":          "limit",
		"events:count?limit=0":              "limit",
		"events:count?cursor=x":             "cursor",
		"events:count?key=actor":            "key",
		"facets":                            "key",
		"facets?key=":                       "key",
		"facets?key=after":                  "key",
		"facets?key=no.such":                "key",
		"facets?key=actor&limit=201":        "limit",
		"facets?key=actor&q=outcome:failed": "q",
		"facets?key=actor&key=tenant":       "key",
	} {
		w := get(h, "/v1/"+target)
		if w.Code != 400 || !containsParameter(w.Body.String(), want) {
			t.Errorf("%s = %d %s, want 400 for %s", target, w.Code, w.Body, want)
		}
	}
	for _, target := range []string{"events:count/", "events:list", "facets/"} {
		if w := get(h, "/v1/"+target); w.Code != 404 {
			t.Errorf("%s = %d, want 404", target, w.Code)
		}
	}
}

func containsParameter(body, name string) bool {
	return strings.Contains(body, fmt.Sprintf(`"parameter":%q`, name))
}
