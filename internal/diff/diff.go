package diff

import (
	"encoding/json"
	"reflect"
)

// What is read of values. The other limits are those of an event: see [Limits].
const (
	maxRead     = 100_000 // values that are looked at on each side
	maxDocument = 1 << 20 // bytes of a JSON text that is read
	maxDepth    = 32      // objects and lists within each other
	maxPath     = 500     // bytes
)

// Options say how values are compared.
type Options struct {
	// ListKeys are the names by which the elements of lists are told apart:
	// the first one that an element has.
	ListKeys []string

	// Sum makes the fingerprint of a secret, with a key; nil for none.
	Sum func(message []byte) []byte

	Limits
}

// Limits are what there is room for.
type Limits struct {
	Changes int // in number, besides the one that says how many there are more
	Each    int // bytes that each one counts for besides its path and values
	Value   int // bytes of one value
	All     int // bytes of all changes
}

// Of returns the changes that make old to new, in the order of fields; nil if
// there are none.
func Of(old, new any, options Options) []Change {
	r := reader{names: options.ListKeys, left: maxRead}
	d := differ{Options: options, old: r, new: r}
	d.document(rootValue(old), rootValue(new))
	return d.result()
}

// A differ collects the changes of two values.
type differ struct {
	Options
	old, new reader

	changes []Change
	size    int // what changes count for in Limits.All
	more    int // changes that had no room
}

// rootValue returns a document without the pointers to it, and addressable,
// which spares a copy for each method that wants a pointer.
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
