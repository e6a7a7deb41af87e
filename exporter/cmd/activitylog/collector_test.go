package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/exporter/internal/pgtest"
	"github.com/activitylog-go/activitylog/store"
)

// addresses are the values of the variables that the shipped files take.
type addresses struct {
	http, grpc, viewer, health, dsn string

	config  string // the file to use, if not that of the store
	program string // to be run, if not this one
	other   string // of the backend beside the store
}

func newAddresses(t *testing.T) addresses {
	return addressesOf(t, "sqlite:"+filepath.Join(t.TempDir(), "activitylog.db"))
}

// addressesOf returns the addresses of another Collector at the store.
func addressesOf(t testing.TB, dsn string) addresses {
	return addresses{
		http: freeAddress(t), grpc: freeAddress(t), viewer: freeAddress(t), health: freeAddress(t), other: freeAddress(t), dsn: dsn,
	}
}

func (a addresses) environ() map[string]string {
	return map[string]string{
		"ACTIVITYLOG_OTLP_HTTP": a.http, "ACTIVITYLOG_OTLP_GRPC": a.grpc, "ACTIVITYLOG_LISTEN": a.viewer,
		"ACTIVITYLOG_HEALTH": a.health, "ACTIVITYLOG_STORE": a.dsn,
		"ACTIVITYLOG_OTHER": "http://" + a.other,
	}
}

// startCollector runs a Collector with a configuration in this process, until
// the end of the test.
func startCollector(t testing.TB, uri string, a addresses) {
	t.Helper()
	for name, value := range a.environ() {
		t.Setenv(name, value)
	}
	set := collectorSettings()
	set.DisableGracefulShutdown = true
	set.SkipSettingGRPCLogger = true
	set.ConfigProviderSettings.ResolverSettings.URIs = []string{uri, "yaml:service::telemetry::logs::level: error"}
	col, err := otelcol.NewCollector(set)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- col.Run(context.Background()) }()
	t.Cleanup(func() {
		col.Shutdown()
		if err := <-done; err != nil {
			t.Errorf("the Collector ended with %v", err)
		}
	})
	waitFor(t, "http://"+a.health)
}

// waitFor returns when url answers with 200.
func waitFor(t testing.TB, url string) {
	t.Helper()
	waitWhile(t, url, nil)
}

// waitWhile is waitFor a program that may end.
func waitWhile(t testing.TB, url string, ended <-chan struct{}) {
	t.Helper()
	for range 1500 {
		resp, err := http.Get(url)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ended:
			t.Fatalf("the program at %s has ended", url)
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Fatalf("%s does not answer", url)
}

// configFiles returns the configurations that the project ships.
func configFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../../collector-config/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no configurations: %v", err)
	}
	return slices.DeleteFunc(files, func(file string) bool { return filepath.Base(file) == "builder.yaml" })
}

// addressesFor returns addresses for a shipped file, with a database of its kind.
func addressesFor(t *testing.T, file string) addresses {
	t.Helper()
	a := newAddresses(t)
	switch filepath.Base(file) {
	case "postgres.yaml":
		a.dsn = pgtest.Start(t).Database(t)
	case "clickhouse.yaml":
		a.dsn = chtest.NewDatabase(t, chtest.Start(t).DSN(""))
	}
	return a
}

// TestShippedConfig runs each shipped file and sends through every door that
// it opens: what comes in must be in the store and on the viewer's API.
func TestShippedConfig(t *testing.T) {
	for _, file := range configFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a := addressesFor(t, file)
			startCollector(t, file, a)
			ids := map[string]string{
				"otlploghttp":       sendSDK(t, must(otlploghttp.New(t.Context(), otlploghttp.WithEndpointURL("http://"+a.http+"/v1/logs")))(t)),
				"otlploghttp, gzip": sendSDK(t, must(otlploghttp.New(t.Context(), otlploghttp.WithEndpointURL("http://"+a.http+"/v1/logs"), otlploghttp.WithCompression(otlploghttp.GzipCompression)))(t)),
				"otlploggrpc":       sendSDK(t, must(otlploggrpc.New(t.Context(), otlploggrpc.WithEndpointURL("http://"+a.grpc)))(t)),
				"otlploggrpc, gzip": sendSDK(t, must(otlploggrpc.New(t.Context(), otlploggrpc.WithEndpointURL("http://"+a.grpc), otlploggrpc.WithCompressor("gzip")))(t)),
				"JSON by hand":      sendJSON(t, a),
			}
			s, err := backend.OpenReader(t.Context(), a.dsn)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			shown := viewed(t, a)
			for name, id := range ids {
				if e, err := s.Get(t.Context(), id); err != nil || e.Code != "org:created" {
					t.Errorf("%s: store: %v, %v", name, e.Code, err)
				}
				if !slices.Contains(shown, id) {
					t.Errorf("%s: %s is not among %v on the API", name, id, shown)
				}
			}
			page, err := s.List(t.Context(), store.Query{})
			if err != nil || len(page.Events) != len(ids) {
				t.Errorf("the store has %d events, want %d: %v", len(page.Events), len(ids), err)
			}
		})
	}
}

// TestLargestBatch sends what the SDK sends at most at once, 512 events as
// large as they get. What the receiver refused would be lost: a client could
// choose large headers to get rid of a batch with events of others in it.
func TestLargestBatch(t *testing.T) {
	const batch = 512 // the default of the SDK
	large := activitylog.Event{Code: "org:created"}
	for i := range activitylog.MaxAttributes {
		large.Attributes.Set(fmt.Sprintf("name%d", i), strings.Repeat("many words ", activitylog.MaxEvent/activitylog.MaxAttributes/len("many words ")))
	}
	for _, file := range configFiles(t) {
		for _, door := range []string{"grpc", "http"} {
			t.Run(filepath.Base(file)+" "+door, func(t *testing.T) {
				a := addressesFor(t, file)
				startCollector(t, file, a)
				var exporter sdklog.Exporter
				if door == "grpc" {
					exporter = must(otlploggrpc.New(t.Context(), otlploggrpc.WithEndpointURL("http://"+a.grpc)))(t)
				} else {
					exporter = must(otlploghttp.New(t.Context(), otlploghttp.WithEndpointURL("http://"+a.http+"/v1/logs")))(t)
				}
				provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter, sdklog.WithExportInterval(time.Hour))))
				logger := provider.Logger(activitylog.ScopeName)
				for range batch {
					activitylog.Emit(t.Context(), logger, large)
				}
				if err := provider.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				s, err := backend.OpenReader(t.Context(), a.dsn)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				if page, err := s.List(t.Context(), store.Query{Limit: store.MaxLimit}); err != nil || len(page.Events) != batch {
					t.Errorf("the store has %d events, want %d: %v", len(page.Events), batch, err)
				}
			})
		}
	}
}

func must(e sdklog.Exporter, err error) func(*testing.T) sdklog.Exporter {
	return func(t *testing.T) sdklog.Exporter {
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
}

// sendSDK emits an event through the SDK and returns its id.
func sendSDK(t *testing.T, exporter sdklog.Exporter) string {
	t.Helper()
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)))
	id := activitylog.NewID()
	activitylog.Emit(t.Context(), provider.Logger(activitylog.ScopeName), activitylog.Event{ID: id, Code: "org:created"})
	if err := provider.Shutdown(t.Context()); err != nil {
		t.Errorf("send: %v", err)
	}
	return id
}

// sendJSON sends an event as somebody with curl would, and returns its id.
func sendJSON(t *testing.T, a addresses) string {
	t.Helper()
	id := activitylog.NewID()
	body := `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1790000000000000000",
		"attributes":[{"key":"event.name","value":{"stringValue":"org:created"}},{"key":"log.record.uid","value":{"stringValue":"` + id + `"}}]}]}]}]}`
	resp, err := http.Post("http://"+a.http+"/v1/logs", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if answer, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		t.Errorf("JSON: %s %s", resp.Status, answer)
	}
	return id
}

// viewed returns the ids of the events on the viewer's API.
func viewed(t *testing.T, a addresses) []string {
	t.Helper()
	resp, err := http.Get("http://" + a.viewer + "/v1/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var list struct{ Events []activitylog.Event }
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range list.Events {
		ids = append(ids, e.ID)
	}
	return ids
}

// TestComponents runs a Collector with the components that users expect
// between and beside ours, so that each of them is known to work.
func TestComponents(t *testing.T) {
	a := newAddresses(t)
	copied := filepath.Join(t.TempDir(), "copy.json")
	t.Setenv("ACTIVITYLOG_TEST_COPY", copied)
	t.Setenv("ACTIVITYLOG_TEST_TOKEN", "s3cret")
	startCollector(t, "testdata/components.yaml", a)
	send := func(token, code string) int {
		body := `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"` + code + `","timeUnixNano":"1790000000000000000"}]}]}]}`
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+a.http+"/v1/logs", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	for _, tt := range []struct {
		token, code string
		status      int
	}{{"wrong", "org:created", 401}, {"s3cret", "org:created", 200}} {
		if got := send(tt.token, tt.code); got != tt.status {
			t.Errorf("%s with token %s: got %d, want %d", tt.code, tt.token, got, tt.status)
		}
	}
	s, err := backend.OpenReader(t.Context(), a.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	page, err := s.List(t.Context(), store.Query{})
	if err != nil || len(page.Events) != 1 {
		t.Errorf("the store has %+v, %v; want the one event that came with the token", page.Events, err)
	}
	for range 200 {
		if data, _ := os.ReadFile(copied); bytes.Contains(data, []byte("org:created")) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the file exporter wrote nothing")
}

// TestOpenToOthers checks that a Collector that others can reach does not
// start without authentication, and says what to do.
func TestOpenToOthers(t *testing.T) {
	file := "../../../collector-config/sqlite.yaml"
	tests := []struct{ variable, value, want string }{
		{"ACTIVITYLOG_OTLP_HTTP", "0.0.0.0:4318", "receivers::otlp::protocols::http::endpoint"},
		{"ACTIVITYLOG_OTLP_GRPC", ":4317", "receivers::otlp::protocols::grpc::endpoint"},
		{"ACTIVITYLOG_LISTEN", "[::]:8090", "extensions::activitylog_viewer"},
	}
	for _, tt := range tests {
		t.Run(tt.variable, func(t *testing.T) {
			t.Setenv(tt.variable, tt.value)
			for _, args := range [][]string{{"collector", "validate", "--config", file}, {"collector", "--config", file}} {
				status, _, stderr := runArgs(args...)
				if status != 2 || !strings.Contains(stderr, tt.want) || !strings.Contains(stderr, "authenticator") {
					t.Errorf("%v: status %d, want 2 and %q in\n%s", args, status, tt.want, stderr)
				}
			}
		})
	}
	if status, _, stderr := runArgs("collector", "validate", "--config", file); status != 0 {
		t.Errorf("as shipped: status %d\n%s", status, stderr)
	}
}
