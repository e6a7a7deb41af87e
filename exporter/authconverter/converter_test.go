package authconverter_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/confmap"

	"github.com/activitylog-go/activitylog/exporter/authconverter"
)

// convert passes a configuration with one OTLP receiver through the converter.
func convert(t *testing.T, protocols map[string]any, receivers ...any) error {
	t.Helper()
	conf := confmap.NewFromStringMap(map[string]any{
		"receivers": map[string]any{"otlp": map[string]any{"protocols": protocols}, "hostmetrics": map[string]any{"endpoint": "0.0.0.0:1"}},
		"service":   map[string]any{"pipelines": map[string]any{"logs": map[string]any{"receivers": receivers}}},
	})
	return authconverter.NewFactory().Create(confmap.ConverterSettings{}).Convert(t.Context(), conf)
}

func TestConvert(t *testing.T) {
	tests := []struct {
		name     string
		listener any
		fine     bool
	}{
		{"default", nil, true},
		{"loopback", map[string]any{"endpoint": "127.0.0.1:4318"}, true},
		{"localhost", map[string]any{"endpoint": "localhost:4318"}, true},
		{"IPv6 loopback", map[string]any{"endpoint": "[::1]:4318"}, true},
		{"all interfaces", map[string]any{"endpoint": "0.0.0.0:4318"}, false},
		{"all interfaces, short", map[string]any{"endpoint": ":4318"}, false},
		{"all interfaces, IPv6", map[string]any{"endpoint": "[::]:4318"}, false},
		{"a name", map[string]any{"endpoint": "collector.example:4318"}, false},
		{"a name that begins with localhost", map[string]any{"endpoint": "localhost.example:4318"}, false},
		{"no port", map[string]any{"endpoint": "127.0.0.1"}, false},
		{"auth", map[string]any{"endpoint": "0.0.0.0:4318", "auth": map[string]any{"authenticator": "bearertokenauth"}}, true},
		{"empty auth", map[string]any{"endpoint": "0.0.0.0:4318", "auth": nil}, false},
		{"TLS without client certificates", map[string]any{"endpoint": "0.0.0.0:4318", "tls": map[string]any{"cert_file": "a"}}, false},
		{"TLS with client certificates", map[string]any{"endpoint": "0.0.0.0:4318", "tls": map[string]any{"client_ca_file": "a"}}, true},
		{"disabled", map[string]any{"endpoint": "0.0.0.0:4318", "enabled": false}, true},
		{"socket", map[string]any{"endpoint": "/run/otlp.sock", "transport": "unix"}, true},
	}
	for _, tt := range tests {
		if err := convert(t, map[string]any{"http": tt.listener}, "otlp"); (err == nil) != tt.fine {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}

func TestConvertReportsAll(t *testing.T) {
	open := map[string]any{"endpoint": "0.0.0.0:4318"}
	err := convert(t, map[string]any{"http": open, "grpc": open}, "hostmetrics", "otlp")
	for _, want := range []string{"receivers::otlp::protocols::http::endpoint: ", "receivers::otlp::protocols::grpc::endpoint: "} {
		if err == nil || strings.Count(err.Error(), want) != 1 {
			t.Errorf("want %q once in %v", want, err)
		}
	}
	if err := convert(t, map[string]any{"http": open}, "hostmetrics"); err != nil {
		t.Errorf("a receiver that no pipeline uses: %v", err)
	}
}

func Example() {
	conf := confmap.NewFromStringMap(map[string]any{
		"receivers": map[string]any{"otlp": map[string]any{"protocols": map[string]any{
			"http": map[string]any{"endpoint": "127.0.0.1:4318"},
		}}},
		"service": map[string]any{"pipelines": map[string]any{"logs": map[string]any{"receivers": []any{"otlp"}}}},
	})
	converter := authconverter.NewFactory().Create(confmap.ConverterSettings{})
	fmt.Println(converter.Convert(context.Background(), conf))
	// Output: <nil>
}
