package diff

import (
	"reflect"
	"sync"
)

// A typeInfo is what is known of a type.
type typeInfo struct {
	t      reflect.Type
	form   form
	elem   *typeInfo // of a pointer, slice, array or map
	fields []field   // of formFields
	keyed  bool      // a field has the tag key
	money  bool
	flat   bool // if == says that two values are equal, so are their nodes, and == never panics
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
