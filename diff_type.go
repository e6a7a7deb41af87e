package activitylog

import (
	"encoding"
	"encoding/json"
	"reflect"
	"sync"
	"time"
)

// A form is how values of a type are read.
type form uint8

const (
	formKind   form = iota // as the kind says
	formFields             // a struct, field by field
	formBytes              // base64
	formTime
	formNull   // of database/sql: no value unless the second field says so
	formNumber // json.Number
	formJSON   // by MarshalJSON
	formText   // by MarshalText
	formHidden // has secrets that only its methods reach, which do not know them
)

// A typeInfo is what Diff has to know of a type.
type typeInfo struct {
	t      reflect.Type
	form   form
	elem   *typeInfo // of a pointer, slice, array or map
	fields []field   // of formFields
	keyed  bool      // a field has the tag key
	money  bool
	flat   bool // if == says that two values are equal, so does Diff, and == never panics
}

var types sync.Map // of *typeInfo by reflect.Type

// typeOf returns what is known of t. Types refer to each other, so those that
// are new become known together, when all of them are complete.
func typeOf(t reflect.Type) *typeInfo {
	if known, ok := types.Load(t); ok {
		return known.(*typeInfo)
	}
	b := make(typeBuilder)
	info := b.of(t)
	for t, info := range b {
		types.Store(t, info)
	}
	return info
}

type typeBuilder map[reflect.Type]*typeInfo

func (b typeBuilder) of(t reflect.Type) *typeInfo {
	if known, ok := types.Load(t); ok {
		return known.(*typeInfo)
	}
	if begun := b[t]; begun != nil {
		return begun
	}
	info := &typeInfo{t: t, form: formOf(t), flat: isFlat(t)}
	b[t] = info
	switch {
	case info.form == formFields:
		info.fields = fieldsOf(t)
		for i := range info.fields {
			f := &info.fields[i]
			f.info = b.of(f.t)
			info.keyed = info.keyed || f.key
		}
		if f := info.fields; len(f) == 2 {
			info.money = isMoney(f[0].name) && isMoney(f[1].name)
		}
	case info.form == formNull:
		info.elem = b.of(t.Field(0).Type)
	case info.form != formKind:
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice, t.Kind() == reflect.Array, t.Kind() == reflect.Map:
		info.elem = b.of(t.Elem())
	}
	return info
}

var (
	timeType      = reflect.TypeFor[time.Time]()
	numberType    = reflect.TypeFor[json.Number]()
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func formOf(t reflect.Type) form {
	switch {
	case t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface:
		return formKind
	case t == timeType:
		return formTime
	case t == numberType:
		return formNumber
	case isNull(t):
		return formNull
	}
	own := formKind
	if reflect.PointerTo(t).Implements(marshaler) {
		own = formJSON
	} else if reflect.PointerTo(t).Implements(textMarshaler) {
		own = formText
	}
	if own != formKind {
		switch {
		case !hides(t, make(map[reflect.Type]bool)):
			return own
		case t.Kind() == reflect.Struct && len(fieldsOf(t)) == 0:
			return formHidden
		}
	}
	switch {
	case t.Kind() == reflect.Struct:
		return formFields
	case t.Kind() == reflect.Slice && isByte(t.Elem()):
		return formBytes
	}
	return formKind
}

// isNull reports whether t is one of database/sql's Null types: a value and
// whether there is one.
func isNull(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() == "database/sql" && t.NumField() == 2 &&
		t.Field(1).Name == "Valid" && t.Field(1).Type.Kind() == reflect.Bool
}

func isByte(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Kind() == reflect.Uint8 && !p.Implements(marshaler) && !p.Implements(textMarshaler)
}

// hides reports whether t has a field in it that is ignored or secret.
func hides(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return hides(t.Elem(), seen)
	case reflect.Map:
		return hides(t.Key(), seen) || hides(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if c, _ := classOf(f.Tag.Get(tagName)); c >= ignored || hides(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// isFlat reports whether values of t can be compared with ==. Where pointers
// are equal, so is what they point to.
func isFlat(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface:
		return false
	case reflect.Array:
		return isFlat(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !isFlat(t.Field(i).Type) {
				return false
			}
		}
		return true
	default:
		return t.Comparable()
	}
}

// same reports whether two values are so plainly equal that they need not be read.
func same(t *typeInfo, a, b reflect.Value) bool {
	switch {
	case !a.IsValid() || !b.IsValid():
		return a.IsValid() == b.IsValid()
	case t.flat && a.Equal(b):
		return true
	case t.form == formTime:
		return timeOf(a).Equal(timeOf(b))
	case t.form != formKind && t.form != formBytes:
		return false
	}
	switch a.Kind() {
	case reflect.Pointer:
		return t.elem.flat && !a.IsNil() && !b.IsNil() && a.Elem().Equal(b.Elem())
	case reflect.Slice:
		return sameElements(t, a, b)
	case reflect.Map:
		return a.Len() == 0 && b.Len() == 0
	}
	return false
}

func sameElements(t *typeInfo, a, b reflect.Value) bool {
	switch n := a.Len(); {
	case n != b.Len():
		return false
	case n == 0 || a.Pointer() == b.Pointer():
		return true
	case t.form == formBytes:
		return string(a.Bytes()) == string(b.Bytes())
	case !t.elem.flat:
		return false
	default:
		for i := range n {
			if !a.Index(i).Equal(b.Index(i)) {
				return false
			}
		}
		return true
	}
}
