package activitylog

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
)

// MaxChanges is how many changes [Diff] returns, besides the one that says how
// many there are more.
const MaxChanges = 100

// The other limits of Diff.
const (
	maxRead     = 100_000         // values that are looked at on each side
	maxDocument = 1 << 20         // bytes of a JSON text that is read
	maxDepth    = 32              // objects and lists within each other
	maxPath     = 500             // bytes
	maxDiff     = MaxEvent / 2    // bytes of all changes, so that an event has room for them
	maxValues   = maxDiff * 3 / 4 // bytes of them for values, the others being for paths
)

// Diff returns how new differs from old, one [Change] for each field, as an
// [Event] takes them. Either may be nil: what is made or deleted differs in
// every field that has a value.
//
// The values are structs, maps, slices and whatever else encoding/json takes,
// under the names and in the form that it gives them; the order is that of the
// fields, and that of the names in maps. A JSON text is a [json.RawMessage] or
// a []byte. A pointer to the same variable twice is no change: keep a copy of
// what was there before.
//
// The tag activity says what becomes of a field, and of all that is in it:
//
//	Role      string    `json:"role" activity:"track"`      // as without a tag; see [CheckTags]
//	UpdatedAt time.Time `json:"updated_at" activity:"ignore"` // no change
//	Token     string    `json:"token" activity:"secret"`    // only that it changed
//	SKU       string    `json:"sku" activity:"key"`         // tells the elements of a list apart
//
// A word that is none of these means secret. A field with the json tag "-" is
// left out unless it has an activity tag, and then goes by its name in Go. The
// tags of a type hold wherever it is, also in lists, maps and interfaces. A
// type that by its declaration has ignored or secret fields in it is read field
// by field even if it has a MarshalJSON or MarshalText; what these methods
// write of other types is believed. A JSON text has no tags: do not compare it
// with a value that has secrets.
//
// What is the same and what is not:
//
//   - nil, null and a field that is left out are no value. A nil slice or map
//     is an empty one.
//   - Numbers are compared as decimals of any size: 1.50 is 1.5. Times are
//     compared as instants and kept with their zone.
//   - A list of plain values is compared as a whole, order included.
//   - The elements of any other list are matched by their key: the fields with
//     the tag key, else the name "id" or those of [WithListKeys]. That one was
//     moved is no change. If an element has no key of its own, elements are
//     matched by their place, what is equal at the ends of both lists aside.
//   - An object of amount and currency is one change, so that a sentence can
//     tell it; so is what was added or removed, except the whole document.
//
// A path names an element by its index, as RFC 6901 has it: the index in old
// for what was removed, in new for everything else. Secrets within a value
// that was added or removed are left out of it and have changes of their own.
//
// What cannot be read or is too large (a method that fails or panics, a value
// over [MaxString], more than 100,000 values, JSON texts over 1 MiB, 32 levels)
// is a change that is Truncated: it may have changed. A pointer back to what it
// is in is left out. There are at most [MaxChanges] changes of together half
// of [MaxEvent]; one more says how many are missing.
//
// Diff never panics, keeps nothing of what it is given, and may be called from
// several goroutines that do not write to the values.
func Diff(old, new any, opts ...DiffOption) []Change {
	d := differ{names: []string{"id"}}
	for _, opt := range opts {
		opt(&d)
	}
	d.old = reader{names: d.names, left: maxRead}
	d.new = d.old
	d.document(rootValue(old), rootValue(new))
	return d.result()
}

// A DiffOption configures [Diff].
type DiffOption func(*differ)

// WithListKeys sets the names by which the elements of lists are told apart,
// in place of "id": the first one that an element has. Types with a field of
// the tag key keep that. Without names, all other lists are matched by place.
func WithListKeys(names ...string) DiffOption {
	return func(d *differ) { d.names = slices.Clone(names) }
}

// WithSecretKey keeps fingerprints of secret values in their changes, so that
// equal ones can be recognised.
func WithSecretKey(key SecretKey) DiffOption {
	return func(d *differ) { d.key = key }
}

// A differ collects the changes of one Diff.
type differ struct {
	names    []string
	key      SecretKey
	old, new reader

	changes []Change
	size    int // what changes count for in maxDiff
	more    int // changes that had no room
}

// rootValue returns what Diff was given without the pointers to it, and
// addressable, which spares a copy for each method that wants a pointer.
func rootValue(v any) reflect.Value {
	if text, ok := v.([]byte); ok {
		v = json.RawMessage(text)
	}
	value := reflect.ValueOf(v)
	for range maxDepth {
		if k := value.Kind(); k != reflect.Pointer && k != reflect.Interface {
			break
		}
		value = value.Elem()
	}
	return addressable(value)
}

func (d *differ) document(old, new reflect.Value) {
	d.old.root, d.new.root = addressOf(old), addressOf(new)
	if old.IsValid() && new.IsValid() && old.Type() == new.Type() {
		if t := typeOf(old.Type()); t.form == formFields {
			d.fields(place{}, t, old, new)
			return
		}
	}
	a, b := d.old.value(old), d.new.value(new)
	if a.kind == none && b.kind == object {
		a.kind = object
	} else if b.kind == none && a.kind == object {
		b.kind = object
	}
	if a.kind == object && b.kind == object {
		d.objects(place{}, a.parts, b.parts)
		return
	}
	d.compare(place{}, &a, &b)
}

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
		c.Old, ok = old.encode()
		c.New, also = new.encode()
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
	c := Change{Redacted: true, Truncated: old.kind == unreadable || new.kind == unreadable}
	if !d.full() {
		c.Old = d.key.fingerprint(at.field, old)
		c.New = d.key.fingerprint(at.field, new)
	}
	d.add(at, c)
}

func (d *differ) full() bool { return d.more > 0 || len(d.changes) == MaxChanges }

// add keeps a change as far as there is room: whole, without its values, or
// only in number.
func (d *differ) add(at place, c Change) {
	c.Path = at.path
	if at.deep { // the values are not those of the path
		c = Change{Path: at.path, Truncated: true}
		if n := len(d.changes); n > 0 && d.changes[n-1].Truncated && d.changes[n-1].Path == c.Path {
			return
		}
	}
	size := itemCost + len(c.Path)
	if values := len(c.Old) + len(c.New); values > 0 && d.size+size+values <= maxValues {
		size += values
	} else if values > 0 {
		c.Old, c.New, c.Truncated = nil, nil, true
	}
	if d.full() || d.size+size > maxDiff {
		d.more++
		return
	}
	d.size += size
	d.changes = append(d.changes, c)
}

func (d *differ) result() []Change {
	if d.more > 0 {
		text := strconv.Itoa(d.more) + " more changes"
		if d.more == 1 {
			text = "1 more change"
		}
		d.changes = append(d.changes, Change{New: encodeValue(text), Truncated: true})
	}
	return d.changes
}
