package catalogue

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/suggest"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

// A piece of a template is literal text or, if value is set, a placeholder.
type piece struct {
	text   string // the literal; or the name of the attribute
	value  valueFunc
	field  pointer.Pattern // the field whose change it tells, if it does
	format formatFunc      // of the type, if it has one
	on     string          // what the type onoff says
	off    string
	style  *style
}

// A valueFunc appends the value of a placeholder, and reports whether it has one.
type valueFunc func(b []byte, e *activitylog.Event, p *piece) ([]byte, bool)

const (
	changePrefix = "change."
	attrPrefix   = "attr."
)

// Placeholders lists what a template may hold in braces, less the types.
func Placeholders() []string {
	return []string{
		"actor", "actor.id", "actor.name", "actor.email", "actor.type",
		"target", "target.id", "target.name", "target.type", "targets",
		"tenant", "reason", "outcome", "status", "method", "path", "address", "service",
		"code", "resource", "verb",
		"change./POINTER.old", "change./POINTER.new", "attr.NAME",
	}
}

// newPiece reads what stands between two braces.
func newPiece(text string, s *style) (piece, *TemplateError) {
	name, kind, typed := strings.Cut(text, "|")
	p, err := newPlaceholder(name)
	if err != nil {
		return piece{}, err
	}
	p.style = s
	if !typed {
		return p, nil
	}
	if values[name] != nil {
		return piece{}, &TemplateError{len(name), fmt.Sprintf("{%s} takes no type: only changes and attributes do", name)}
	}
	err = p.setType(kind, len(name)+1)
	return p, err
}

// setType reads a type such as money or onoff:locked/unlocked, which stands
// at offset.
func (p *piece) setType(text string, offset int) *TemplateError {
	kind, words, hasWords := strings.Cut(text, ":")
	format, ok := formats[kind]
	if !ok {
		return &TemplateError{offset, fmt.Sprintf("unknown type %q%s", kind, suggest.DidYouMean(kind, Types()))}
	}
	p.format, p.on, p.off = format, "on", "off"
	if !hasWords {
		return nil
	}
	p.on, p.off, ok = strings.Cut(words, "/")
	if kind != "onoff" || !ok || p.on == "" || p.off == "" {
		return &TemplateError{offset, fmt.Sprintf("type %q: only onoff takes words, as in onoff:locked/unlocked", text)}
	}
	return nil
}

func newPlaceholder(name string) (piece, *TemplateError) {
	if value, ok := values[name]; ok {
		return piece{value: value}, nil
	}
	if attr, ok := strings.CutPrefix(name, attrPrefix); ok && attr != "" {
		return piece{text: attr, value: attrValue}, nil
	}
	path, ok := strings.CutPrefix(name, changePrefix)
	if !ok {
		return piece{}, &TemplateError{0, fmt.Sprintf("unknown placeholder {%s}%s", name, suggest.DidYouMean(name, Placeholders()))}
	}
	p := piece{value: newValue}
	if path, ok = strings.CutSuffix(path, ".new"); !ok {
		if path, ok = strings.CutSuffix(path, ".old"); !ok {
			return piece{}, &TemplateError{0, fmt.Sprintf("{%s} must end in .old or .new", name)}
		}
		p.value = oldValue
	}
	var err error
	if p.field, err = pointer.Parse(path); err != nil {
		return piece{}, &TemplateError{len(changePrefix), err.Error()}
	}
	return p, nil
}

// Types returns the names of the types that a change or an attribute can be
// told as. What cannot be read as the type is told as plain text.
//
//	money   {"amount": "1250.5", "currency": "EUR"} or "EUR 1250.5": 1,250.5 EUR
//	number  1234567.5: 1,234,567.5
//	date    RFC 3339 or Unix time: 2026-03-01
//	time    the same: 2026-03-01 12:00:00 UTC
//	onoff   true, "enabled": on; with onoff:locked/unlocked: locked
//	words   payment_route: payment route
//	list    ["viewer", "admin"]: viewer and admin
//
// Digits are never rounded. Languages other than English group and mark them
// in their own way.
func Types() []string { return slices.Sorted(maps.Keys(formats)) }
