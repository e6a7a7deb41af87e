package diff

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// A field is one that encoding/json sees in a struct.
type field struct {
	name  string // in JSON
	goes  string // in Go, with those of the structs that it is embedded in
	tag   string // the first one of these that is unknown, else its own
	t     reflect.Type
	info  *typeInfo
	index []int
	class class
	key   bool

	omitEmpty, omitZero, quoted bool
}

// of returns the field of a struct; invalid if it is behind a nil pointer.
func (f *field) of(v reflect.Value) reflect.Value {
	for i, x := range f.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return reflect.Value{}
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v
}

// field returns the field at a place, or what is embedded there.
func (e *embedding) field(i int) (c candidate, embedded *embedding, ok bool) {
	sf := e.t.Field(i)
	tag := sf.Tag.Get(tagName)
	own, known := classOf(tag)
	c = candidate{field: field{
		name:  sf.Name,
		goes:  strings.TrimPrefix(e.goes+"."+sf.Name, "."),
		tag:   tag,
		t:     sf.Type,
		index: append(slices.Clone(e.index), i),
		class: max(own, e.class),
		key:   tag == tagKey,
	}}
	if _, fine := classOf(e.tag); known && !fine {
		c.tag = e.tag
	}
	name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
	if hidden := sf.Tag.Get("json") == "-"; hidden && (tag == "" || !sf.IsExported()) {
		return c, nil, false
	} else if !hidden && isName(name) {
		c.name, c.tagged = name, true
	}
	if sf.Anonymous && !c.tagged {
		t := sf.Type
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		// What has a form of its own, such as a time, is a field.
		if t.Kind() == reflect.Struct && formOf(t) == formFields {
			return c, &embedding{t: t, goes: c.goes, tag: c.tag, index: c.index, class: c.class}, true
		}
	}
	if !sf.IsExported() || !hasForm(sf.Type) {
		return c, nil, false
	}
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty":
			c.omitEmpty = true
		case "omitzero":
			c.omitZero = true
		case "string":
			c.quoted = isQuotable(sf.Type)
		}
	}
	return c, nil, true
}

// hasForm reports whether a type is one that is not left out.
func hasForm(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return t.Implements(marshaler) || t.Implements(textMarshaler)
	}
	return true
}

// isQuotable reports whether the json tag's option "string" means a type.
func isQuotable(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	k := t.Kind()
	return k == reflect.Bool || k >= reflect.Int && k <= reflect.Uintptr || k == reflect.Float32 || k == reflect.Float64
}

// isName reports whether encoding/json takes a name in a tag.
func isName(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) {
			return false
		}
	}
	return s != ""
}
