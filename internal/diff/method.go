package diff

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// marshaled reads the JSON that a value makes of itself.
func (r *reader) marshaled(v reflect.Value) node {
	m, ok := method[json.Marshaler](v)
	if !ok {
		return node{kind: unreadable}
	}
	data, ok := call(m.MarshalJSON)
	if !ok || len(data) > maxDocument {
		return node{kind: unreadable}
	}
	return r.document(data)
}

func textOf(v reflect.Value) node {
	m, ok := method[encoding.TextMarshaler](v)
	if !ok {
		return node{kind: unreadable}
	}
	data, ok := call(m.MarshalText)
	if !ok || len(data) > maxDocument {
		return node{kind: unreadable}
	}
	return node{kind: text, text: string(data)}
}

// method returns v, or the pointer to it, as an interface.
func method[T any](v reflect.Value) (T, bool) {
	v = addressable(v)
	if !v.CanInterface() {
		var no T
		return no, false
	}
	m, ok := v.Addr().Interface().(T)
	return m, ok
}

// addressable returns v or a copy of it.
func addressable(v reflect.Value) reflect.Value {
	if !v.IsValid() || v.CanAddr() {
		return v
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

// call calls a method of the application.
func call(marshal func() ([]byte, error)) (data []byte, ok bool) {
	defer func() {
		if recover() != nil {
			data, ok = nil, false
		}
	}()
	data, err := marshal()
	return data, err == nil
}

// isZero is what omitzero means by it.
func isZero(v reflect.Value) (zero bool) {
	if (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil() {
		return true
	}
	m, ok := method[interface{ IsZero() bool }](v)
	if !ok {
		return v.IsZero()
	}
	defer func() {
		if recover() != nil {
			zero = false
		}
	}()
	return m.IsZero()
}
