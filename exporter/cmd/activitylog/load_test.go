package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/otel/attribute"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/activitylog-go/activitylog"
)

// requestSize is the number of events that an SDK sends at once.
const requestSize = 512

// encodeRequest returns events as the OTLP protobuf bytes that an SDK makes of
// them.
func encodeRequest(events []activitylog.Event) ([]byte, error) {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", events[0].Service)
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName(activitylog.ScopeName)
	for i := range events {
		setRecord(scope.LogRecords().AppendEmpty(), &events[i])
	}
	return plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
}

func setRecord(r plog.LogRecord, e *activitylog.Event) {
	made := e.Record()
	r.SetTimestamp(pcommon.NewTimestampFromTime(e.Time))
	r.SetObservedTimestamp(pcommon.NewTimestampFromTime(e.Observed))
	r.SetEventName(made.EventName())
	r.SetSeverityNumber(plog.SeverityNumber(made.Severity()))
	r.Body().SetStr(e.Summary)
	r.SetTraceID(pcommon.TraceID(unhex(e.TraceID)))
	r.SetSpanID(pcommon.SpanID(unhex(e.SpanID)))
	made.WalkAttributes(func(kv attribute.KeyValue) bool {
		switch kv.Value.Type() {
		case attribute.INT64:
			r.Attributes().PutInt(string(kv.Key), kv.Value.AsInt64())
		case attribute.BOOL:
			r.Attributes().PutBool(string(kv.Key), kv.Value.AsBool())
		default:
			r.Attributes().PutStr(string(kv.Key), kv.Value.AsString())
		}
		return true
	})
}

func unhex(text string) (b []byte) {
	fmt.Sscanf(text, "%x", &b)
	return b
}

// A post sends the bytes of a request once and returns when they are
// acknowledged.
type post func(ctx context.Context, body []byte) error

// postHTTP keeps its connection, as an SDK does.
func postHTTP(tb testing.TB, addr string) post {
	client := &http.Client{Transport: &http.Transport{}}
	tb.Cleanup(client.CloseIdleConnections)
	return func(ctx context.Context, body []byte) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/v1/logs", bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/x-protobuf")
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("status %s", resp.Status)
		}
		return nil
	}
}

// postGRPC keeps its connection, too.
func postGRPC(tb testing.TB, addr string) post {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { conn.Close() })
	return func(ctx context.Context, body []byte) error {
		var answer []byte
		return conn.Invoke(ctx, "/opentelemetry.proto.collector.logs.v1.LogsService/Export", body, &answer, grpc.ForceCodec(ready{}))
	}
}

// ready is the codec of what is encoded already.
type ready struct{}

func (ready) Name() string { return "proto" }

func (ready) Marshal(v any) ([]byte, error) { return v.([]byte), nil }

func (ready) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = bytes.Clone(data)
	return nil
}
