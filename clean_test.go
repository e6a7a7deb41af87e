package activitylog_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"

	"github.com/activitylog-go/activitylog"
)

func TestText(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"plain", "plain"},
		{"Zoë 日本 \U0001F600", "Zoë 日本 \U0001F600"},
		{"a\x00b", "a\uFFFDb"},
		{"\xff\xfe", "\uFFFD"},
		{"a\xc3", "a\uFFFD"},
		{"a\xed\xa0\x80b", "a\uFFFDb"}, // a surrogate in UTF-8
		{"tab\tline\n", "tab\tline\n"},
		{"\uFFFD", "\uFFFD"},
	}
	for _, tt := range tests {
		if got := activitylog.Text(tt.in); got != tt.want {
			t.Errorf("Text(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestCleanCuts(t *testing.T) {
	long := strings.Repeat("x", activitylog.MaxString)
	tests := []struct {
		name string
		e    activitylog.Event
		ok   func(activitylog.Event) bool
	}{
		{"longest string stays", activitylog.Event{Reason: long},
			func(e activitylog.Event) bool { return e.Reason == long && !e.Truncated }},
		{"longer string is cut", activitylog.Event{Reason: long + "y"},
			func(e activitylog.Event) bool { return e.Reason == long && e.Truncated }},
		{"longest User-Agent stays", activitylog.Event{Source: activitylog.Source{UserAgent: long[:512]}},
			func(e activitylog.Event) bool { return e.Source.UserAgent == long[:512] && !e.Truncated }},
		{"longer User-Agent is cut", activitylog.Event{Source: activitylog.Source{UserAgent: long[:513]}},
			func(e activitylog.Event) bool { return e.Source.UserAgent == long[:512] && e.Truncated }},
		{"cut falls between characters", activitylog.Event{Reason: long[1:] + "é"},
			func(e activitylog.Event) bool { return e.Reason == long[1:] && e.Truncated }},
		{"large value goes whole", activitylog.Event{Changes: []activitylog.Change{activitylog.NewChange("/a", long, 1)}},
			func(e activitylog.Event) bool {
				c := e.Changes[0]
				return c.Old == nil && c.New == nil && c.Truncated && e.Truncated
			}},
		{"broken value goes whole", activitylog.Event{Changes: []activitylog.Change{{Path: "/a", New: json.RawMessage(`{"a"`)}}},
			func(e activitylog.Event) bool { return e.Changes[0].New == nil && e.Changes[0].Truncated }},
		{"no value is no truncation", activitylog.Event{Changes: []activitylog.Change{activitylog.NewChange("/a", nil, 1)}},
			func(e activitylog.Event) bool { return !e.Changes[0].Truncated && !e.Truncated }},
		{"attribute without a name goes", activitylog.Event{Attributes: activitylog.Attributes{attribute.Int("", 1), attribute.Int("a", 1)}},
			func(e activitylog.Event) bool { return len(e.Attributes) == 1 && e.Truncated }},
		{"names that cleaning makes the same are one", activitylog.Event{Attributes: activitylog.Attributes{attribute.Int("a\x00", 1), attribute.Int("a\xff", 2)}},
			func(e activitylog.Event) bool {
				return len(e.Attributes) == 1 && e.Attributes[0].Value.AsInt64() == 2
			}},
		{"what identifies the event comes first", activitylog.Event{
			ID: "id", Code: "a:b", Tenant: "acme", Actor: activitylog.Actor{ID: "ann"},
			Source:     activitylog.Source{UserAgent: long, SessionID: long, RequestID: long},
			HTTP:       activitylog.HTTP{Path: long},
			Reason:     long,
			Summary:    long,
			Targets:    []activitylog.Target{{Type: "t", ID: long}, {ID: long}},
			Attributes: activitylog.Attributes{attribute.String("a", long)},
		}, func(e activitylog.Event) bool {
			return e.ID == "id" && e.Code == "a:b" && e.Tenant == "acme" && e.Actor.ID == "ann" &&
				len(e.Targets) > 0 && e.Truncated
		}},
	}
	for _, tt := range tests {
		tt.e.Clean()
		if !tt.ok(tt.e) {
			t.Errorf("%s: got %.300v", tt.name, tt.e)
		}
	}
}

func TestCleanBoundsNumbers(t *testing.T) {
	var e activitylog.Event
	for range 100_000 {
		e.Targets = append(e.Targets, activitylog.Target{})
		e.Changes = append(e.Changes, activitylog.Change{})
	}
	for i := range activitylog.MaxAttributes + 1 {
		e.Attributes = append(e.Attributes, attribute.Int(string(rune('a'+i)), i))
	}
	e.Clean()
	if n := len(e.Attributes); n > activitylog.MaxAttributes {
		t.Errorf("%d attributes are kept, want at most %d", n, activitylog.MaxAttributes)
	}
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if limit := 2 * activitylog.MaxEvent; len(b) > limit || !e.Truncated {
		t.Errorf("event of many empty parts is %d bytes, truncated %v, want at most %d and true", len(b), e.Truncated, limit)
	}
}

func TestCleanValues(t *testing.T) {
	tests := []struct{ in, want string }{
		{`"a\u0000b"`, `"a\ufffdb"`},
		{`"\\u0000"`, `"\\u0000"`},
		{`"\\\u0000"`, `"\\\ufffd"`},
		{`{"\u0000":1}`, `{"\ufffd":1}`},
		{`"\ud83d\ude00"`, `"\ud83d\ude00"`},
		{`"\ud83d"`, `"\ufffd"`},
		{`"\ud83dx"`, `"\ufffdx"`},
		{`"\ude00\ud83d"`, `"\ufffd\ufffd"`},
		{`"\ud83d\u0000"`, `"\ufffd\ufffd"`},
		{`"\u00e9"`, `"\u00e9"`},
		{"\"\xff\"", "\"\uFFFD\""},
	}
	for _, tt := range tests {
		e := activitylog.Event{Changes: []activitylog.Change{{Path: "/a", New: json.RawMessage(tt.in)}}}
		e.Clean()
		if got := string(e.Changes[0].New); got != tt.want {
			t.Errorf("%s becomes %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestCleanAttributes(t *testing.T) {
	tests := []struct {
		in   attribute.KeyValue
		want string
	}{
		{attribute.Float64("f", math.Inf(1)), "Infinity"},
		{attribute.Float64("f", math.NaN()), "NaN"},
		{attribute.StringSlice("s", []string{"a", "b"}), `["a","b"]`},
		{attribute.String("s", "a\xff"), "a\uFFFD"},
	}
	for _, tt := range tests {
		e := activitylog.Event{Attributes: activitylog.Attributes{tt.in}}
		e.Clean()
		if got, _ := e.Attributes.Get(string(tt.in.Key)); got.Type() != attribute.STRING || got.AsString() != tt.want {
			t.Errorf("%v becomes %v, want %q", tt.in, got.String(), tt.want)
		}
	}
}

// FuzzClean checks that any event becomes one that protobuf, JSON and the
// stores take, that cleaning again changes nothing, and that it is bounded.
func FuzzClean(f *testing.F) {
	f.Add("org:created", "ann\xff", "/a", []byte(`"\u0000"`), "name", "value\x00", 1)
	f.Add("", "", "", []byte(nil), "", "", 0)
	f.Add("x", strings.Repeat("é", 9000), "/a", []byte(`"\ud800"`), "n", strings.Repeat("\xff", 9000), 70)
	f.Fuzz(func(t *testing.T, code, text, path string, value []byte, name, attr string, n int) {
		e := activitylog.Event{
			Code:    activitylog.Code(code),
			Actor:   activitylog.Actor{ID: text, Name: attr},
			Summary: text,
			HTTP:    activitylog.HTTP{Path: path},
			Source:  activitylog.Source{UserAgent: attr},
		}
		for range min(max(n, 0), 200) {
			e.Targets = append(e.Targets, activitylog.Target{Type: path, ID: text, Name: attr})
			e.Changes = append(e.Changes, activitylog.Change{Path: path, Old: value, New: value})
			e.Attributes.Set(name+text[:min(len(text), len(e.Attributes))], attr)
		}
		e.Clean()
		once, err := json.Marshal(e)
		if err != nil {
			t.Fatalf("cleaned event has no JSON form: %v", err)
		}
		if limit := 8 * activitylog.MaxEvent; len(once) > limit {
			t.Errorf("cleaned event is %d bytes of JSON, want at most %d", len(once), limit)
		}
		for _, s := range texts(e) {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) || len(s) > activitylog.MaxString {
				t.Fatalf("cleaned event has the string %.50q of %d bytes", s, len(s))
			}
		}
		e.Clean()
		if twice, _ := json.Marshal(e); string(twice) != string(once) {
			t.Errorf("cleaning again changed\n%.500s\nto\n%.500s", once, twice)
		}
	})
}

func texts(e activitylog.Event) []string {
	all := []string{string(e.Code), e.Actor.ID, e.Actor.Name, e.Summary, e.HTTP.Path, e.Source.UserAgent}
	for _, target := range e.Targets {
		all = append(all, target.Type, target.ID, target.Name)
	}
	for _, c := range e.Changes {
		all = append(all, c.Path, string(c.Old), string(c.New))
	}
	for _, kv := range e.Attributes {
		all = append(all, string(kv.Key), kv.Value.AsString())
	}
	return all
}
