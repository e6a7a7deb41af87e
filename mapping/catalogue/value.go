package catalogue

import (
	"encoding/json"
	"strconv"

	"go.opentelemetry.io/otel/attribute"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/secret"
)

// values are the placeholders that take no argument.
var values = map[string]valueFunc{
	"actor":       func(b []byte, e *activitylog.Event, _ *piece) ([]byte, bool) { return appendActor(b, e), true },
	"actor.id":    text(func(e *activitylog.Event) string { return e.Actor.ID }),
	"actor.name":  text(func(e *activitylog.Event) string { return e.Actor.Name }),
	"actor.email": text(func(e *activitylog.Event) string { return e.Actor.Email }),
	"actor.type":  text(func(e *activitylog.Event) string { return string(e.Actor.Type) }),
	"target":      text(targetName),
	"target.id":   text(func(e *activitylog.Event) string { return e.Target().ID }),
	"target.name": text(func(e *activitylog.Event) string { return e.Target().Name }),
	"target.type": words(func(e *activitylog.Event) string { return e.Target().Type }),
	"targets":     targets,
	"tenant":      text(func(e *activitylog.Event) string { return e.Tenant }),
	"reason":      text(func(e *activitylog.Event) string { return e.Reason }),
	"outcome":     text(func(e *activitylog.Event) string { return string(e.Outcome) }),
	"method":      text(func(e *activitylog.Event) string { return e.HTTP.Method }),
	"path":        text(func(e *activitylog.Event) string { return e.HTTP.Path }),
	"address":     text(func(e *activitylog.Event) string { return e.Source.ClientAddress }),
	"service":     text(func(e *activitylog.Event) string { return e.Service }),
	"code":        text(func(e *activitylog.Event) string { return string(e.Code) }),
	"resource":    words(func(e *activitylog.Event) string { return e.Code.Resource() }),
	"verb":        words(func(e *activitylog.Event) string { return e.Code.Verb() }),
	"status":      status,
}

func text(get func(*activitylog.Event) string) valueFunc {
	return func(b []byte, e *activitylog.Event, _ *piece) ([]byte, bool) {
		s := get(e)
		return appendText(b, s, maxValue), s != ""
	}
}

// words is text for a name such as scheme_payment_service.
func words(get func(*activitylog.Event) string) valueFunc {
	return func(b []byte, e *activitylog.Event, _ *piece) ([]byte, bool) {
		s := get(e)
		return appendWords(b, s), s != ""
	}
}

func status(b []byte, e *activitylog.Event, _ *piece) ([]byte, bool) {
	return strconv.AppendInt(b, int64(e.HTTP.Status), 10), e.HTTP.Status != 0
}

// targets appends the names of all targets.
func targets(b []byte, e *activitylog.Event, p *piece) ([]byte, bool) {
	if len(e.Targets) == 0 {
		return b, false
	}
	for i := range e.Targets {
		if nameOf(&e.Targets[i]) == "" {
			return b, false
		}
	}
	return p.style.appendList(b, len(e.Targets), 0, func(b []byte, i int) []byte {
		return appendText(b, nameOf(&e.Targets[i]), maxJSONValue)
	}), true
}

func attrValue(b []byte, e *activitylog.Event, p *piece) ([]byte, bool) {
	v, ok := e.Attributes.Get(p.text)
	if !ok {
		return b, false
	}
	s := ""
	if v.Type() == attribute.STRING {
		s = v.AsString()
	} else {
		s = v.String()
	}
	if secret.Named(p.text, s) {
		s = secret.Mark
	}
	return p.append(b, s, maxValue), s != ""
}

func oldValue(b []byte, e *activitylog.Event, p *piece) ([]byte, bool) {
	if c := p.changeOf(e); c != nil {
		return p.appendJSON(b, c.Old)
	}
	return b, false
}

func newValue(b []byte, e *activitylog.Event, p *piece) ([]byte, bool) {
	if c := p.changeOf(e); c != nil {
		return p.appendJSON(b, c.New)
	}
	return b, false
}

// changeOf returns the first change of the piece's field whose values are
// known, or nil.
func (p *piece) changeOf(e *activitylog.Event) *activitylog.Change {
	for i := range e.Changes {
		if c := &e.Changes[i]; !c.Redacted && p.field.Matches(c.Path) {
			return c
		}
	}
	return nil
}

func (p *piece) appendJSON(b []byte, v json.RawMessage) ([]byte, bool) {
	if len(v) == 0 {
		return b, false
	}
	return p.append(b, jsonText(v), maxJSONValue), true
}

// append appends a value as its type, or else as text.
func (p *piece) append(b []byte, s string, limit int) []byte {
	if _, n := secret.Redact(s); p.format != nil && n == 0 {
		start := len(b)
		b, ok := p.format(b, s, p)
		if ok {
			return b
		}
		return appendText(b[:start], s, limit)
	}
	return appendText(b, s, limit)
}

// appendActor appends who did it: name, else email, else id.
func appendActor(b []byte, e *activitylog.Event) []byte {
	a := &e.Actor
	switch name := actorName(a); {
	case a.Type == activitylog.System:
		b = appendWithDetail(b, "System", name)
	case a.Type == activitylog.Anonymous || a.Type == "" && name == "":
		b = appendWithDetail(b, "Anonymous", e.Source.ClientAddress)
	case name != "":
		b = appendText(b, name, maxValue)
	case a.Type == activitylog.Service:
		b = append(b, "Unknown service"...)
	default:
		b = append(b, "Unknown user"...)
	}
	if p := a.OnBehalfOf; p.Name != "" || p.ID != "" {
		b = append(b, " (as "...)
		b = appendText(b, first(p.Name, p.ID), maxValue)
		b = append(b, ')')
	}
	return b
}

func actorName(a *activitylog.Actor) string { return first(a.Name, a.Email, a.ID) }

func targetName(e *activitylog.Event) string {
	if len(e.Targets) == 0 {
		return ""
	}
	return nameOf(&e.Targets[0])
}

func nameOf(t *activitylog.Target) string { return first(t.Name, t.ID) }

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func appendWithDetail(b []byte, who, detail string) []byte {
	b = append(b, who...)
	if detail == "" {
		return b
	}
	b = append(b, " ("...)
	b = appendText(b, detail, maxValue)
	return append(b, ')')
}
