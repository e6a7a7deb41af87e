package catalogue

import (
	"fmt"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
)

// A Template is a sentence with placeholders, such as
//
//	{actor} changed role of {target} from {change./role.old} to {change./role.new}
//
// [Placeholders] lists them. Two braces stand for one.
type Template struct {
	pieces      []piece
	tellsChange bool // it has a {change…}
}

// A piece is literal text or, if value is set, a placeholder.
type piece struct {
	text  string // the literal; or the argument of the placeholder
	value valueFunc
}

// A valueFunc appends the value of a placeholder, and reports whether it has one.
type valueFunc func(b []byte, e *activitylog.Event, arg string) ([]byte, bool)

// MaxTemplate is the length in bytes of the longest template.
const MaxTemplate = 500

// A TemplateError says what is wrong with a template.
type TemplateError struct {
	Placeholder string // the one that is unknown, if that is what is wrong
	Msg         string
}

func (e *TemplateError) Error() string { return "template: " + e.Msg }

// ParseTemplate reads a template. Its error is a [*TemplateError].
func ParseTemplate(text string) (Template, error) {
	if len(text) > MaxTemplate {
		return Template{}, &TemplateError{Msg: fmt.Sprintf("it is %d bytes long, the longest may be %d", len(text), MaxTemplate)}
	}
	var t Template
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			t.pieces = append(t.pieces, piece{text: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case (c == '{' || c == '}') && i+1 < len(text) && text[i+1] == c:
			literal.WriteByte(c)
			i++
		case c == '}':
			return Template{}, &TemplateError{Msg: `"}" without "{": write "}}" for a brace in the text`}
		case c == '{':
			end := strings.IndexAny(text[i+1:], "{}")
			if end < 0 || text[i+1+end] == '{' {
				return Template{}, &TemplateError{Msg: `"{" without "}": write "{{" for a brace in the text`}
			}
			flush()
			name := text[i+1 : i+1+end]
			p, ok := placeholder(name)
			if !ok {
				return Template{}, &TemplateError{Placeholder: name, Msg: fmt.Sprintf("unknown placeholder {%s}", name)}
			}
			t.pieces = append(t.pieces, p)
			t.tellsChange = t.tellsChange || strings.HasPrefix(name, changePrefix)
			i += end + 1
		default:
			literal.WriteByte(c)
		}
	}
	flush()
	if len(t.pieces) == 0 {
		return Template{}, &TemplateError{Msg: "it is empty"}
	}
	return t, nil
}

const (
	changePrefix = "change."
	attrPrefix   = "attr."
)

func placeholder(name string) (piece, bool) {
	if value, ok := values[name]; ok {
		return piece{value: value}, true
	}
	if path, ok := strings.CutPrefix(name, attrPrefix); ok && path != "" {
		return piece{text: path, value: attrValue}, true
	}
	if path, ok := strings.CutPrefix(name, changePrefix); ok && strings.HasPrefix(path, "/") {
		if pointer, ok := strings.CutSuffix(path, ".old"); ok {
			return piece{text: pointer, value: oldValue}, true
		}
		if pointer, ok := strings.CutSuffix(path, ".new"); ok {
			return piece{text: pointer, value: newValue}, true
		}
	}
	return piece{}, false
}

// Placeholders lists what a template may hold in braces.
func Placeholders() []string {
	return []string{
		"actor", "actor.id", "actor.name", "actor.email",
		"target", "target.id", "target.name", "target.type",
		"tenant", "reason", "outcome", "status", "method", "path", "address", "service",
		"code", "resource", "verb",
		"change./POINTER.old", "change./POINTER.new", "attr.NAME",
	}
}

// append appends the sentence and reports whether every placeholder had a value.
func (t Template) append(b []byte, e *activitylog.Event) ([]byte, bool) {
	for _, p := range t.pieces {
		if p.value == nil {
			b = append(b, p.text...)
			continue
		}
		var ok bool
		if b, ok = p.value(b, e, p.text); !ok {
			return b, false
		}
	}
	return b, true
}
