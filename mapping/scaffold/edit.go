package scaffold

import (
	"errors"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// An editor adds to one file.
type editor struct {
	*text
	file   string
	tenant string
	top    string // what top-level keys are indented by
	routes *part
	events *part
}

// edit returns the file with rules and events added and with rules renamed.
func edit(file string, old []byte, doc *document.Document, add entries, renamed []Rename, events []draft) ([]byte, error) {
	t := newText(string(old))
	e := &editor{text: t, file: file}
	if doc.Tenant != nil {
		e.tenant = doc.Tenant.Path.Value
	}
	first := doc.Keys[0].Pos
	if e.top = t.line(first.Line)[:first.Column-1]; strings.TrimSpace(e.top) != "" {
		return nil, errors.New("the whole file stands in braces")
	}
	e.routes = t.findPart(doc, "routes", e.own(keysOf(doc.Routes)))
	e.events = t.findPart(doc, "events", e.own(keysOf(doc.Events)))
	for _, r := range renamed {
		e.rename(r)
	}
	if e.routes.line == 0 && e.events.line > 0 { // it goes behind the events, at the end of the file
		e.addEvents(events)
		e.addRoutes(add)
	} else {
		e.addRoutes(add)
		e.addEvents(events)
	}
	return []byte(t.String()), nil
}

func keysOf[T any](m document.Map[T]) []document.Text {
	var keys []document.Text
	for _, e := range m {
		keys = append(keys, e.Key)
	}
	return keys
}

// own returns the keys that stand in the file itself, not in one that it includes.
func (e *editor) own(keys []document.Text) []document.Text {
	return slices.DeleteFunc(keys, func(k document.Text) bool { return k.Pos.File != e.file })
}

// rename gives a rule another key.
func (e *editor) rename(r Rename) {
	for i, k := range e.routes.keys {
		if k.Value == r.From {
			e.routes.keys[i].Value = r.To
			to := blockText(r.To)
			if e.routes.flow {
				to = quotedAsIs(r.To)
			}
			e.replace(k.Pos, to)
		}
	}
}

// addRoutes adds rules: to the group of their resource, or at the end.
func (e *editor) addRoutes(add entries) {
	p := e.routes
	groups := group(add, e.tenant)
	switch {
	case len(add) == 0:
	case len(p.keys) == 0:
		e.fill(p, len(groups), func(i int) []string { return ruleLines(groups[i], e.top+"  ") })
	case p.flow:
		var pairs []string
		for _, g := range groups {
			for _, x := range g {
				pairs = append(pairs, quotedAsIs(x.key())+": "+x.value())
			}
		}
		p.addPairs(pairs)
	default:
		e.addToGroups(groups)
	}
}

// fill puts n paragraphs below a key that has none.
func (e *editor) fill(p *part, n int, paragraph func(i int) []string) {
	after, lines := p.open(e.top)
	for i := range n {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, paragraph(i)...)
	}
	e.insertLines(after, lines)
}

// addPairs puts pairs before the first one in braces.
func (p *part) addPairs(pairs []string) {
	first := p.keys[0].Pos
	p.insert(p.offset(first.Line, first.Column), strings.Join(pairs, ", ")+", ")
}

// addToGroups adds rules behind those of the same resource, aligned with them.
func (e *editor) addToGroups(groups []entries) {
	keys := e.routes.keys
	indent := keys[0].Pos.Column - 1
	space := strings.Repeat(" ", indent)
	var last []string
	for _, g := range groups {
		var homeless entries
		for _, x := range g {
			k, before := e.neighbour(x)
			if k.Value == "" {
				homeless = append(homeless, x)
				continue
			}
			after := e.blockEnd(k.Pos.Line, indent)
			if before {
				after = e.above(k.Pos.Line)
			}
			e.insertLines(after, x.lines(space, valueColumn(e.line(k.Pos.Line))))
		}
		if len(homeless) > 0 {
			last = append(append(last, ""), ruleLines(homeless, space)...)
		}
	}
	if len(last) > 0 {
		last = slices.Insert(last, 1, space+"# new")
		e.insertLines(e.blockEnd(e.routes.line, indent-1), last)
	}
}

// valueColumn returns where in a rule's line its braces stand; 0 if they do not.
func valueColumn(line string) int {
	key, value, _ := strings.Cut(line, ": ")
	trimmed := strings.TrimLeft(value, " ")
	if !strings.HasPrefix(trimmed, "{") {
		return 0
	}
	return width(key) + 2 + len(value) - len(trimmed)
}

// neighbour returns the rule of the file behind which a new one goes, or
// before which it goes: of those that share the most of its path the one that
// comes next in the order of paths. It is zero if none shares a word.
func (e *editor) neighbour(x entry) (key document.Text, before bool) {
	most, best := 0, entry{}
	for _, k := range e.routes.keys {
		method, path := route.Cut(k.Value)
		rule := entry{method: method, path: route.Parse(path).Path}
		n := shared(x.path, rule.path, e.tenant)
		behind := comparePaths(rule, x) > 0
		switch {
		case n == 0 || n < most:
		case n > most, before && !behind, before == behind && !behind && comparePaths(rule, best) >= 0:
			key, before, most, best = k, behind, n, rule
		}
	}
	return key, before
}

// above returns the line behind which goes what is to stand before line n and
// the comments that belong to it.
func (t *text) above(n int) int {
	for n--; n > 0 && strings.HasPrefix(strings.TrimSpace(t.line(n)), "#"); n-- {
	}
	return n
}

// shared returns how many segments two paths begin with alike; 0 if they do
// not share a word that groups go by.
func shared(a, b, tenant string) int {
	x, y := words(a, tenant), words(b, tenant)
	if len(x) == 0 || len(y) == 0 || x[0] != y[0] {
		return 0
	}
	s, t := strings.Split(route.Parse(a).Shape, "/"), strings.Split(route.Parse(b).Shape, "/")
	n := 0
	for n < min(len(s), len(t)) && s[n] == t[n] {
		n++
	}
	return n
}

// addEvents adds codes behind those of the same resource, or at the end.
func (e *editor) addEvents(events []draft) {
	p := e.events
	resources := byResource(events)
	switch {
	case len(events) == 0:
	case len(p.keys) == 0:
		e.fill(p, len(resources), func(i int) []string { return eventLines(resources[i], e.top+"  ") })
	case p.flow:
		var pairs []string
		for _, d := range events {
			pairs = append(pairs, string(d.code)+": {title: "+quoted(d.title)+", sentence: "+quotedList(d.sentences)+"}")
		}
		p.addPairs(pairs)
	default:
		indent := p.keys[0].Pos.Column - 1
		space := strings.Repeat(" ", indent)
		for _, g := range resources {
			lines := eventLines(g, space)
			if k, ok := p.sameResource(g[0]); ok {
				e.insertLines(e.blockEnd(k.Pos.Line, indent), lines)
			} else {
				e.insertLines(e.blockEnd(p.line, indent-1), append([]string{""}, lines...))
			}
		}
	}
}

// sameResource returns the last code of the file whose resource is that of d.
func (p *part) sameResource(d draft) (document.Text, bool) {
	var found document.Text
	for _, k := range p.keys {
		if top, _, _ := strings.Cut(strings.ReplaceAll(k.Value, ":", "."), "."); top == topResource(d.code) {
			found = k
		}
	}
	return found, found.Value != ""
}
