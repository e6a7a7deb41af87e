package secret

// A view is a text with its escapes resolved as far as they can hide a secret:
// %41 and \u0041 are an A, and in a JSON pointer ~1 is a slash.
type view struct {
	text  string
	at    []int // where in the first text each byte of text is, and its end
	depth int
}

// maxDepth bounds the escapes within escapes that are resolved: a JSON text in
// a string of a JSON text in a query.
const maxDepth = 4

// unescape resolves one layer of escapes and reports whether there was one.
func (v *view) unescape() bool {
	s := v.text
	first := 0
	for first < len(s) && escapeAt(s[first:]) == 0 {
		first++
	}
	if first == len(s) || v.depth == maxDepth {
		return false
	}
	v.depth++
	text := append(make([]byte, 0, len(s)), s[:first]...)
	at := make([]int, first, len(s)+1)
	for i := range at {
		at[i] = v.origin(i)
	}
	for i := first; i < len(s); {
		n := escapeAt(s[i:])
		at = append(at, v.origin(i))
		if n == 0 {
			text = append(text, s[i])
			i++
			continue
		}
		text = append(text, resolve(s[i:i+n]))
		i += n
	}
	v.text, v.at = string(text), append(at, v.origin(len(s)))
	return true
}

func (v *view) origin(i int) int {
	if v.at == nil {
		return i
	}
	return v.at[i]
}

// escapeAt returns the length of the escape that s begins with, or 0.
func escapeAt(s string) int {
	switch {
	case len(s) < 2:
	case s[0] == '%':
		if len(s) >= 3 && hex.has(s[1]) && hex.has(s[2]) {
			return 3
		}
	case s[0] == '~' && (s[1] == '0' || s[1] == '1'):
		return 2
	case s[0] == '\\' && s[1] == 'u':
		if len(s) >= 6 && count(s[2:6], hex) == 4 {
			return 6
		}
	case s[0] == '\\' && (isEscapeLetter(s[1]) || s[1] == '"' || s[1] == '\\' || s[1] == '/'):
		return 2
	}
	return 0
}

func isEscapeLetter(c byte) bool {
	switch c {
	case 'n', 'r', 't', 'b', 'f':
		return true
	}
	return false
}

// resolve returns what an escape stands for. No secret has a character beyond
// ASCII, so any such stands for all of them.
func resolve(escape string) byte {
	switch {
	case escape[0] == '%':
		return unhex(escape[1])<<4 | unhex(escape[2])
	case escape[1] == 'u':
		if escape[2] != '0' || escape[3] != '0' || unhex(escape[4]) > 7 {
			return 0xff
		}
		return unhex(escape[4])<<4 | unhex(escape[5])
	case escape == "~1":
		return '/'
	case escape == "~0":
		return '~'
	case isEscapeLetter(escape[1]):
		return '\n'
	}
	return escape[1]
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	default:
		return c - 'a' + 10
	}
}
