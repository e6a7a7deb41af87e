package catalogue

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"

	activitylog "github.com/activitylog-go/activitylog"
)

// values are the placeholders that take no argument.
var values = map[string]valueFunc{
	"actor":       func(b []byte, e *activitylog.Event, _ string) ([]byte, bool) { return appendActor(b, e), true },
	"actor.id":    text(func(e *activitylog.Event) string { return e.Actor.ID }),
	"actor.name":  text(func(e *activitylog.Event) string { return e.Actor.Name }),
	"actor.email": text(func(e *activitylog.Event) string { return e.Actor.Email }),
	"target":      text(targetName),
	"target.id":   text(func(e *activitylog.Event) string { return e.Target().ID }),
	"target.name": text(func(e *activitylog.Event) string { return e.Target().Name }),
	"target.type": words(func(e *activitylog.Event) string { return e.Target().Type }),
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
	return func(b []byte, e *activitylog.Event, _ string) ([]byte, bool) {
		s := get(e)
		return appendText(b, s, maxValue), s != ""
	}
}

// words is text for a name such as scheme_payment_service.
func words(get func(*activitylog.Event) string) valueFunc {
	return func(b []byte, e *activitylog.Event, _ string) ([]byte, bool) {
		s := get(e)
		return appendWords(b, s), s != ""
	}
}

func status(b []byte, e *activitylog.Event, _ string) ([]byte, bool) {
	return strconv.AppendInt(b, int64(e.HTTP.Status), 10), e.HTTP.Status != 0
}

func attrValue(b []byte, e *activitylog.Event, name string) ([]byte, bool) {
	v, ok := e.Attributes.Get(name)
	if !ok {
		return b, false
	}
	if v.Type() == attribute.STRING {
		return appendText(b, v.AsString(), maxValue), v.AsString() != ""
	}
	return appendText(b, v.String(), maxValue), true
}

func oldValue(b []byte, e *activitylog.Event, pointer string) ([]byte, bool) {
	return changeValue(b, e, pointer, func(c *activitylog.Change) json.RawMessage { return c.Old })
}

func newValue(b []byte, e *activitylog.Event, pointer string) ([]byte, bool) {
	return changeValue(b, e, pointer, func(c *activitylog.Change) json.RawMessage { return c.New })
}

func changeValue(b []byte, e *activitylog.Event, pointer string, side func(*activitylog.Change) json.RawMessage) ([]byte, bool) {
	for i := range e.Changes {
		c := &e.Changes[i]
		if c.Path == pointer {
			value := side(c)
			return appendJSON(b, value), len(value) > 0 && !c.Redacted
		}
	}
	return b, false
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
	t := e.Target()
	return first(t.Name, t.ID)
}

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

const (
	maxValue     = 200 // bytes of a value within a sentence
	maxJSONValue = 80
)

// appendText appends a value on one line, cut at limit bytes.
func appendText(b []byte, s string, limit int) []byte {
	cut := len(s) > limit
	if cut {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = s[:limit]
	}
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == 0x7f {
			c = ' '
		}
		b = append(b, c)
	}
	if cut {
		b = append(b, "…"...)
	}
	return b
}

// appendJSON appends a JSON text; a string without its quotes.
func appendJSON(b []byte, v json.RawMessage) []byte {
	if len(v) > 0 && v[0] == '"' {
		var s string
		if json.Unmarshal(v, &s) == nil {
			return appendText(b, s, maxJSONValue)
		}
	}
	return appendText(b, string(v), maxJSONValue)
}

// appendWords appends a code's part as words.
func appendWords(b []byte, s string) []byte {
	start := len(b)
	b = appendText(b, s, maxValue)
	for i := start; i < len(b); i++ {
		if b[i] == '_' || b[i] == '.' || b[i] == ':' {
			b[i] = ' '
		}
	}
	return b
}

// fieldName returns the words of a JSON pointer: "address city" for "/address/city".
func fieldName(pointer string) string { return pointerWords.Replace(strings.TrimPrefix(pointer, "/")) }

var pointerWords = strings.NewReplacer("/", " ", "_", " ", "~1", "/", "~0", "~")
