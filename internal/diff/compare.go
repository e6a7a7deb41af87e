package diff

import "reflect"

// fields compares two structs of one type. Most fields are plain and equal:
// only the others are read into nodes.
func (d *differ) fields(at place, t *typeInfo, old, new reflect.Value) {
	for i := range t.fields {
		f := &t.fields[i]
		if f.class == ignored {
			continue
		}
		a, b := f.of(old), f.of(new)
		if same(f.info, a, b) {
			continue
		}
		if f.class != secret && !f.omitZero && a.IsValid() && b.IsValid() && f.info.form == formFields && !f.info.money {
			d.fields(d.member(at, f.name), f.info, a, b)
			continue
		}
		before, after := d.old.field(f, a), d.new.field(f, b)
		d.part(at, f.name, f.class, &before, &after)
	}
}

// part compares what an object has under a name.
func (d *differ) part(at place, name string, c class, old, new *node) {
	switch {
	case c == ignored || old.plain() && equal(old, new):
	case c != secret:
		d.compare(d.member(at, name), old, new)
	case !equal(old, new):
		d.redact(d.member(at, name), old, new)
	}
}

func (d *differ) compare(at place, old, new *node) {
	switch {
	case old.kind == unreadable || new.kind == unreadable:
		d.add(at, Change{Truncated: true})
	case old.kind == object && new.kind == object && !areMoney(old, new):
		d.objects(at, old.parts, new.parts)
	case old.kind == list && new.kind == list && !(old.isPlain() && new.isPlain()):
		d.lists(at, old.parts, new.parts)
	case !equal(old, new):
		d.whole(at, old, new)
	}
}

func (d *differ) objects(at place, old, new []part) {
	before, after := byName(old), byName(new)
	for i := range new {
		p := &new[i]
		if q := before.find(i, p.name); q != nil {
			d.part(at, p.name, max(p.class, q.class), &q.node, &p.node)
		} else {
			d.part(at, p.name, p.class, &node{}, &p.node)
		}
	}
	for i := range old {
		if p := &old[i]; after.find(i, p.name) == nil {
			d.part(at, p.name, p.class, &p.node, &node{})
		}
	}
}

// whole adds one change with both values. What is secret or cannot be read in
// them is left out and has a change of its own.
func (d *differ) whole(at place, old, new *node) {
	var c Change
	if !d.full() {
		var ok, also bool
		c.Old, ok = old.encode(d.Value)
		c.New, also = new.encode(d.Value)
		if !ok || !also {
			c = Change{Truncated: true}
		}
	}
	d.add(at, c)
	d.leftOut(at, old, func(n *node) (old, new *node) { return n, &node{} })
	d.leftOut(at, new, func(n *node) (old, new *node) { return &node{}, n })
}

func (d *differ) leftOut(at place, n *node, sides func(*node) (old, new *node)) {
	for i := range n.parts {
		p := &n.parts[i]
		if !p.there() || p.node.plain() && p.class != secret {
			continue
		}
		below := d.element(at, i)
		if n.kind == object {
			below = d.member(at, p.name)
		}
		switch {
		case p.class == secret:
			old, new := sides(&p.node)
			d.redact(below, old, new)
		case p.node.kind == unreadable:
			d.add(below, Change{Truncated: true})
		default:
			d.leftOut(below, &p.node, sides)
		}
	}
}

// redact adds that a secret changed, and nothing of what it was or is.
func (d *differ) redact(at place, old, new *node) {
	c := Change{Redacted: true}
	if !d.full() {
		var ok, also bool
		c.Old, ok = d.fingerprint(at.field, old)
		c.New, also = d.fingerprint(at.field, new)
		c.Truncated = !ok || !also
	}
	d.add(at, c)
}
