package diff

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strconv"
	"time"
)

// A reader makes nodes of values.
type reader struct {
	names []string // of keys, see Options
	left  int      // values that may still be looked at
	depth int      // of objects and lists
	above []address
	root  address // of the document, to which a pointer may lead back
}

// An address is that of a value which is being read. A struct and its first
// field have the same pointer, and so have a slice and the beginning of it.
type address struct {
	pointer uintptr
	t       reflect.Type
	len     int // of a slice
}

func addressOf(v reflect.Value) address {
	if !v.IsValid() {
		return address{}
	}
	return address{pointer: v.Addr().Pointer(), t: reflect.PointerTo(v.Type())}
}

func (r *reader) value(v reflect.Value) node {
	if !v.IsValid() {
		return node{}
	}
	if r.left--; r.left < 0 {
		return node{kind: unreadable}
	}
	switch v.Kind() {
	case reflect.Interface:
		return r.value(v.Elem())
	case reflect.Pointer:
		if v.IsNil() {
			return node{}
		}
		return r.within(v, func() node { return r.value(v.Elem()) })
	}
	switch t := typeOf(v.Type()); t.form {
	case formTime:
		at := timeOf(v)
		return node{kind: instant, text: at.Format(time.RFC3339Nano), same: at.UTC().Format(time.RFC3339Nano)}
	case formNull:
		if !v.Field(1).Bool() {
			return node{}
		}
		return r.value(v.Field(0))
	case formJSON:
		return r.marshaled(v)
	case formText:
		return textOf(v)
	case formNumber:
		return numberOf(v.String())
	case formFields:
		return r.within(v, func() node { return r.object(t, v) })
	case formBytes:
		return node{kind: blob, bytes: v.Bytes()}
	case formHidden:
		return node{kind: unreadable}
	default:
		return r.kind(v)
	}
}

// kind reads a value that is as its kind says. What has no kind in JSON, such
// as a function, is no value.
func (r *reader) kind(v reflect.Value) node {
	switch v.Kind() {
	case reflect.Bool:
		return node{kind: literal, text: strconv.FormatBool(v.Bool())}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return node{kind: number, text: strconv.FormatInt(v.Int(), 10)}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return node{kind: number, text: strconv.FormatUint(v.Uint(), 10)}
	case reflect.Float32, reflect.Float64:
		return float(v.Float(), v.Type().Bits())
	case reflect.Complex64, reflect.Complex128:
		return node{kind: text, text: strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())}
	case reflect.String:
		return node{kind: text, text: v.String()}
	case reflect.Slice, reflect.Array:
		return r.within(v, func() node { return r.list(v) })
	case reflect.Map:
		return r.within(v, func() node { return r.members(v) })
	default:
		return node{}
	}
}

// within reads what is in v, unless v is already being read: a pointer back to
// it holds nothing new.
func (r *reader) within(v reflect.Value, read func() node) node {
	var a address
	deeper := 1
	switch v.Kind() {
	case reflect.Pointer:
		a, deeper = address{pointer: v.Pointer(), t: v.Type()}, 0
	case reflect.Map:
		a = address{pointer: v.Pointer(), t: v.Type()}
	case reflect.Slice:
		a = address{v.Pointer(), v.Type(), v.Len()}
	}
	if a.pointer != 0 && (a == r.root || slices.Contains(r.above, a)) {
		return node{}
	}
	if r.depth+deeper > maxDepth || len(r.above) == 4*maxDepth {
		return node{kind: unreadable}
	}
	r.depth += deeper
	r.above = append(r.above, a)
	n := read()
	r.above = r.above[:len(r.above)-1]
	r.depth -= deeper
	return n
}

// document reads a JSON text; an empty one is no value.
func (r *reader) document(data []byte) node {
	if len(data) == 0 {
		return node{}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var doc any
	if dec.Decode(&doc) != nil {
		return node{kind: unreadable}
	}
	if _, err := dec.Token(); err != io.EOF {
		return node{kind: unreadable}
	}
	return r.value(reflect.ValueOf(doc))
}
