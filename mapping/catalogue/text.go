package catalogue

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

const (
	maxValue     = 200 // bytes of a value within a sentence
	maxJSONValue = 80
)

// appendText appends a value on one line, cut at limit bytes.
func appendText(b []byte, s string, limit int) []byte {
	cut := len(s) > limit
	if cut {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = s[:limit]
	}
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == 0x7f {
			c = ' '
		}
		b = append(b, c)
	}
	if cut {
		b = append(b, "…"...)
	}
	return b
}

// appendJSON appends a JSON text; a string without its quotes.
func appendJSON(b []byte, v json.RawMessage) []byte { return appendText(b, jsonText(v), maxJSONValue) }

// jsonText returns a JSON text; a string without its quotes.
func jsonText(v json.RawMessage) string {
	var s string
	if len(v) > 0 && v[0] == '"' && json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}

// appendWords appends a code's part as words.
func appendWords(b []byte, s string) []byte {
	start := len(b)
	b = appendText(b, s, maxValue)
	for i := start; i < len(b); i++ {
		if b[i] == '_' || b[i] == '.' || b[i] == ':' {
			b[i] = ' '
		}
	}
	return b
}

// appendField appends the words of a JSON pointer: "address city" for
// "/address/city".
func appendField(b []byte, pointer string) []byte {
	start := len(b)
	b = appendText(b, strings.TrimPrefix(pointer, "/"), maxJSONValue)
	name := b[start:]
	b = b[:start]
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '/' || c == '_':
			b = append(b, ' ')
		case c == '~' && i+1 < len(name) && name[i+1] == '1':
			b = append(b, '/')
			i++
		case c == '~' && i+1 < len(name) && name[i+1] == '0':
			b = append(b, '~')
			i++
		default:
			b = append(b, c)
		}
	}
	return b
}
