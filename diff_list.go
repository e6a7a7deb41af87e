package activitylog

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

// byPlace compares lists element by element between what is equal at the
// beginning and at the end, so that an insertion is one change.
func (d *differ) byPlace(at place, old, new []part) {
	start, common := 0, min(len(old), len(new))
	for start < common && equal(&old[start].node, &new[start].node) {
		start++
	}
	end := 0
	for end < common-start && equal(&old[len(old)-1-end].node, &new[len(new)-1-end].node) {
		end++
	}
	old, new = old[:len(old)-end], new[:len(new)-end]
	for i := start; i < len(new); i++ {
		if i < len(old) {
			d.compare(d.element(at, i), &old[i].node, &new[i].node)
		} else {
			d.whole(d.element(at, i), &node{}, &new[i].node)
		}
	}
	for i := max(start, len(new)); i < len(old); i++ {
		d.whole(d.element(at, i), &old[i].node, &node{})
	}
}
