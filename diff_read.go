package activitylog

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A reader makes nodes of values.
type reader struct {
	names []string // of keys, see WithListKeys
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

func float(f float64, bits int) node {
	switch {
	case math.IsNaN(f):
		return node{kind: text, text: "NaN"}
	case math.IsInf(f, 0):
		return node{kind: text, text: strings.TrimPrefix(strings.Replace(strconv.FormatFloat(f, 'g', -1, 64), "Inf", "Infinity", 1), "+")}
	}
	format := byte('f') // like encoding/json
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return node{kind: number, text: strconv.FormatFloat(f, format, -1, bits)}
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

func (r *reader) list(v reflect.Value) node {
	n := node{kind: list}
	if v.Len() > r.left {
		return node{kind: unreadable}
	}
	n.parts = make([]part, v.Len())
	for i := range n.parts {
		p := &n.parts[i].node
		if *p = r.value(v.Index(i)); p.kind == none {
			*p = node{kind: literal, text: "null"}
		}
	}
	return n
}

func (r *reader) object(t *typeInfo, v reflect.Value) node {
	n := node{kind: object, parts: make([]part, 0, len(t.fields))}
	keys := keys{names: r.names}
	for i := range t.fields {
		f := &t.fields[i]
		isKey := f.key || !t.keyed && slices.Contains(r.names, f.name)
		p := part{name: f.name, class: f.class}
		if f.class != ignored || isKey {
			p.node = r.field(f, f.of(v))
		}
		if isKey {
			keys.add(f.name, f.key, &p.node)
		}
		if p.there() || p.class >= ignored { // its class also holds for the other side
			n.parts = append(n.parts, p)
		}
	}
	n.same = keys.key
	return n
}

func (r *reader) field(f *field, v reflect.Value) node {
	if !v.IsValid() || f.omitEmpty && isEmpty(v) || f.omitZero && isZero(v) {
		return node{}
	}
	n := r.value(v)
	if f.quoted && n.plain() && (n.kind == number || n.kind == literal) {
		n.kind = text
	}
	return n
}

func (r *reader) members(v reflect.Value) node {
	n := node{kind: object}
	if v.Len() > r.left {
		return node{kind: unreadable}
	}
	n.parts = make([]part, 0, v.Len())
	key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
	for iter := v.MapRange(); iter.Next(); {
		key.SetIterKey(iter) // into the same variables: one allocation for all
		value.SetIterValue(iter)
		name, ok := memberName(key)
		if !ok {
			return node{kind: unreadable}
		}
		if m := r.value(value); m.kind != none {
			n.parts = append(n.parts, part{name: name, node: m})
		}
	}
	slices.SortFunc(n.parts, func(p, q part) int { return strings.Compare(p.name, q.name) })
	for i := range n.parts[min(1, len(n.parts)):] {
		if n.parts[i].name == n.parts[i+1].name { // two keys with one text
			return node{kind: unreadable}
		}
	}
	keys := keys{names: r.names}
	for i := range n.parts {
		if p := &n.parts[i]; slices.Contains(r.names, p.name) {
			keys.add(p.name, false, &p.node)
		}
	}
	n.same = keys.key
	return n
}

func memberName(key reflect.Value) (string, bool) {
	if key.Kind() == reflect.String {
		return key.String(), true
	}
	if typeOf(key.Type()).form == formText {
		n := textOf(key)
		return n.text, n.kind == text
	}
	if key.CanInt() {
		return strconv.FormatInt(key.Int(), 10), true
	}
	if key.CanUint() {
		return strconv.FormatUint(key.Uint(), 10), true
	}
	return "", false
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

func timeOf(v reflect.Value) time.Time {
	if v.CanAddr() {
		return *v.Addr().Interface().(*time.Time) // no copy on the heap
	}
	return v.Interface().(time.Time)
}

// numberOf reads a json.Number, which may hold any text.
func numberOf(s string) node {
	if s == "" || strings.Trim(s, "-+.0123456789eE") != "" || !json.Valid([]byte(s)) {
		return node{kind: text, text: s}
	}
	return node{kind: number, text: s}
}

// isEmpty is what omitempty means by it.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}
