package bench

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	collogpb "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	"google.golang.org/protobuf/proto"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

// A sink is an OTLP/HTTP receiver of logs that keeps the ids of the events.
type sink struct {
	mu   sync.Mutex
	ids  map[string]int
	uas  map[string]int
	errs []error
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var req collogpb.ExportLogsServiceRequest
	if err == nil {
		err = proto.Unmarshal(body, &req)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.errs = append(s.errs, err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for _, resource := range req.ResourceLogs {
		for _, scope := range resource.ScopeLogs {
			for _, record := range scope.LogRecords {
				for _, kv := range record.Attributes {
					switch kv.Key {
					case activitylog.KeyID:
						s.ids[kv.Value.GetStringValue()]++
					case activitylog.KeyUserAgent:
						s.uas[kv.Value.GetStringValue()]++
					}
				}
			}
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// TestHostileHeaders sends requests with headers that protobuf cannot hold
// among 500 others, through the SDK and its OTLP exporter. One of them would
// otherwise cost the batch that it is in.
func TestHostileHeaders(t *testing.T) {
	receiver := &sink{ids: map[string]int{}, uas: map[string]int{}}
	otlp := httptest.NewServer(receiver)
	t.Cleanup(otlp.Close)
	exporter, err := otlploghttp.New(t.Context(), otlploghttp.WithEndpointURL(otlp.URL+"/v1/logs"))
	if err != nil {
		t.Fatal(err)
	}
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)), sdklog.WithAllowKeyDuplication())

	mux := http.NewServeMux()
	mux.HandleFunc("PUT /orgs/{org}/things/{id}", func(w http.ResponseWriter, r *http.Request) {
		d := activitylog.From(r.Context())
		d.SetReason(r.Header.Get("X-Reason"))
		d.Set("note\xff", r.Header.Get("X-Reason"))
		d.AddChange("/name", r.Header.Get("X-Reason"), r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	})
	s := httptest.NewUnstartedServer(middleware.New(mapping.Default(),
		middleware.WithLoggerProvider(provider),
		middleware.WithRequestID(func(r *http.Request) string { return r.Header.Get("X-Reason") }),
	)(mux))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)

	hostile := []struct{ path, agent, reason string }{
		{"/orgs/acme/things/1", "evil\xff\xfe", "plain"},
		{"/orgs/acme/things/%00%ff", "curl", "\xc3"},
		{"/orgs/%ff/things/1", "curl", strings.Repeat("\xff", 10_000)},
		{"/orgs/acme/things/1", strings.Repeat("x", 1_000_000), "plain"}, // about what net/http lets pass
		{"/orgs/acme/things/" + strings.Repeat("y", 500_000), "curl", strings.Repeat("z", 500_000)},
		{"/orgs/acme/things/1", "curl", "\x80" + strings.Repeat("é", 200_000)},
	}
	answered := 0
	for i := range 500 {
		answered += put(t, s, fmt.Sprintf("/orgs/acme/things/%d", i), "good", "fine")
		if i%100 == 50 {
			h := hostile[i/100]
			answered += put(t, s, h.path, h.agent, h.reason)
		}
	}
	answered += put(t, s, hostile[5].path, hostile[5].agent, hostile[5].reason)
	s.Close()
	if err := provider.Shutdown(t.Context()); err != nil {
		t.Errorf("the exporter complains: %v", err)
	}
	if len(receiver.errs) > 0 {
		t.Errorf("the receiver could not read %v", receiver.errs)
	}
	if answered != 506 || len(receiver.ids) != 506 {
		t.Errorf("%d requests were answered and %d events received, want 506 of both", answered, len(receiver.ids))
	}
	for id, n := range receiver.ids {
		if n != 1 {
			t.Errorf("event %s was received %d times", id, n)
		}
	}
	if receiver.uas["good"] != 500 || receiver.uas["evil\uFFFD"] != 1 {
		t.Errorf("user agents: %d good, %d evil, want 500 and 1", receiver.uas["good"], receiver.uas["evil\uFFFD"])
	}
}

// put writes a request by hand: net/http's client refuses to send such ones.
func put(t *testing.T, s *httptest.Server, path, agent, reason string) int {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: test\r\nConnection: close\r\nUser-Agent: %s\r\nX-Reason: %s\r\n\r\n", path, agent, reason)
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 204 ") {
		t.Errorf("%.60s is answered %.60q, %v", path, answer, err)
		return 0
	}
	return 1
}
