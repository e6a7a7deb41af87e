package activitylogexporter_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// TestDecodeGolden pins what becomes of the records of any sender: OTLP JSON
// in, the events' JSON out. The sentences of the events without a body are
// left out: they are another package's.
func TestDecodeGolden(t *testing.T) {
	inputs, err := filepath.Glob("testdata/decode/*.otlp.json")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, input := range inputs {
		t.Run(filepath.Base(input), func(t *testing.T) {
			events, passed := activitylogexporter.Decode(readLogs(t, input), false, now)
			var got bytes.Buffer
			enc := json.NewEncoder(&got)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			for i := range events {
				if err := enc.Encode(golden(events[i])); err != nil {
					t.Fatal(err)
				}
			}
			got.WriteString("passed over: " + strconv.Itoa(passed) + "\n")
			compare(t, strings.Replace(input, ".otlp.json", ".golden", 1), got.Bytes())
		})
	}
}

// golden returns e with the fields that its JSON form leaves out, and without
// a sentence that was made for want of a body.
func golden(e activitylog.Event) any {
	if e.Summary == (*catalogue.Catalogue)(nil).Sentence(&e) {
		e.Summary = ""
	}
	return struct {
		Event     activitylog.Event `json:"event"`
		EventName string            `json:"event_name"`
		Salt      string            `json:"salt,omitempty"`
	}{e, e.EventName, e.Salt}
}

func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (rerun with -update if intended)\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

func readLogs(t *testing.T, file string) plog.Logs {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(data)
	if err != nil {
		t.Fatal(err)
	}
	return logs
}

// newLogs returns logs with one event, to be spoilt by change.
func newLogs(change func(plog.LogRecord)) plog.Logs {
	logs := plog.NewLogs()
	r := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	r.SetEventName("org:created")
	r.SetTimestamp(1790000000000000000)
	change(r)
	return logs
}

func decodeOne(t *testing.T, logs plog.Logs) activitylog.Event {
	t.Helper()
	events, passed := activitylogexporter.Decode(logs, false, now)
	if len(events) != 1 || passed != 0 {
		t.Fatalf("got %d events and %d records passed over, want one event", len(events), passed)
	}
	checkEvent(t, events[0])
	return events[0]
}

// checkEvent checks what a store relies on.
func checkEvent(t *testing.T, e activitylog.Event) {
	t.Helper()
	if err := store.Check(&e); err != nil {
		t.Error(err)
	}
	if e.Code == "" || e.Outcome == "" || e.Actor.Type == "" || e.Time.IsZero() || e.Summary == "" {
		t.Errorf("code %q, outcome %q, actor type %q, time %v or summary %q is missing", e.Code, e.Outcome, e.Actor.Type, e.Time, e.Summary)
	}
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatalf("event has no JSON form: %v", err)
	}
	if !utf8.Valid(text) || bytes.Contains(text, []byte(`\u0000`)) && !bytes.Contains(text, []byte(`\\u0000`)) {
		t.Errorf("event is not clean: %s", text)
	}
	again := e
	again.Clean()
	if after, _ := json.Marshal(again); !bytes.Equal(text, after) {
		t.Errorf("Clean changes a decoded event from\n%s\nto\n%s", text, after)
	}
}

func TestDecodeHostile(t *testing.T) {
	long := strings.Repeat("x", 10<<20)
	tests := []struct {
		name   string
		change func(plog.LogRecord)
		check  func(activitylog.Event) bool
	}{
		{"ten thousand attributes", func(r plog.LogRecord) {
			for i := range 10_000 {
				r.Attributes().PutInt("a"+strconv.Itoa(i), int64(i))
			}
		}, func(e activitylog.Event) bool { return e.Truncated && len(e.Attributes) == activitylog.MaxAttributes }},
		{"ten megabytes", func(r plog.LogRecord) {
			r.Attributes().PutStr(activitylog.KeyUserAgent, long)
			r.Attributes().PutStr(long, "y")
			r.Body().SetStr(long)
		}, func(e activitylog.Event) bool {
			return e.Truncated && len(e.Source.UserAgent) == activitylog.MaxUserAgent && len(e.Summary) == activitylog.MaxString
		}},
		{"ten megabytes of changes", func(r plog.LogRecord) {
			r.Attributes().PutStr(activitylog.KeyChanges, `[{"path":"/a","old":"`+long+`"}]`)
		}, func(e activitylog.Event) bool { return e.Truncated && len(e.Changes) == 1 && e.Changes[0].Truncated }},
		{"NUL and invalid UTF-8", func(r plog.LogRecord) {
			r.Attributes().PutStr(activitylog.KeyUserAgent, "curl\x00/\xff8")
			r.Attributes().PutStr("\x00\xfe", "\xed\xa0\x80")
			r.Attributes().PutEmptyMap("map").PutStr("\xff", "\x00")
		}, func(e activitylog.Event) bool { return e.Source.UserAgent == "curl\uFFFD/\uFFFD8" }},
		{"names that cleaning makes the same", func(r plog.LogRecord) {
			r.Attributes().PutStr("\xfe", "1")
			r.Attributes().PutStr("\xff", "2")
		}, func(e activitylog.Event) bool { return len(e.Attributes) > 0 }},
		{"numbers at the edge", func(r plog.LogRecord) {
			r.Attributes().PutInt("min", math.MinInt64)
			r.Attributes().PutDouble("nan", math.NaN())
			r.Attributes().PutDouble("inf", math.Inf(-1))
			r.Attributes().PutEmptySlice("list").AppendEmpty().SetDouble(math.NaN())
			r.Attributes().PutInt(activitylog.KeyStatus, math.MaxInt64)
		}, func(e activitylog.Event) bool {
			min, _ := e.Attributes.Get("min")
			nan, _ := e.Attributes.Get("nan")
			list, _ := e.Attributes.Get("list")
			status, _ := e.Attributes.Get(activitylog.KeyStatus)
			return min.AsInt64() == math.MinInt64 && nan.AsString() == "NaN" && list.AsString() == `["NaN"]` &&
				status.AsInt64() == math.MaxInt64 && e.HTTP.Status == 0
		}},
		{"a time beyond all times", func(r plog.LogRecord) {
			r.SetTimestamp(math.MaxUint64)
			r.SetObservedTimestamp(math.MaxInt64)
			r.Attributes().PutStr("time_unix_nano", "the sender's own")
		}, func(e activitylog.Event) bool {
			text, _ := e.Attributes.Get("time_unix_nano#2")
			return e.Time.Equal(now) && e.Observed.IsZero() && text.AsString() == "18446744073709551615"
		}},
		{"deep nesting", func(r plog.LogRecord) { nest(r.Attributes().PutEmpty("deep"), 10_000) },
			func(e activitylog.Event) bool {
				deep, _ := e.Attributes.Get("deep")
				return e.Truncated && json.Valid([]byte(deep.AsString()))
			}},
		{"nesting that nobody minds", func(r plog.LogRecord) { nest(r.Attributes().PutEmpty("deep"), 20) },
			func(e activitylog.Event) bool {
				deep, _ := e.Attributes.Get("deep")
				return !e.Truncated && deep.AsString() == strings.Repeat("[", 20)+`"core"`+strings.Repeat("]", 20)
			}},
		{"attributes dropped by the sender's SDK", func(r plog.LogRecord) { r.SetDroppedAttributesCount(1) },
			func(e activitylog.Event) bool { return e.Truncated }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if e := decodeOne(t, newLogs(tt.change)); !tt.check(e) {
				text, _ := json.Marshal(e)
				t.Errorf("got %.2000s", text)
			}
		})
	}
}

// nest puts a text into lists of lists.
func nest(v pcommon.Value, depth int) {
	for range depth {
		v = v.SetEmptySlice().AppendEmpty()
	}
	v.SetStr("core")
}

// TestDecodeLargeResource checks that the ids of many records do not cost as
// many copies of what they have in common.
func TestDecodeLargeResource(t *testing.T) {
	const size, records = 1 << 20, 300
	logs := plog.NewLogs()
	resourceLogs := logs.ResourceLogs().AppendEmpty()
	resourceLogs.Resource().Attributes().PutStr("process.command_line", strings.Repeat("x", size))
	scopeLogs := resourceLogs.ScopeLogs().AppendEmpty()
	for i := range records {
		r := scopeLogs.LogRecords().AppendEmpty()
		r.SetEventName("org:created")
		r.SetTimestamp(pcommon.Timestamp(i + 1))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	events, _ := activitylogexporter.Decode(logs, false, now)
	runtime.ReadMemStats(&after)
	if len(events) != records || events[0].ID == events[1].ID {
		t.Errorf("%d events, the first two are %s and %s", len(events), events[0].ID, events[1].ID)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 20*size {
		t.Errorf("decoding %d records of one resource of %d bytes takes %d bytes", records, size, used)
	}
}

// TestDecodeDerivedID checks that a resend has the same id, whenever it comes,
// and that no part of the record is without influence on it.
func TestDecodeDerivedID(t *testing.T) {
	id := func(change func(plog.Logs, plog.LogRecord), at time.Time) string {
		logs := newLogs(func(r plog.LogRecord) { r.SetTimestamp(0) })
		change(logs, logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0))
		events, _ := activitylogexporter.Decode(logs, false, at)
		return events[0].ID
	}
	same := func(plog.Logs, plog.LogRecord) {}
	want := id(same, now)
	if got := id(same, now.Add(time.Hour)); got != want {
		t.Errorf("id depends on the clock: %s, %s", want, got)
	}
	if version := uuid.MustParse(want).Version(); version != 8 {
		t.Errorf("derived id %s has version %d, want 8", want, version)
	}
	seen := map[string]string{want: "nothing"}
	for name, change := range map[string]func(plog.Logs, plog.LogRecord){
		"resource": func(l plog.Logs, _ plog.LogRecord) {
			l.ResourceLogs().At(0).Resource().Attributes().PutStr("host", "a")
		},
		"scope":     func(l plog.Logs, _ plog.LogRecord) { l.ResourceLogs().At(0).ScopeLogs().At(0).Scope().SetName("a") },
		"time":      func(_ plog.Logs, r plog.LogRecord) { r.SetTimestamp(1) },
		"observed":  func(_ plog.Logs, r plog.LogRecord) { r.SetObservedTimestamp(1) },
		"name":      func(_ plog.Logs, r plog.LogRecord) { r.SetEventName("org:lost") },
		"body":      func(_ plog.Logs, r plog.LogRecord) { r.Body().SetStr("a") },
		"attribute": func(_ plog.Logs, r plog.LogRecord) { r.Attributes().PutStr("a", "b") },
		"severity":  func(_ plog.Logs, r plog.LogRecord) { r.SetSeverityNumber(9) },
		"trace":     func(_ plog.Logs, r plog.LogRecord) { r.SetTraceID(pcommon.TraceID{1}) },
	} {
		got := id(change, now)
		if other, taken := seen[got]; taken {
			t.Errorf("a change of %s gives the id of a change of %s", name, other)
		}
		seen[got] = name
	}
}

func TestDecodeAll(t *testing.T) {
	events, passed := activitylogexporter.Decode(readLogs(t, "testdata/decode/names.otlp.json"), true, now)
	if len(events) != 6 || passed != 0 {
		t.Fatalf("got %d events and %d passed over, want 6 and none", len(events), passed)
	}
	for _, tt := range []struct {
		index   int
		code    activitylog.Code
		summary string
		outcome activitylog.Outcome
	}{
		{0, "org:created", "", activitylog.Success},
		{4, activitylogexporter.LogCode, "no event, passed over", activitylog.Success},
		{5, activitylogexporter.LogCode, "", activitylog.Failure},
	} {
		e := events[tt.index]
		if e.Code != tt.code || e.Outcome != tt.outcome || tt.summary != "" && e.Summary != tt.summary {
			t.Errorf("event %d: got %q, %q, %q, want %q, %q, %q", tt.index, e.Code, e.Summary, e.Outcome, tt.code, tt.summary, tt.outcome)
		}
	}
}

// FuzzDecode checks that any OTLP request gives events that a store can take.
func FuzzDecode(f *testing.F) {
	inputs, _ := filepath.Glob("testdata/decode/*.otlp.json")
	for _, input := range inputs {
		data, err := os.ReadFile(input)
		if err != nil {
			f.Fatal(err)
		}
		logs, err := new(plog.JSONUnmarshaler).UnmarshalLogs(data)
		if err != nil {
			f.Fatal(err)
		}
		proto, err := new(plog.ProtoMarshaler).MarshalLogs(logs)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(proto)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		logs, err := new(plog.ProtoUnmarshaler).UnmarshalLogs(data)
		if err != nil {
			return
		}
		events, passed := activitylogexporter.Decode(logs, false, now)
		if len(events)+passed != logs.LogRecordCount() {
			t.Fatalf("%d events and %d passed over of %d records", len(events), passed, logs.LogRecordCount())
		}
		for _, e := range events {
			checkEvent(t, e)
		}
		again, _ := activitylogexporter.Decode(logs, true, now.Add(time.Hour))
		if len(again) != logs.LogRecordCount() {
			t.Fatalf("with all, %d events of %d records", len(again), logs.LogRecordCount())
		}
	})
}
