package diff

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

// encode returns n as JSON without its secrets, nil for no value, and false
// if that has more bytes than limit.
func (n *node) encode(limit int) (json.RawMessage, bool) {
	if n.kind == none {
		return nil, true
	}
	e := encoder{limit: limit}
	e.node(n)
	return e.b, len(e.b) <= e.limit
}

// An encoder writes a node as JSON and gives up beyond its limit.
type encoder struct {
	b     []byte
	limit int
	exact bool // secrets too, and equal values are written alike: for fingerprints
}

func (e *encoder) node(n *node) {
	switch {
	case len(e.b) > e.limit:
	case n.kind == none || n.kind == unreadable:
		e.b = append(e.b, "null"...)
	case n.kind == number && e.exact:
		e.b = append(e.b, decimal(n.text)...)
	case n.kind == literal || n.kind == number:
		e.b = append(e.b, n.text...)
	case n.kind == instant && e.exact:
		e.text(n.same)
	case n.kind == text || n.kind == instant:
		e.text(n.text)
	case n.kind == blob && base64.StdEncoding.EncodedLen(len(n.bytes)) <= e.limit:
		e.text(base64.StdEncoding.EncodeToString(n.bytes))
	case n.kind == blob:
		e.giveUp()
	case n.kind == list:
		e.list(n.parts)
	case n.kind == object:
		e.object(n.parts)
	}
}

func (e *encoder) text(s string) {
	if len(s) > e.limit {
		e.giveUp()
		return
	}
	if isUnescaped(s) {
		e.b = append(append(append(e.b, '"'), s...), '"')
		return
	}
	quoted, _ := json.Marshal(s) // a string always has a JSON form
	e.b = append(e.b, quoted...)
}

// isUnescaped reports whether a text is the same in JSON, as most are.
func isUnescaped(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || strings.IndexByte(`"\<>&`, c) >= 0 {
			return false
		}
	}
	return true
}

func (e *encoder) giveUp() { e.b = append(e.b, make([]byte, e.limit+1)...) }

func (e *encoder) list(parts []part) {
	e.b = append(e.b, '[')
	for i := range parts {
		if i > 0 {
			e.b = append(e.b, ',')
		}
		e.node(&parts[i].node)
	}
	e.b = append(e.b, ']')
}

func (e *encoder) object(parts []part) {
	if e.exact {
		parts = slices.Clone(parts)
		slices.SortFunc(parts, func(p, q part) int { return strings.Compare(p.name, q.name) })
	}
	e.b = append(e.b, '{')
	first := true
	for i := range parts {
		p := &parts[i]
		if !p.there() || !e.exact && (p.class == secret || p.node.kind == unreadable) {
			continue // it does not count, or has a change of its own
		}
		if !first {
			e.b = append(e.b, ',')
		}
		first = false
		e.text(p.name)
		e.b = append(e.b, ':')
		e.node(&p.node)
	}
	e.b = append(e.b, '}')
}
