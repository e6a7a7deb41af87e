package activitylogtest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"

	"github.com/activitylog-go/activitylog"
)

// A Matcher says something that [Expect] expects of an event.
type Matcher struct {
	what, want string // "actor", `"usr_ann"`

	// look returns what the event has in that place, and whether it is as wanted.
	look func(*activitylog.Event) (got string, ok bool)
}

// Code expects the event's code.
func Code(want activitylog.Code) Matcher {
	return text("code", string(want), func(e *activitylog.Event) string { return string(e.Code) })
}

// Tenant expects the id of the tenant.
func Tenant(id string) Matcher {
	return text("tenant", id, func(e *activitylog.Event) string { return e.Tenant })
}

// Actor expects the id of the actor; "" is that of nobody.
func Actor(id string) Matcher {
	return text("actor", id, func(e *activitylog.Event) string { return e.Actor.ID })
}

// ActorType expects the type of the actor.
func ActorType(want activitylog.ActorType) Matcher {
	return text("actor type", string(want), func(e *activitylog.Event) string { return string(e.Actor.Type) })
}

// OnBehalfOf expects the id of the one on whose behalf the actor acted.
func OnBehalfOf(id string) Matcher {
	return text("on behalf of", id, func(e *activitylog.Event) string { return e.Actor.OnBehalfOf.ID })
}

// Outcome expects the outcome.
func Outcome(want activitylog.Outcome) Matcher {
	return text("outcome", string(want), func(e *activitylog.Event) string { return string(e.Outcome) })
}

// Reason expects the reason.
func Reason(want string) Matcher {
	return text("reason", want, func(e *activitylog.Event) string { return e.Reason })
}

// ErrorType expects the class of the failure: "500", "panic".
func ErrorType(want string) Matcher {
	return text("error type", want, func(e *activitylog.Event) string { return e.ErrorType })
}

// Route expects the template of the route: "/orgs/{org}".
func Route(want string) Matcher {
	return text("route", want, func(e *activitylog.Event) string { return e.HTTP.Route })
}

// Summary expects the sentence.
func Summary(want string) Matcher {
	return text("summary", want, func(e *activitylog.Event) string { return e.Summary })
}

// Status expects the status of the HTTP response.
func Status(want int) Matcher {
	return Matcher{"status", strconv.Itoa(want), func(e *activitylog.Event) (string, bool) {
		return strconv.Itoa(e.HTTP.Status), e.HTTP.Status == want
	}}
}

// Target expects that the event has a target of that type and id, the primary
// one or another.
func Target(kind, id string) Matcher {
	want := activitylog.Target{Type: kind, ID: id}
	return Matcher{"target", targetsText([]activitylog.Target{want}), func(e *activitylog.Event) (string, bool) {
		for _, t := range e.Targets {
			if t.Type == kind && t.ID == id {
				return targetsText([]activitylog.Target{t}), true
			}
		}
		return targetsText(e.Targets), false
	}}
}

// Changed expects a change of the field at a JSON pointer, from one value to
// another as JSON has them; nil stands for no value.
func Changed(path string, old, new any) Matcher {
	want := activitylog.NewChange(path, old, new)
	return change(want, func(got activitylog.Change) bool {
		return !got.Redacted && sameJSON(got.Old, want.Old) && sameJSON(got.New, want.New)
	})
}

// Redacted expects a change of the field at a JSON pointer whose values were
// not kept because they are secret.
func Redacted(path string) Matcher {
	return change(activitylog.Change{Path: path, Redacted: true}, func(got activitylog.Change) bool { return got.Redacted })
}

// Attr expects an attribute that the application has added, as
// [activitylog.Draft.Set] would keep the value.
func Attr(name string, value any) Matcher {
	var kept activitylog.Attributes
	kept.Set(name, value)
	return Matcher{"attribute " + name, valueText(kept[0].Value), func(e *activitylog.Event) (string, bool) {
		got, ok := e.Attributes.Get(name)
		if !ok {
			return "none of that name", false
		}
		return valueText(got), got == kept[0].Value
	}}
}

func text(what, want string, field func(*activitylog.Event) string) Matcher {
	return Matcher{what, strconv.Quote(want), func(e *activitylog.Event) (string, bool) {
		got := field(e)
		return strconv.Quote(got), got == want
	}}
}

// change expects a change of the field that want is one of, such that is holds.
func change(want activitylog.Change, is func(activitylog.Change) bool) Matcher {
	return Matcher{"change", changeText(want), func(e *activitylog.Event) (string, bool) {
		var same, all []string // of the same field, of any
		for _, c := range e.Changes {
			text := changeText(c)
			if c.Path != want.Path {
				all = append(all, text)
				continue
			}
			if is(c) {
				return text, true
			}
			same = append(same, text)
		}
		if same != nil {
			all = same
		}
		return cmp.Or(strings.Join(all, ", "), "no changes"), false
	}}
}

// sameJSON reports whether two JSON texts stand for the same value: the same
// spelling of numbers, whatever white space, escapes and order of keys.
func sameJSON(a, b json.RawMessage) bool {
	return reflect.DeepEqual(decodeValue(a), decodeValue(b))
}

func decodeValue(v json.RawMessage) (value any) {
	dec := json.NewDecoder(bytes.NewReader(v))
	dec.UseNumber()
	if err := dec.Decode(&value); err != nil {
		return err // no value, which is not null
	}
	return value
}

func changeText(c activitylog.Change) string {
	if c.Redacted {
		return c.Path + " redacted"
	}
	value := func(v json.RawMessage) string {
		if len(v) == 0 {
			return "nothing"
		}
		return string(v)
	}
	return fmt.Sprintf("%s from %s to %s", c.Path, value(c.Old), value(c.New))
}

func targetsText(targets []activitylog.Target) string {
	if len(targets) == 0 {
		return "no targets"
	}
	var all []string
	for _, t := range targets {
		all = append(all, fmt.Sprintf("%s %q", t.Type, t.ID))
	}
	return strings.Join(all, ", ")
}

func actorText(a activitylog.Actor) string {
	if a.ID == "" {
		return string(a.Type)
	}
	return strconv.Quote(a.ID)
}

func valueText(v attribute.Value) string {
	if v.Type() == attribute.STRING {
		return strconv.Quote(v.AsString())
	}
	return v.String()
}
