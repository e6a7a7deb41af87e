package document

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/activitylog-go/activitylog/internal/suggest"
)

// A context is what is known of a node from outside: where it stands, for a
// node without a place of its own, what it is called in problems, and the tags
// of its field.
type context struct {
	at   Pos
	what string
	tag  reflect.StructTag
}

// decodable is what reads itself from a node.
type decodable interface {
	decode(r *reader, n ast.Node, c context)
}

// decode reads a node into a value of one of the types of [Document].
func (r *reader) decode(n ast.Node, c context, v reflect.Value) {
	if own, ok := v.Addr().Interface().(decodable); ok {
		own.decode(r, n, c)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.decode(n, c, v.Elem())
	case reflect.Slice:
		for _, e := range r.elements(n, c) {
			v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			r.decode(e.value, context{at: e.at, what: c.what, tag: c.tag}, v.Index(v.Len()-1))
		}
	case reflect.Struct:
		r.decodeStruct(n, c, v)
	default:
		panic("document: no reader for " + v.Type().String()) // a mistake in this package
	}
}

// decodeStruct reads keys with values into the fields that they name.
func (r *reader) decodeStruct(n ast.Node, c context, v reflect.Value) {
	if f := v.FieldByName("Pos"); f.IsValid() {
		f.Set(reflect.ValueOf(r.place(n, c.at)))
	}
	if isNull(n) && v.Type() == reflect.TypeFor[Event]() {
		return // a code that says nothing of itself
	}
	known := keysOf(v.Type())
	var said []string // also what was meant by a key that is misspelt
	for _, f := range r.fields(n, c) {
		i := slices.Index(known, f.key.Value)
		if i < 0 {
			r.Errorf(f.key.Pos, "%s: unknown key %q%s", c.what, f.key.Value, suggest.DidYouMean(f.key.Value, known))
			said = append(said, suggest.Closest(f.key.Value, known))
			continue
		}
		said = append(said, f.key.Value)
		if d, ok := v.Addr().Interface().(*Document); ok {
			d.Keys = append(d.Keys, f.key)
		}
		field := fieldOf(v.Type(), known[i])
		what := f.key.Value
		if c.what != "mapping" {
			what = c.what + "." + what
		}
		if r.included && field.Tag.Get("main") != "" {
			r.Errorf(f.key.Pos, "%s: only the main file may say this: move it there", what)
			continue
		}
		r.decode(f.value, context{at: f.key.Pos, what: what, tag: field.Tag}, v.FieldByIndex(field.Index))
	}
	if !isMapping(n) {
		return // which fields has noted
	}
	for _, key := range known {
		if fieldOf(v.Type(), key).Tag.Get("required") != "" && !slices.Contains(said, key) {
			r.Errorf(r.place(n, c.at), "%s: %s is missing", c.what, key)
		}
	}
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); key != "" && key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

func fieldOf(t reflect.Type, key string) reflect.StructField {
	for i := range t.NumField() {
		if f := t.Field(i); f.Tag.Get("yaml") == key {
			return f
		}
	}
	panic("document: " + t.String() + " has no key " + key) // a mistake in this package
}

func (m *Map[T]) decode(r *reader, n ast.Node, c context) {
	for _, f := range r.fields(n, c) {
		e := Entry[T]{Key: f.key}
		r.decode(f.value, context{at: f.key.Pos, what: c.what + ": " + f.key.Value, tag: c.tag}, reflect.ValueOf(&e.Value).Elem())
		*m = append(*m, e)
	}
}

func (t *Text) decode(r *reader, n ast.Node, c context) {
	t.Pos = r.place(n, c.at) // also of what is wrong
	value, ok := scalar(n)
	if !ok {
		r.Errorf(t.Pos, "%s: must be text, not %s", c.what, kindOf(n))
		return
	}
	text, ok := r.expand(r.textOf(n, value), c)
	if !ok {
		return
	}
	enum := c.tag.Get("enum")
	words := strings.Split(enum, ",")
	switch i := strings.IndexFunc(text.Value, isControl); {
	case strings.TrimSpace(text.Value) == "":
		r.Errorf(text.Pos, "%s: must not be empty", c.what)
	case i >= 0:
		r.Errorf(text.Pos, "%s: the control character %#02x must go", c.what, []rune(text.Value[i:])[0])
	case enum != "" && !slices.Contains(words, text.Value):
		r.Errorf(text.Pos, "%s: must be %s, not %q%s%s", c.what, either(words), text.Value, hint(text.Value, words), c.tag.Get("otherwise"))
	default:
		*t = text
	}
}

func (s *Sentence) decode(r *reader, n ast.Node, c context) {
	if isMapping(n) {
		r.decodeStruct(n, c, reflect.ValueOf(s).Elem())
		return
	}
	s.Text.decode(r, n, c)
}

// either returns "a, b or c".
func either(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// hint returns what was probably meant; the words themselves are told already.
func hint(word string, words []string) string {
	if closest := suggest.Closest(word, words); closest != "" {
		return fmt.Sprintf(": did you mean %q?", closest)
	}
	return ""
}
