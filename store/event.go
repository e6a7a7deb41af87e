package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/attribute"

	"github.com/activitylog-go/activitylog"
)

// Check returns an error that wraps [ErrEvent] if no store can keep e: its
// ID must be a UUID in lower case; its times must lie between the years 1678
// and 2261, so that 64 bits hold their nanoseconds (Observed may be zero); its
// changes must be JSON and its attributes strings, booleans and finite numbers.
func Check(e *activitylog.Event) error {
	invalid := func(format string, args ...any) error {
		return fmt.Errorf("%w: event %q: %s", ErrEvent, e.ID, fmt.Sprintf(format, args...))
	}
	if id, err := ParseID(e.ID); err != nil || id.String() != e.ID {
		return invalid("id must be a UUID in lower case")
	}
	if !inRange(e.Time) {
		return invalid("time %v is not between the years 1678 and 2261", e.Time)
	}
	if !e.Observed.IsZero() && !inRange(e.Observed) {
		return invalid("observed time %v is not between the years 1678 and 2261", e.Observed)
	}
	for _, c := range e.Changes {
		if !isJSON(c.Old) || !isJSON(c.New) {
			return invalid("change of %q is not JSON", c.Path)
		}
	}
	for _, kv := range e.Attributes {
		if !isPlain(kv.Value) {
			return invalid("attribute %q is no string, boolean or finite number", kv.Key)
		}
	}
	return nil
}

// ParseID returns the bytes of an event's ID, a UUID as it is usually written.
func ParseID(id string) (uuid.UUID, error) {
	if len(id) != 36 {
		return uuid.UUID{}, fmt.Errorf("id %q is no UUID", id)
	}
	return uuid.Parse(id)
}

func inRange(t time.Time) bool {
	year := t.UTC().Year()
	return 1678 <= year && year <= 2261
}

func isJSON(text json.RawMessage) bool { return len(text) == 0 || json.Valid(text) }

func isPlain(v attribute.Value) bool {
	switch v.Type() {
	case attribute.STRING, attribute.BOOL, attribute.INT64:
		return true
	case attribute.FLOAT64:
		return !math.IsNaN(v.AsFloat64()) && !math.IsInf(v.AsFloat64(), 0)
	default:
		return false
	}
}

// Kept returns what a store keeps of e, sharing nothing with it: times in UTC,
// attributes in the order of their names, nil in place of empty lists and
// values. EventName is a matter of the wire and goes; Ingested and Erased are
// the store's to add.
func Kept(e activitylog.Event) activitylog.Event {
	e.EventName = ""
	e.Severity = 0
	e.Ingested, e.Erased = time.Time{}, time.Time{}
	e.Time = e.Time.UTC().Round(0) // without the monotonic clock
	if !e.Observed.IsZero() {
		e.Observed = e.Observed.UTC().Round(0)
	}
	e.Targets = append([]activitylog.Target(nil), e.Targets...)
	e.Changes = append([]activitylog.Change(nil), e.Changes...)
	for i, c := range e.Changes {
		e.Changes[i].Old = append(json.RawMessage(nil), c.Old...)
		e.Changes[i].New = append(json.RawMessage(nil), c.New...)
	}
	e.Attributes = append(activitylog.Attributes(nil), e.Attributes...)
	slices.SortFunc(e.Attributes, func(x, y attribute.KeyValue) int {
		return strings.Compare(string(x.Key), string(y.Key))
	})
	return e
}

// Erased returns what is left of e without its personal part: what says who a
// person is, and what may. The names of targets, the values of changes, the
// sentence, the reason and what the application added are part of it; ids,
// codes, routes, times, outcomes and the paths of changes stay. When it was
// erased is the store's to add.
func Erased(e activitylog.Event) activitylog.Event {
	e = Kept(e)
	e.Salt, e.Summary, e.Reason, e.Attributes = "", "", "", nil
	e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name = "", "", ""
	e.HTTP.Path = ""
	e.Source = activitylog.Source{RequestID: e.Source.RequestID}
	for i := range e.Targets {
		e.Targets[i].Name = ""
	}
	for i := range e.Changes {
		e.Changes[i].Old, e.Changes[i].New, e.Changes[i].Redacted = nil, nil, true
	}
	return e
}

// Same reports whether a and b have the same content, so that one of them is
// a second delivery of the other. When the SDK observed them does not count:
// that differs if an application emits an event again. If one of them is
// erased, only what an erasure leaves counts.
func Same(a, b activitylog.Event) bool {
	if !a.Erased.IsZero() || !b.Erased.IsZero() {
		a, b = Erased(a), Erased(b)
	}
	textA, errA := content(a)
	textB, errB := content(b)
	return errA == nil && errB == nil && a.Salt == b.Salt && bytes.Equal(textA, textB)
}

func content(e activitylog.Event) ([]byte, error) {
	e = Kept(e)
	e.Observed = time.Time{}
	return json.Marshal(e)
}
