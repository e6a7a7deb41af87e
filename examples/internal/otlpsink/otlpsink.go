// Package otlpsink receives OTLP log records, over HTTP or gRPC, in tests.
package otlpsink

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// A Sink is a server on the loopback interface that keeps what it is sent.
type Sink struct {
	URL string

	mu       sync.Mutex
	received []*logs.ResourceLogs
}

// New starts a sink for OTLP over HTTP, which stops with the test.
func New(t *testing.T) *Sink {
	s := new(Sink)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var export collogs.ExportLogsServiceRequest
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = proto.Unmarshal(body, &export)
		}
		if err != nil || r.URL.Path != "/v1/logs" {
			t.Errorf("sink: %s: %v", r.URL.Path, err)
			http.Error(w, "not an export of logs", http.StatusBadRequest)
			return
		}
		s.add(&export)
		w.Header().Set("Content-Type", "application/x-protobuf") // an empty body is an empty response
	}))
	t.Cleanup(srv.Close)
	s.URL = srv.URL
	return s
}

// NewGRPC starts a sink for OTLP over gRPC, which stops with the test.
func NewGRPC(t *testing.T) *Sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Sink{URL: "http://" + l.Addr().String()}
	srv := grpc.NewServer()
	collogs.RegisterLogsServiceServer(srv, service{sink: s})
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := srv.Serve(l); err != nil {
			t.Errorf("sink: %v", err)
		}
	})
	t.Cleanup(func() {
		srv.Stop()
		serving.Wait()
	})
	return s
}

type service struct {
	collogs.UnimplementedLogsServiceServer
	sink *Sink
}

func (s service) Export(_ context.Context, export *collogs.ExportLogsServiceRequest) (*collogs.ExportLogsServiceResponse, error) {
	s.sink.add(export)
	return new(collogs.ExportLogsServiceResponse), nil
}

func (s *Sink) add(export *collogs.ExportLogsServiceRequest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = append(s.received, export.ResourceLogs...)
}

// EventNames returns the event names of the records so far, in order.
func (s *Sink) EventNames() []string {
	var names []string
	for _, r := range s.Resources() {
		for _, scope := range r.ScopeLogs {
			for _, record := range scope.LogRecords {
				names = append(names, record.EventName)
			}
		}
	}
	return names
}

// Resources returns everything so far.
func (s *Sink) Resources() []*logs.ResourceLogs {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*logs.ResourceLogs(nil), s.received...)
}

// Attribute returns the string value of an attribute, or "".
func Attribute(attributes []*common.KeyValue, key string) string {
	for _, kv := range attributes {
		if kv.Key == key {
			return kv.Value.GetStringValue()
		}
	}
	return ""
}
