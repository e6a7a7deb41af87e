package store_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

func event() activitylog.Event {
	return activitylog.Event{
		ID:         "0192e4a0-0000-7000-8000-0123456789ab",
		Time:       time.Date(2026, 1, 1, 0, 0, 0, 1, time.UTC),
		Observed:   time.Date(2026, 1, 1, 0, 0, 0, 2, time.UTC),
		Targets:    []activitylog.Target{{Type: "member", ID: "m1"}},
		Changes:    []activitylog.Change{activitylog.NewChange("/role", "viewer", "admin")},
		Attributes: activitylog.Attributes{attribute.String("b", "2"), attribute.Int("a", 1)},
		Salt:       "salt",
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name   string
		change func(*activitylog.Event)
		ok     bool
	}{
		{"good", func(e *activitylog.Event) {}, true},
		{"never observed", func(e *activitylog.Event) { e.Observed = time.Time{} }, true},
		{"no id", func(e *activitylog.Event) { e.ID = "" }, false},
		{"id is no UUID", func(e *activitylog.Event) { e.ID = "42" }, false},
		{"id in capitals", func(e *activitylog.Event) { e.ID = "0192E4A0-0000-7000-8000-0123456789AB" }, false},
		{"id in braces", func(e *activitylog.Event) { e.ID = "{" + e.ID + "}" }, false},
		{"no time", func(e *activitylog.Event) { e.Time = time.Time{} }, false},
		{"time too late", func(e *activitylog.Event) { e.Time = time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC) }, false},
		{"observed too late", func(e *activitylog.Event) { e.Observed = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }, false},
		{"before 1970", func(e *activitylog.Event) { e.Time = time.Date(1678, 1, 1, 0, 0, 0, 0, time.UTC) }, true},
		{"change without values", func(e *activitylog.Event) { e.Changes[0] = activitylog.Change{Path: "/x", Redacted: true} }, true},
		{"change is no JSON", func(e *activitylog.Event) { e.Changes[0].Old = json.RawMessage("{") }, false},
		{"not a number", func(e *activitylog.Event) { e.Attributes[0].Value = attribute.Float64Value(math.NaN()) }, false},
		{"infinite", func(e *activitylog.Event) { e.Attributes[0].Value = attribute.Float64Value(math.Inf(1)) }, false},
		{"a list", func(e *activitylog.Event) { e.Attributes[0].Value = attribute.IntSliceValue([]int{1}) }, false},
	}
	for _, tt := range tests {
		e := event()
		tt.change(&e)
		if err := store.Check(&e); (err == nil) != tt.ok || err != nil && !errors.Is(err, store.ErrEvent) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestSame(t *testing.T) {
	tests := []struct {
		name   string
		change func(*activitylog.Event)
		same   bool
	}{
		{"nothing", func(e *activitylog.Event) {}, true},
		{"observed again", func(e *activitylog.Event) { e.Observed = time.Time{} }, true},
		{"time zone", func(e *activitylog.Event) { e.Time = e.Time.In(time.FixedZone("", 3600)) }, true},
		{"order of attributes", func(e *activitylog.Event) {
			e.Attributes[0], e.Attributes[1] = e.Attributes[1], e.Attributes[0]
		}, true},
		{"dotted name", func(e *activitylog.Event) { e.EventName = "x.y" }, true},
		{"time", func(e *activitylog.Event) { e.Time = e.Time.Add(1) }, false},
		{"salt", func(e *activitylog.Event) { e.Salt = "other" }, false},
		{"kind of an attribute", func(e *activitylog.Event) { e.Attributes.Set("a", "1") }, false},
		{"change", func(e *activitylog.Event) { e.Changes[0].Old = nil }, false},
		{"targets", func(e *activitylog.Event) { e.Targets = nil }, false},
		{"actor", func(e *activitylog.Event) { e.Actor.ID = "x" }, false},
	}
	for _, tt := range tests {
		e := event()
		tt.change(&e)
		if got := store.Same(event(), e); got != tt.same {
			t.Errorf("%s: Same = %v, want %v", tt.name, got, tt.same)
		}
	}
}

func TestKeptSharesNothing(t *testing.T) {
	e := event()
	kept := store.Kept(e)
	e.Targets[0].ID, e.Changes[0].Old[1], e.Attributes[0] = "x", 'x', attribute.Int("z", 1)
	if !store.Same(kept, event()) {
		t.Errorf("changing the original changed what is kept: %+v", kept)
	}
}
