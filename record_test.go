package activitylog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/log/embedded"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

// full is an event with every field set.
func full() activitylog.Event {
	e := activitylog.Event{
		ID:      "0195510c-1c00-7000-8000-000000000001",
		Time:    noon,
		Code:    "org.member:updated",
		Summary: "Ann Lee changed role of Bob Ito from viewer to admin",
		Outcome: activitylog.Success,
		Reason:  "promotion",
		Tenant:  "acme",
		Actor: activitylog.Actor{
			ID: "usr_ann", Type: activitylog.User, Name: "Ann Lee", Email: "ann@example.org",
			OnBehalfOf: activitylog.Party{ID: "usr_eve", Name: "Eve Roe"},
		},
		Targets: []activitylog.Target{
			{Type: "member", ID: "usr_bob", Name: "Bob Ito"},
			{Type: "team", ID: "team_7"},
		},
		Changes: []activitylog.Change{
			activitylog.NewChange("/role", "viewer", "admin"),
			activitylog.NewChange("/limit", nil, 100),
			{Path: "/token", Redacted: true},
		},
		Source: activitylog.Source{
			ClientAddress: "203.0.113.7", PeerAddress: "10.0.0.1", UserAgent: "curl/8.5",
			SessionID: "ses_1", RequestID: "req_1",
		},
		HTTP: activitylog.HTTP{
			Method: "PATCH", Route: "/orgs/{org}/members/{member}", Path: "/orgs/acme/members/usr_bob", Status: 200,
		},
		Stream: "spool-1", Seq: 42, Salt: "c2FsdA",
	}
	e.Attributes.Set("plan", "gold")
	e.Attributes.Set("dry_run", false)
	e.Attributes.Set("seats", 12)
	e.Attributes.Set("share", 0.5)
	return e
}

// TestRecordGolden pins the wire format. A change to a golden file is a change
// that every deployed exporter must already understand.
func TestRecordGolden(t *testing.T) {
	tests := []struct {
		name string
		e    activitylog.Event
	}{
		{"full", full()},
		{"smallest", activitylog.Event{ID: "0195510c-1c00-7000-8000-000000000002", Time: noon, Code: "org:created"}},
		{"denied", activitylog.Event{
			ID: "0195510c-1c00-7000-8000-000000000003", Time: noon, Code: "org.api_key:created",
			Outcome: activitylog.Denied, Actor: activitylog.Actor{ID: "svc_ci", Type: activitylog.Service},
			Targets: []activitylog.Target{{Type: "api_key"}},
			HTTP:    activitylog.HTTP{Method: "POST", Route: "/orgs/{org}/api-keys", Path: "/orgs/acme/api-keys", Status: 403},
		}},
		{"panic", activitylog.Event{
			ID: "0195510c-1c00-7000-8000-000000000004", Time: noon, Code: "payout:created",
			Outcome: activitylog.Failure, ErrorType: "panic", HTTP: activitylog.HTTP{Method: "POST", Status: 500},
		}},
		{"dotted", activitylog.Event{
			ID: "0195510c-1c00-7000-8000-000000000005", Time: noon, Code: "org:created", EventName: "org.created",
		}},
		{"truncated", activitylog.Event{
			ID: "0195510c-1c00-7000-8000-000000000006", Time: noon, Code: "org:created",
			Reason: strings.Repeat("x", activitylog.MaxString) + "y",
		}},
		{"dirty", activitylog.Event{
			ID: "0195510c-1c00-7000-8000-000000000007", Time: noon, Code: "org:created",
			Source: activitylog.Source{UserAgent: "evil\xff\x00"},
		}},
		{"severe", activitylog.Event{
			ID: "0195510c-1c00-7000-8000-000000000008", Time: noon, Code: "org:deleted", Severity: log.SeverityError,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			record := tt.e.Record()
			golden(t, tt.name+".json", marshal(t, record))
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = filepath.Join("testdata", "record", name)
	if *update {
		if err := os.WriteFile(name, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (rerun with -update if intended)\ngot:\n%s\nwant:\n%s", name, got, want)
	}
}

// marshal writes a record down, its attributes in their order.
func marshal(t *testing.T, r log.Record) []byte {
	t.Helper()
	type keyValue struct {
		Key   attribute.Key
		Type  string
		Value any
	}
	var attrs []keyValue
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		attrs = append(attrs, keyValue{kv.Key, kv.Value.Type().String(), kv.Value.AsInterface()})
		return true
	})
	b, err := json.MarshalIndent(map[string]any{
		"timestamp":  r.Timestamp(),
		"eventName":  r.EventName(),
		"severity":   r.Severity().String(),
		"body":       r.Body().AsString(),
		"attributes": attrs,
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(b, '\n')
}

// TestRecordSeverity checks that a severity raises that of the outcome and
// never lowers it.
func TestRecordSeverity(t *testing.T) {
	tests := []struct {
		outcome   activitylog.Outcome
		own, want log.Severity
	}{
		{activitylog.Success, 0, log.SeverityInfo},
		{activitylog.Success, log.SeverityDebug, log.SeverityInfo},
		{activitylog.Success, log.SeverityWarn, log.SeverityWarn},
		{activitylog.Denied, log.SeverityInfo, log.SeverityWarn},
		{activitylog.Failure, log.SeverityFatal, log.SeverityFatal},
		{activitylog.Unknown, -1, log.SeverityInfo},
	}
	for _, tt := range tests {
		e := activitylog.Event{Code: "a:created", Outcome: tt.outcome, Severity: tt.own}
		record := e.Record()
		if got := record.Severity(); got != tt.want {
			t.Errorf("outcome %s, severity %v: got %v, want %v", tt.outcome, tt.own, got, tt.want)
		}
	}
}

func TestRecordCompletes(t *testing.T) {
	tests := []struct {
		name string
		e    activitylog.Event
		ok   func(*activitylog.Event) bool
	}{
		{"id", activitylog.Event{}, func(e *activitylog.Event) bool { return len(e.ID) == 36 && e.ID[14] == '7' }},
		{"time", activitylog.Event{}, func(e *activitylog.Event) bool { return time.Since(e.Time) < time.Hour }},
		{"outcome", activitylog.Event{}, func(e *activitylog.Event) bool { return e.Outcome == activitylog.Success }},
		{"nobody", activitylog.Event{}, func(e *activitylog.Event) bool { return e.Actor.Type == activitylog.Anonymous }},
		{"somebody", activitylog.Event{Actor: activitylog.Actor{ID: "ann"}}, func(e *activitylog.Event) bool { return e.Actor.Type == activitylog.User }},
		{"given id", activitylog.Event{ID: "x"}, func(e *activitylog.Event) bool { return e.ID == "x" }},
	}
	for _, tt := range tests {
		tt.e.Record()
		if !tt.ok(&tt.e) {
			t.Errorf("%s: got %+v", tt.name, tt.e)
		}
	}
}

func TestOutcomeOf(t *testing.T) {
	tests := map[int]activitylog.Outcome{
		101: activitylog.Success, 200: activitylog.Success, 204: activitylog.Success, 303: activitylog.Success,
		400: activitylog.Failure, 401: activitylog.Denied, 403: activitylog.Denied, 404: activitylog.Failure,
		409: activitylog.Failure, 429: activitylog.Denied, 499: activitylog.Failure, 500: activitylog.Failure, 503: activitylog.Failure,
	}
	for status, want := range tests {
		if got := activitylog.OutcomeOf(status); got != want {
			t.Errorf("OutcomeOf(%d) = %q, want %q", status, got, want)
		}
	}
}

// TestEmitShared checks that goroutines may emit events that share their
// targets and changes, also when these have to be cleaned.
func TestEmitShared(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	logger := rec.Logger("test")
	e := full()
	e.Targets[0].Name = "Bob\xff"
	e.Changes[0].New = json.RawMessage(`"\u0000"`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { activitylog.Emit(t.Context(), logger, e) })
	}
	wg.Wait()
	if n := len(rec.Events()); n != 8 {
		t.Errorf("%d events were emitted, want 8", n)
	}
	if e.Targets[0].Name != "Bob\xff" {
		t.Error("Emit changed the caller's event")
	}
}

// TestEmitIgnoresCancellation uses a logger that, like the SDK's simple
// processor, hands its context on.
func TestEmitIgnoresCancellation(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var logger contextLogger
	activitylog.Emit(ctx, &logger, activitylog.Event{Code: "org:created"})
	if logger.ctx == nil || logger.ctx.Err() != nil {
		t.Errorf("Emit passed on the context %v, want one without an error", logger.ctx)
	}
}

type contextLogger struct {
	embedded.Logger
	ctx context.Context
}

func (l *contextLogger) Enabled(context.Context, log.EnabledParameters) bool { return true }
func (l *contextLogger) Emit(ctx context.Context, _ log.Record)              { l.ctx = ctx }

// FuzzRecord checks that a record holds no attribute twice (the recorder
// refuses it) and that nothing of a clean event is lost on the way.
func FuzzRecord(f *testing.F) {
	f.Add("org:created", "ann", "Ann", "acme", "member", "u1", "/role", []byte(`"a"`), "activitylog.id", "v", 200)
	f.Add("", "", "", "", "", "", "", []byte(nil), "", "", 0)
	f.Add("a:b", "\xff", "\x00", "é", "t", "", "", []byte(`{`), "outcome", "", -1)
	f.Fuzz(func(t *testing.T, code, actor, name, tenant, typ, id, path string, value []byte, attr, attrValue string, status int) {
		e := activitylog.Event{
			Code: activitylog.Code(code), Time: noon, Tenant: tenant,
			Actor:   activitylog.Actor{ID: actor, Name: name, OnBehalfOf: activitylog.Party{ID: name}},
			Targets: []activitylog.Target{{Type: typ, ID: id}, {Type: id, Name: name}},
			Changes: []activitylog.Change{{Path: path, Old: value}},
			HTTP:    activitylog.HTTP{Method: "PATCH", Path: path, Status: status},
		}
		e.Attributes.Set(attr, attrValue)
		e.Attributes.Set(attr, status)
		e.Attributes.Set(attrValue, name)
		rec := new(activitylogtest.Recorder)
		rec.Logger("").Emit(t.Context(), e.Record())
		events := rec.Events()
		if len(events) != 1 {
			if code != "" {
				t.Fatalf("record of %q was taken for %d events", code, len(events))
			}
			return
		}
		got, err := json.Marshal(events[0])
		if err != nil {
			t.Fatal(err)
		}
		want, _ := json.Marshal(e)
		if !bytes.Equal(got, want) {
			t.Errorf("record decodes to\n%s\nwant\n%s", got, want)
		}
	})
}
