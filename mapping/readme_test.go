package mapping_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
)

// TestReadme checks that the mapping in the README is one.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(readme, -1)
	if len(blocks) == 0 {
		t.Fatal("the README has no mapping")
	}
	for _, block := range blocks {
		m, err := mapping.Parse("README.md", block[1])
		if err != nil {
			t.Fatal(err)
		}
		for _, route := range []struct{ method, route, code string }{
			{"POST", "/api/v1/orgs/{org}/members", "org.member:invited"},
			{"POST", "/orgs/{org}/members", "org.member:invited"},
			{"POST", "/api/v1/orgs/{org}/members/{member}/change-role", "org.member:role_changed"},
			{"GET", "/orgs/{org}/statements/{id}", "statement:viewed"},
			{"POST", "/orgs/{org}/members/search", ""},
		} {
			if got := m.Explain(route.method, route.route).Code; string(got) != route.code {
				t.Errorf("%s %s: %q, want %q", route.method, route.route, got, route.code)
			}
		}
	}
}
