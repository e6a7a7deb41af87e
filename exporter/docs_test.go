package activitylogexporter_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
)

// TestDocs checks that the operator's page tells every metric and every key.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile("../docs/exporter.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range activitylogexporter.Metrics {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/exporter.md lacks the metric %s", name)
		}
	}
	for field := range reflect.TypeFor[activitylogexporter.Config]().Fields() {
		if key, _, _ := strings.Cut(field.Tag.Get("mapstructure"), ","); key != "" && !strings.Contains(string(page), key+":") {
			t.Errorf("docs/exporter.md lacks the key %s", key)
		}
	}
}
