package document

import (
	"fmt"
	"unicode/utf8"
)

// A Pos is a place in a file.
type Pos struct {
	File   string
	Line   int // from 1; 0 if there is no place
	Column int // from 1, in characters
	Length int // characters that are meant, 0 if not known
}

// IsZero reports whether p is no place.
func (p Pos) IsZero() bool { return p == Pos{} }

// String returns "FILE:LINE:COLUMN".
func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// A Text is a scalar: what the file says, with environment variables put in,
// numbers and booleans as they are spelled. The zero Text is not there.
type Text struct {
	Value string
	Pos   Pos

	exact bool // the value is spelled in the file as it is, in one line
}

// IsSet reports whether the file says t. If its value is empty all the same,
// what the file says is wrong, and has been noted.
func (t Text) IsSet() bool { return !t.Pos.IsZero() }

// At returns the place of the length bytes at offset in t's value, for a value
// that has its own grammar; the place of t if the file spells it otherwise.
func (t Text) At(offset, length int) Pos {
	if !t.exact || offset < 0 || length < 0 || offset > len(t.Value) || length > len(t.Value)-offset {
		return t.Pos
	}
	p := t.Pos
	quotes := p.Length - utf8.RuneCountInString(t.Value)
	p.Column += quotes/2 + utf8.RuneCountInString(t.Value[:offset])
	p.Length = utf8.RuneCountInString(t.Value[offset : offset+length])
	return p
}

// A Map is a mapping in the order of the file.
type Map[T any] []Entry[T]

// An Entry is a key with its value.
type Entry[T any] struct {
	Key   Text
	Value T
}

// Get returns the value of a key.
func (m Map[T]) Get(key string) (T, bool) {
	for _, e := range m {
		if e.Key.Value == key {
			return e.Value, true
		}
	}
	var none T
	return none, false
}
