package activitylogexporter_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
)

// receive starts an OTLP receiver in front of e and returns its addresses.
func receive(t *testing.T, e exporter.Logs) (httpAddr, grpcAddr string) {
	t.Helper()
	httpAddr, grpcAddr = freeAddress(t), freeAddress(t)
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig()
	err := confmap.NewFromStringMap(map[string]any{"protocols": map[string]any{
		"http": map[string]any{"endpoint": httpAddr},
		"grpc": map[string]any{"endpoint": grpcAddr},
	}}).Unmarshal(config)
	if err != nil {
		t.Fatal(err)
	}
	r, err := factory.CreateLogs(t.Context(), receivertest.NewNopSettings(factory.Type()), config, e)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Start(t.Context(), componenttest.NewNopHost()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Shutdown(context.Background()) })
	return httpAddr, grpcAddr
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A send sends an event to a receiver and returns what the client is told.
type send func(ctx context.Context) (status string, err error)

func senders(t *testing.T, httpAddr, grpcAddr string) map[string]send {
	conn, err := grpc.NewClient(grpcAddr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	request := func() plogotlp.ExportRequest {
		logs := logsOf("org:created")
		logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr(activitylog.KeyID, activitylog.NewID())
		return plogotlp.NewExportRequestFromLogs(logs)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return map[string]send{
		"grpc": func(ctx context.Context) (string, error) {
			_, err := plogotlp.NewGRPCClient(conn).Export(ctx, request())
			return status.Code(err).String(), ctx.Err()
		},
		"http": func(ctx context.Context) (string, error) {
			body, err := request().MarshalProto()
			if err != nil {
				return "", err
			}
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+httpAddr+"/v1/logs", bytes.NewReader(body))
			if err != nil {
				return "", err
			}
			req.Header.Set("Content-Type", "application/x-protobuf")
			resp, err := client.Do(req)
			if err != nil {
				return "", err
			}
			defer resp.Body.Close()
			return resp.Status, nil
		},
	}
}

// TestAcknowledgeAfterCommit checks that no client hears that its event is
// kept before the store has it.
func TestAcknowledgeAfterCommit(t *testing.T) {
	entered, commit := make(chan struct{}, 1), make(chan struct{})
	s := newFakeStore(func([]activitylog.Event) error {
		entered <- struct{}{}
		<-commit
		return nil
	})
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, func(*activitylogexporter.Config) {})
	httpAddr, grpcAddr := receive(t, e)
	want := map[string]string{"http": "200 OK", "grpc": codes.OK.String()}
	for name, send := range senders(t, httpAddr, grpcAddr) {
		t.Run(name, func(t *testing.T) {
			var got string
			var err error
			var done sync.WaitGroup
			answered := make(chan struct{})
			done.Go(func() {
				got, err = send(t.Context())
				close(answered)
			})
			<-entered
			before := len(s.codes(t))
			select {
			case <-answered:
				t.Errorf("answered %q, %v while the store has not committed", got, err)
			case <-time.After(100 * time.Millisecond): // an early answer would be there by now
			}
			commit <- struct{}{}
			done.Wait()
			if err != nil || got != want[name] {
				t.Errorf("after the commit: got %q, %v, want %q", got, err, want[name])
			}
			if after := len(s.codes(t)); after != before+1 {
				t.Errorf("the store has %d events, want %d", after, before+1)
			}
		})
	}
}

// TestFailureIsRetryable checks that a client whose event is not kept is told
// so with a status for which every OTLP client sends it again.
func TestFailureIsRetryable(t *testing.T) {
	s := newFakeStore(func([]activitylog.Event) error { return errors.New("disk is full") })
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, func(c *activitylogexporter.Config) {
		c.Retry.Enabled = false
	})
	httpAddr, grpcAddr := receive(t, e)
	want := map[string]string{"http": "503 Service Unavailable", "grpc": codes.Unavailable.String()}
	for name, send := range senders(t, httpAddr, grpcAddr) {
		if got, err := send(t.Context()); err != nil || got != want[name] {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, want[name])
		}
	}
}
