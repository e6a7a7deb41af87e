package mapping

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/activitylog-go/activitylog/internal/suggest"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

// A value is a place of an exchange from which a rule takes something:
// path.member, query.action, request./email, response./id, item./id.
type value struct {
	origin  origin
	param   int    // of a path: its position in the rule's route
	name    string // of a parameter or header
	pointer pointer.Pattern
}

// An origin is a part of an exchange.
type origin string

const (
	fromPath     origin = "path"
	fromQuery    origin = "query"
	fromHeader   origin = "header"
	fromRequest  origin = "request"
	fromResponse origin = "response"
	fromItem     origin = "item"
	fromResult   origin = "result"
)

// String returns the value as a file names it.
func (p value) String() string {
	if field := cmp.Or(p.name, p.pointer.String()); field != "" {
		return fmt.Sprintf("%s.%s", p.origin, field)
	}
	return string(p.origin)
}

// ofElement reports whether the value is another for each element of a bulk request.
func (p *value) ofElement() bool { return p.origin == fromItem || p.origin == fromResult }

// in returns the value as text, or "" if it is not there or no plain value.
func (p *value) in(v *view) string {
	if v.common == nil || p.ofElement() {
		return p.read(v)
	}
	return once(v.common.texts, p, func() string { return p.read(v) })
}

func (p *value) read(v *view) string {
	switch p.origin {
	case fromPath:
		return v.param(v.skipped + p.param)
	case fromQuery:
		if all := v.queryValues(p.name); len(all) > 0 {
			return all[0]
		}
		return ""
	}
	doc := v.lookup(p)
	if doc.IsNull() {
		return ""
	}
	text, _ := doc.Text()
	return text
}

// first returns the first of the values that is there.
func first(values []value, v *view) string {
	for i := range values {
		if text := values[i].in(v); text != "" {
			return text
		}
	}
	return ""
}

// values reads where a rule takes something from; of several, the first that
// is there counts.
func (c *routeCompiler) values(texts []document.Text, what string) []value {
	var all []value
	for _, t := range texts {
		if t.Value == "" {
			continue // which the reader has noted
		}
		if p, ok := c.value(t, what); ok {
			all = append(all, p)
		}
	}
	return all
}

func (c *routeCompiler) value(t document.Text, what string) (value, bool) {
	kind, rest, ok := strings.Cut(t.Value, ".")
	p := value{origin: origin(kind)}
	switch {
	case !ok && (p.origin == fromItem || p.origin == fromResult || isBody(p.origin) && isArray[what]):
		return c.bodyValue(p, t, what, "")
	case rest == "":
	case p.origin == fromPath:
		return c.pathValue(t, what, rest)
	case p.origin == fromQuery:
		p.name = rest
		return p, true
	case isBody(p.origin) || p.origin == fromItem || p.origin == fromResult:
		return c.bodyValue(p, t, what, rest)
	}
	c.Errorf(t.Pos, "%s: %q must be path.NAME, query.NAME, request.POINTER, response.POINTER or, with each, item.POINTER, as in response./id", what, t.Value)
	return value{}, false
}

func isBody(from origin) bool { return from == fromRequest || from == fromResponse }

// isArray are the keys whose value is an array, which a body may be as a whole.
var isArray = map[string]bool{"each": true, "result.in": true}

func (c *routeCompiler) pathValue(t document.Text, what, name string) (value, bool) {
	params := c.rule.template.Params
	for i, param := range params {
		if param == name {
			return value{origin: fromPath, param: i, name: name}, true
		}
	}
	at := t.At(len("path."), len(name))
	if len(params) == 0 {
		c.Errorf(at, "%s: the route has no parameters, so not %q", what, name)
	} else {
		c.Errorf(at, "%s: the route has no parameter %q%s", what, name, suggest.DidYouMean(name, params))
	}
	return value{}, false
}

func (c *routeCompiler) bodyValue(p value, t document.Text, what, text string) (value, bool) {
	var pattern pointer.Pattern
	var err error
	if text != "" {
		pattern, err = pointer.Parse(text)
	}
	switch {
	case err != nil:
		c.Errorf(t.At(len(p.origin)+1, len(text)), "%s: %v", what, err)
	case hasStar(pattern):
		c.Errorf(t.At(len(p.origin)+1, len(text)), "%s: %q names many values: write an index in place of *", what, text)
	case p.origin == fromItem && !c.spec.Each.IsSet():
		c.Errorf(t.Pos, "%s: %q is a value of an element: the route needs each, the array of the elements", what, t.Value)
	case p.origin == fromResult && (!c.spec.Each.IsSet() || c.spec.Result == nil):
		c.Errorf(t.Pos, "%s: %q is a value of an element's result: the route needs each and result", what, t.Value)
	default:
		p.pointer = pattern
		c.reads(p.origin)
		return p, true
	}
	return value{}, false
}

func hasStar(p pointer.Pattern) bool {
	for _, s := range p.Segments() {
		if s == "*" {
			return true
		}
	}
	return false
}
