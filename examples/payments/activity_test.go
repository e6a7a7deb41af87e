package payments_test

import (
	"os"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/examples/payments"
)

// TestActivity fails when a route is added, renamed or removed and nobody has
// decided what becomes of its activity.
func TestActivity(t *testing.T) {
	m, err := payments.Mapping()
	if err != nil {
		t.Fatal(err)
	}
	api, err := payments.New(payments.Config{Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	activitylogtest.Check(t, api, m)
}

// TestActivitySchema checks that an editor finds the schema of activity.yaml.
func TestActivitySchema(t *testing.T) {
	data, err := os.ReadFile("activity.yaml")
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(data), "\n")
	schema, ok := strings.CutPrefix(first, "# yaml-language-server: $schema=")
	if !ok {
		t.Fatalf("the first line names no schema: %q", first)
	}
	if _, err := os.Stat(schema); err != nil {
		t.Error(err)
	}
}
