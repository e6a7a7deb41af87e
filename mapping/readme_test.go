package mapping_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/activitylog-go/activitylog/mapping"
)

// documented returns the mappings in a Markdown file.
func documented(t *testing.T, file string) []*mapping.Mapping {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var found []*mapping.Mapping
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		yaml := block[1]
		if !strings.Contains(yaml, "version:") {
			yaml = "version: 1\n" + yaml
		}
		m, err := mapping.LoadFS(fstest.MapFS{
			"activity.yaml":       {Data: []byte(yaml)},
			"events.yaml":         {Data: []byte("version: 1\n")},
			"routes/billing.yaml": {Data: []byte("version: 1\n")},
		}, "activity.yaml")
		if err != nil {
			t.Errorf("%s: %v\n%s", file, err, yaml)
			continue
		}
		found = append(found, m)
	}
	if len(found) == 0 {
		t.Fatalf("%s has no mapping", file)
	}
	return found
}

// TestReadme checks that the mapping in the README is one.
func TestReadme(t *testing.T) {
	m := documented(t, "../README.md")[0]
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

// TestReference checks that every mapping in the reference is one.
func TestReference(t *testing.T) {
	if found := documented(t, "../docs/mapping.md"); len(found) < 5 {
		t.Errorf("%d mappings", len(found))
	}
}
