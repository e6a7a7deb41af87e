// Package pointer reads JSON pointers (RFC 6901) and patterns of them, which
// name fields of a JSON document: "/address/city", "/items/*/price".
package pointer

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of a pattern.
const (
	MaxLen      = 500 // bytes
	MaxSegments = 32
)

// A Pattern is a JSON pointer in which the segment "*" stands for any one key
// or index; a key that is itself a star is met by it too. Keys are met in upper
// and lower case, as encoding/json matches them to the fields of a struct: a
// request that says "PASSWORD" sets the password. Patterns can be compared with
// ==. The zero Pattern is the whole document.
type Pattern struct{ text string }

// Parse reads a pattern of fields: not the empty text, which would be the
// whole document. It begins with a slash, and has a tilde only in ~0, which
// stands for a tilde, and in ~1, which stands for a slash within a key.
func Parse(text string) (Pattern, error) {
	switch {
	case !strings.HasPrefix(text, "/"):
		return Pattern{}, fmt.Errorf("pointer %.40q: it must begin with a slash, as in /address/city", text)
	case len(text) > MaxLen:
		return Pattern{}, fmt.Errorf("pointer %.40q…: it is %d bytes long, the longest may be %d", text, len(text), MaxLen)
	case strings.Count(text, "/") > MaxSegments:
		return Pattern{}, fmt.Errorf("pointer %.40q…: it has more than %d segments", text, MaxSegments)
	case !utf8.ValidString(text):
		return Pattern{}, errors.New("pointer: it is not valid UTF-8")
	}
	for i := range len(text) {
		if text[i] == '~' && (i+1 == len(text) || text[i+1] != '0' && text[i+1] != '1') {
			return Pattern{}, fmt.Errorf("pointer %q: write ~0 for a tilde and ~1 for a slash within a key", text)
		}
	}
	return Pattern{text}, nil
}

// String returns the pattern as it was written.
func (p Pattern) String() string { return p.text }

// Segments returns the keys, indexes and stars of the pattern, unescaped.
func (p Pattern) Segments() []string {
	if p.text == "" {
		return nil
	}
	segments := strings.Split(p.text[1:], "/")
	for i, s := range segments {
		segments[i] = Unescape(s)
	}
	return segments
}

// Unescape returns the key that a segment of a pointer stands for.
func Unescape(segment string) string { return unescape.Replace(segment) }

// Escape returns a key as a segment of a pointer.
func Escape(key string) string { return escape.Replace(key) }

var (
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
	escape   = strings.NewReplacer("~", "~0", "/", "~1")
)

// FoldName makes the spellings of a name equal: apiKey, api_key, "API-KEY", and
// what encoding/json takes for one of them, such as "apiKey" with a Kelvin sign.
func FoldName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-. ", r) {
			return -1
		}
		least := r // of the characters that differ from r in their case only
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, name)
}

// Matches reports whether the pattern names the field at pointer.
func (p Pattern) Matches(pointer string) bool {
	rest, ok := p.below(pointer)
	return ok && rest == ""
}

// Covers reports whether the pattern names the field at pointer or one that
// the field is a part of: "/address" covers "/address/city".
func (p Pattern) Covers(pointer string) bool {
	_, ok := p.below(pointer)
	return ok
}

// below returns what is left of pointer below the field that the pattern
// names. A key has one escaped form only, so segments are compared as written.
func (p Pattern) below(pointer string) (rest string, ok bool) {
	for text := p.text; text != ""; {
		if pointer == "" || pointer[0] != '/' {
			return "", false
		}
		var want, got string
		want, text = next(text)
		got, pointer = next(pointer)
		if want != "*" && !strings.EqualFold(want, got) {
			return "", false
		}
	}
	return pointer, pointer == "" || pointer[0] == '/'
}

// next cuts the first segment off a pointer that begins with a slash.
func next(pointer string) (segment, rest string) {
	i := strings.IndexByte(pointer[1:], '/')
	if i < 0 {
		return pointer[1:], ""
	}
	return pointer[1 : 1+i], pointer[1+i:]
}

// Below reports whether the pattern names a part of the field at pointer:
// "/address/city" is below "/address".
func (p Pattern) Below(pointer string) bool {
	text := p.text
	for pointer != "" {
		if text == "" || pointer[0] != '/' {
			return false
		}
		var want, got string
		want, text = next(text)
		got, pointer = next(pointer)
		if want != "*" && !strings.EqualFold(want, got) {
			return false
		}
	}
	return text != ""
}
