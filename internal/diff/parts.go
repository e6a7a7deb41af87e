package diff

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

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
