package diff

import (
	"slices"
	"strconv"
)

// lists compares two lists of which at least one has more than plain values.
func (d *differ) lists(at place, old, new []part) {
	before, ok := byKey(old)
	after, also := byKey(new)
	if !ok || !also {
		d.byPlace(at, old, new)
		return
	}
	for i := range new {
		p := &new[i].node
		if j, ok := before[p.same]; ok {
			d.compare(d.element(at, i), &old[j].node, p)
		} else {
			d.whole(d.element(at, i), &node{}, p)
		}
	}
	for i := range old {
		if p := &old[i].node; !has(after, p.same) {
			d.whole(d.element(at, i), p, &node{})
		}
	}
}

// byKey returns the places of elements by their keys, and false if an element
// has none or shares it.
func byKey(parts []part) (map[string]int, bool) {
	places := make(map[string]int, len(parts))
	for i := range parts {
		key := parts[i].node.same
		if parts[i].node.kind != object || key == "" || has(places, key) {
			return nil, false
		}
		places[key] = i
	}
	return places, true
}

func has(places map[string]int, key string) bool {
	_, ok := places[key]
	return ok
}

// byPlace compares lists element by element before what is equal at their
// ends, so that an insertion is one change.
func (d *differ) byPlace(at place, old, new []part) {
	for len(old) > 0 && len(new) > 0 && equal(&old[len(old)-1].node, &new[len(new)-1].node) {
		old, new = old[:len(old)-1], new[:len(new)-1]
	}
	for i := range new {
		if i < len(old) {
			d.compare(d.element(at, i), &old[i].node, &new[i].node)
		} else {
			d.whole(d.element(at, i), &node{}, &new[i].node)
		}
	}
	for i := len(new); i < len(old); i++ {
		d.whole(d.element(at, i), &old[i].node, &node{})
	}
}

// keys makes the key of an element of a list.
type keys struct {
	names []string
	best  int // of what has no tag: 1 + the place of its name
	key   string
}

func (k *keys) add(name string, tagged bool, n *node) {
	if n.kind != text && n.kind != number {
		return
	}
	value := n.text
	if n.kind == number {
		value = decimal(value)
	}
	value = strconv.Itoa(int(n.kind)) + strconv.Itoa(len(value)) + ":" + value
	if tagged {
		k.key += value
	} else if place := 1 + slices.Index(k.names, name); k.best == 0 || place < k.best {
		k.best, k.key = place, value
	}
}
