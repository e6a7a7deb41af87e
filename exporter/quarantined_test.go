package activitylogexporter_test

import (
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/store"
)

// marshalLogs returns logs as a record in quarantine has them.
func marshalLogs(tb testing.TB, logs plog.Logs) []byte {
	tb.Helper()
	raw, err := new(plog.ProtoMarshaler).MarshalLogs(logs)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func TestEventOf(t *testing.T) {
	undated := logsOf("a:b")
	undated.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetTimestamp(0)
	tests := []struct {
		name string
		q    store.Quarantined
		code activitylog.Code // "" if there is an error
		want string           // part of the error
	}{
		{"conflict", store.Quarantined{Event: activitylog.Event{Code: "c:d"}}, "c:d", ""},
		{"record", store.Quarantined{Raw: marshalLogs(t, logsOf("a:b"))}, "a:b", ""},
		{"no event", store.Quarantined{Raw: marshalLogs(t, logsOf(""))}, activitylogexporter.LogCode, ""},
		{"no time", store.Quarantined{Raw: marshalLogs(t, undated), Time: now}, "a:b", ""},
		{"two records", store.Quarantined{ID: "x", Raw: marshalLogs(t, logsOf("a:b", "c:d"))}, "", "record x: has 2 log records"},
		{"nothing", store.Quarantined{ID: "x", Raw: []byte{}}, "", "record x: has 0 log records"},
		{"noise", store.Quarantined{ID: "x", Raw: []byte("\xff")}, "", "record x: no OTLP log request"},
	}
	for _, tt := range tests {
		e, err := activitylogexporter.EventOf(tt.q)
		if e.Code != tt.code || (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %q, %v", tt.name, e.Code, err)
		}
		if tt.name == "no time" && !e.Time.Equal(now) {
			t.Errorf("%s: it happened at %v, want when it came", tt.name, e.Time)
		}
	}
}

// FuzzEventOf checks that whatever is in quarantine is an error or an event
// that a store can look at.
func FuzzEventOf(f *testing.F) {
	f.Add(marshalLogs(f, logsOf("a:b")))
	f.Add([]byte("\xff"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := activitylogexporter.EventOf(store.Quarantined{Raw: raw, Time: time.Unix(1790000000, 0)})
		if err == nil && raw != nil {
			checkEvent(t, e)
		}
	})
}
