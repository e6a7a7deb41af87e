package body

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// The functions below take a text that is known to be valid JSON.

// length returns the length of the value at the beginning of text.
func length(text []byte) int {
	switch text[0] {
	case '"':
		return stringLength(text)
	case '{', '[':
		return nestedLength(text)
	}
	if i := bytes.IndexAny(text, ",]} \t\r\n"); i >= 0 {
		return i
	}
	return len(text)
}

func stringLength(text []byte) int {
	for i := 1; ; i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// nestedLength counts brackets instead of going down, so that no depth matters.
func nestedLength(text []byte) int {
	depth := 0
	for i := 0; ; i++ {
		switch text[i] {
		case '"':
			i += stringLength(text[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

// next returns what follows the comma at the beginning of rest, or the bracket there.
func next(rest []byte) []byte {
	rest = space(rest)
	if rest[0] == ',' {
		return space(rest[1:])
	}
	return rest
}

func space(text []byte) []byte { return bytes.TrimLeft(text, " \t\r\n") }

// isKey reports whether the quoted text means key.
func isKey(text []byte, key string, fold bool) bool {
	plain := text[1 : len(text)-1]
	if !isPlain(plain) {
		plain = []byte(unquote(text))
	}
	if fold {
		return bytes.EqualFold(plain, []byte(key))
	}
	return string(plain) == key
}

// isPlain reports whether a text stands for itself between quotes.
func isPlain(text []byte) bool { return bytes.IndexByte(text, '\\') < 0 && utf8.Valid(text) }

func unquote(text []byte) string {
	plain := text[1 : len(text)-1]
	if isPlain(plain) {
		return string(plain)
	}
	var s string
	_ = json.Unmarshal(text, &s) // valid, so it is a string
	return s
}
