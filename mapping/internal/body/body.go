// Package body finds values in JSON bodies without decoding the whole of them.
package body

import (
	"bytes"
	"encoding/json"
	"iter"
	"strconv"

	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

// A Document is a JSON text that [Parse] has found to be valid. The zero
// Document is empty.
type Document struct {
	text []byte
	fold bool
}

// Parse checks a body. With fold, keys are found in upper or lower case, as
// encoding/json matches them to the fields of a struct: otherwise a request
// that says "STATUS" would do one thing and be logged as another. What follows
// the first value is passed over, as [json.Decoder] passes it over.
func Parse(text []byte, fold bool) (Document, bool) {
	if json.Valid(text) {
		return Document{bytes.TrimSpace(text), fold}, true
	}
	var first json.RawMessage
	if json.NewDecoder(bytes.NewReader(text)).Decode(&first) != nil {
		return Document{}, false
	}
	return Document{first, fold}, true
}

// Lookup returns the value that p names; it is empty if there is none. Of a key
// that comes twice it is the last one, as most decoders have it; but not all,
// and encoding/json passes a null over and merges objects, so ambiguous says
// that there is such a key on the way.
func (d Document) Lookup(p pointer.Pattern) (found Document, ambiguous bool) {
	for _, segment := range p.Segments() {
		switch d.kind() {
		case '{':
			times := 0
			d.text, times = d.member(segment)
			ambiguous = ambiguous || times > 1
		case '[':
			d.text = d.element(segment)
		default:
			return Document{}, ambiguous
		}
	}
	return d, ambiguous
}

// Exists reports whether there is a value; null is one.
func (d Document) Exists() bool { return len(d.text) > 0 }

// JSON returns the value as it stands in the body.
func (d Document) JSON() []byte { return d.text }

// Text returns a string without its quotes, a number or boolean as it is
// spelled, and whether the value is one of these or null.
func (d Document) Text() (string, bool) {
	switch d.kind() {
	case 0, '{', '[':
		return "", false
	case '"':
		return unquote(d.text), true
	}
	return string(d.text), true
}

// IsNumber reports whether the value is a number.
func (d Document) IsNumber() bool { k := d.kind(); return k == '-' || k >= '0' && k <= '9' }

// IsNull reports whether the value is null.
func (d Document) IsNull() bool { return d.kind() == 'n' }

// IsEmpty reports whether there is no value, or one that says nothing: null,
// false, 0, an empty text, array or object.
func (d Document) IsEmpty() bool {
	switch string(d.text) {
	case "", "null", "false", "0", `""`:
		return true
	}
	for range d.Elements() {
		return false
	}
	for range d.Members() {
		return false
	}
	return d.kind() == '{' || d.kind() == '['
}

// IsArray reports whether the value is an array.
func (d Document) IsArray() bool { return d.kind() == '[' }

// Elements returns the elements of an array.
func (d Document) Elements() iter.Seq[Document] {
	return func(yield func(Document) bool) {
		if d.kind() != '[' {
			return
		}
		for rest := space(d.text[1:]); rest[0] != ']'; {
			n := length(rest)
			if !yield(Document{rest[:n], d.fold}) {
				return
			}
			rest = next(rest[n:])
		}
	}
}

// Members returns the members of an object, in the order of the body.
func (d Document) Members() iter.Seq2[string, Document] {
	return func(yield func(string, Document) bool) {
		d.members(func(key []byte, value Document) bool { return yield(unquote(key), value) })
	}
}

// members calls f with each member of an object, its key as it is spelled.
func (d Document) members(f func(key []byte, value Document) bool) {
	if d.kind() != '{' {
		return
	}
	for rest := space(d.text[1:]); rest[0] != '}'; {
		n := length(rest)
		key := rest[:n]
		rest = space(space(rest[n:])[1:]) // behind the colon
		n = length(rest)
		if !f(key, Document{rest[:n], d.fold}) {
			return
		}
		rest = next(rest[n:])
	}
}

func (d Document) kind() byte {
	if len(d.text) == 0 {
		return 0
	}
	return d.text[0]
}

// member returns the last value of a key, and how many there are.
func (d Document) member(key string) (value []byte, times int) {
	d.members(func(k []byte, v Document) bool {
		if isKey(k, key, d.fold) {
			value = v.text
			times++
		}
		return true
	})
	return value, times
}

// element returns the element at an index, which has neither sign nor leading
// zero (RFC 6901, section 4).
func (d Document) element(index string) []byte {
	i := 0
	for e := range d.Elements() {
		if index == strconv.Itoa(i) {
			return e.text
		}
		i++
	}
	return nil
}
