package storetest

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// texts are strings that stores are known to change.
var texts = []string{
	"", " ", "  leading and trailing  ", "tab\tnewline\nreturn\r\n", "\x01\x1b[31m\x7f", "NULL", "null", "0", "1e2",
	`"double" 'single' back\slash %percent _ $1 ? :name @name`, "'; DROP TABLE events; --", "<b>&amp;</b>",
	"emoji 👩‍💻🏳️‍🌈", "combining e\u0301 is not \u00e9", "RTL שלום\u202Eabc\u202C", "\uFEFFbyte order mark",
	"\uFFFD\uFFFF\U0010FFFF", "line\u2028separator", "Straße ΑΒΓ ıİ", strings.Repeat("long ü", activitylog.MaxString/8),
}

// shortTexts are those without the long one, for many events.
var shortTexts = texts[:len(texts)-1]

// full returns an event in which every field has a value made of text.
func (g *generator) full(text string) activitylog.Event {
	e := activitylog.Event{
		ID:        g.id(),
		Time:      base.Add(123456789),
		Observed:  base.Add(987654321),
		Code:      activitylog.Code("1" + text),
		Summary:   "2" + text,
		Outcome:   activitylog.Outcome("3" + text),
		Reason:    "4" + text,
		ErrorType: "5" + text,
		Tenant:    "6" + text,
		Actor: activitylog.Actor{
			ID: "7" + text, Type: activitylog.ActorType("8" + text), Name: "9" + text, Email: "10" + text,
			OnBehalfOf: activitylog.Party{ID: "11" + text, Name: "12" + text},
		},
		Targets: []activitylog.Target{
			{Type: "13" + text, ID: "14" + text, Name: "15" + text},
			{Type: "16" + text, ID: "17" + text, Name: "18" + text},
		},
		Source: activitylog.Source{
			ClientAddress: "19" + text, PeerAddress: "20" + text, UserAgent: "21" + text,
			SessionID: "22" + text, RequestID: "23" + text,
		},
		HTTP:      activitylog.HTTP{Method: "24" + text, Route: "25" + text, Path: "26" + text, Status: 599},
		TraceID:   "27" + text,
		SpanID:    "28" + text,
		Service:   "29" + text,
		Truncated: true,
		Stream:    "30" + text,
		Seq:       math.MaxUint64,
		Salt:      "31" + text,
	}
	e.Attributes.Set("32"+text, text)
	value, _ := json.Marshal(text) // a string always has a JSON form
	e.Changes = []activitylog.Change{{Path: "33" + text, Old: value, New: json.RawMessage("null")}}
	return e
}

// testContent checks that every event comes back in every byte.
func testContent(t *testing.T, s store.Store) {
	g := newGenerator(10)
	events := []activitylog.Event{{ID: g.id(), Time: base}} // nothing in it
	for _, text := range texts {
		events = append(events, g.full(text))
	}
	events = append(events, g.targets(), g.changes(), g.attributes())
	mustAppend(t, s, added(len(events)), events...)
	for _, want := range events {
		got, err := s.Get(t.Context(), want.ID)
		if err != nil {
			t.Fatalf("Get(%q): %v", want.ID, err)
		}
		checkEvent(t, got, want)
	}
	checkList(t, s, query.Query{}, 0, events)
	mustAppend(t, s, store.Result{Duplicates: len(events)}, events...) // what comes back is the same
}

func (g *generator) targets() activitylog.Event {
	e := g.event()
	e.Targets = nil
	for range 100 {
		e.Targets = append(e.Targets, activitylog.Target{Type: "payout", ID: pick(g, ids)}) // some twice
	}
	return e
}

func (g *generator) changes() activitylog.Event {
	e := g.event()
	e.Changes = []activitylog.Change{
		activitylog.NewChange("/role", "viewer", "admin"),
		activitylog.NewChange("", nil, map[string]any{"b": 1, "a": []int{1}}),
		activitylog.NewChange("/a~1b/~0", nil, nil),
		{Path: "/token", Redacted: true},
		{Path: "/pin", Old: fingerprint("0f"), New: fingerprint("9a"), Redacted: true},
		{Path: "/card", New: fingerprint("1b"), Redacted: true, Truncated: true},
		{Path: "/large", Truncated: true},
		{Path: "/exact", Old: json.RawMessage(`{"b": 1e2,"a":1, "a":2}`), New: json.RawMessage(`"<\u00e9é>"`)},
		{Path: "/number", Old: json.RawMessage(`12345678901234567890.10`), New: json.RawMessage(`1`)},
		{New: json.RawMessage(`"2900 more changes"`), Truncated: true},
	}
	return e
}

// fingerprint returns one of a secret, as a change has it.
func fingerprint(digits string) json.RawMessage {
	return json.RawMessage(`"hmac-sha256:` + strings.Repeat(digits, 32) + `"`)
}

func (g *generator) attributes() activitylog.Event {
	e := g.event()
	e.Attributes = activitylog.Attributes{
		attribute.Bool("true", true), attribute.Bool("false", false),
		attribute.Int64("min", math.MinInt64), attribute.Int64("max", math.MaxInt64), attribute.Int64("one", 1),
		attribute.Float64("one.0", 1), attribute.Float64("huge", math.MaxFloat64),
		attribute.Float64("tiny", math.SmallestNonzeroFloat64), attribute.Float64("-0", math.Copysign(0, -1)),
		attribute.Float64("0.1", 0.1), attribute.Float64("1e21", 1e21),
		attribute.String("number", "1"), attribute.String("json", `{"a":1}`), attribute.String("", "no name"),
	}
	return e
}

// testTimes checks that every nanosecond counts, in the years of [store.Check].
func testTimes(t *testing.T, s store.Store) {
	g := newGenerator(11)
	times := []time.Time{
		time.Date(1678, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
		time.Unix(0, 0),
		time.Unix(0, 1),
		base,
		base.Add(1).In(time.FixedZone("elsewhere", 3600)),
		base.Add(2),
		time.Date(2261, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
	}
	var events []activitylog.Event
	for _, at := range times {
		e := g.event()
		e.Time, e.Observed = at, at
		events = append(events, e)
	}
	mustAppend(t, s, added(len(events)), events...)
	checkList(t, s, query.Query{}, 3, events)
	for _, at := range times {
		for _, q := range []query.Query{{Since: at}, {Until: at}, {Since: at, Until: at.Add(1)}, {Since: at, Until: at}} {
			checkList(t, s, q, 0, matching(q, events))
		}
	}
	for _, year := range []int{1, 1600, 2300, 9999} { // bounds that no event can have
		at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		for _, q := range []query.Query{{Since: at}, {Until: at}} {
			checkList(t, s, q, 0, matching(q, events))
		}
	}
}
