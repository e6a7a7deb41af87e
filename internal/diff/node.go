package diff

import (
	"slices"
	"strings"
)

// A kind is what a value is in JSON, or more exactly.
type kind uint8

const (
	none    kind = iota // nil, null, a field that is left out
	literal             // true, false and, in a list, null
	number
	text
	blob    // bytes, which JSON has as base64
	instant // a time, which JSON has as text
	list
	object
	unreadable
)

// A node is a value as a reader has read it: in the terms of JSON, so that values
// of different types can be compared, and without what is ignored. It refers
// to the memory of the value that it was read from.
type node struct {
	kind  kind
	text  string // of what is plain, numbers and times in the form to be kept
	bytes []byte // of a blob
	same  string // of a time: what equal instants share; of an object: its key
	parts []part // of a list or an object
}

// A part is a member of an object or an element of a list.
type part struct {
	name  string
	class class
	node  node
}

// there reports whether p has a value that counts.
func (p *part) there() bool { return p.class != ignored && p.node.kind != none }

// plain reports whether n is a value without parts.
func (n *node) plain() bool { return n.kind < list }

// isPlain reports whether n is a list of plain values.
func (n *node) isPlain() bool {
	return !slices.ContainsFunc(n.parts, func(p part) bool { return !p.node.plain() })
}

// readable reports whether all of n could be read.
func (n *node) readable() bool {
	return n.kind != unreadable && !slices.ContainsFunc(n.parts, func(p part) bool { return !p.node.readable() })
}

// areMoney reports whether one of two objects is an amount and its currency,
// and the other one has nothing else either.
func areMoney(a, b *node) bool {
	return ofMoney(a.parts) && ofMoney(b.parts) && max(len(a.parts), len(b.parts)) == 2
}

func ofMoney(parts []part) bool {
	return !slices.ContainsFunc(parts, func(p part) bool {
		return !isMoney(p.name) || !p.node.plain() || p.class >= ignored
	})
}

func isMoney(name string) bool {
	return strings.EqualFold(name, "amount") || strings.EqualFold(name, "currency")
}

// index finds the parts of an object by name.
type index struct {
	parts  []part
	places map[string]int // nil if there are few
}

func byName(parts []part) index {
	x := index{parts: parts}
	if len(parts) > 16 {
		x.places = make(map[string]int, len(parts))
		for i := range parts {
			x.places[parts[i].name] = i
		}
	}
	return x
}

// find returns the part of a name, which probably stands at place i, or nil.
func (x index) find(i int, name string) *part {
	if i < len(x.parts) && x.parts[i].name == name {
		return &x.parts[i]
	}
	if x.places != nil {
		if i, ok := x.places[name]; ok {
			return &x.parts[i]
		}
		return nil
	}
	for i := range x.parts {
		if x.parts[i].name == name {
			return &x.parts[i]
		}
	}
	return nil
}
