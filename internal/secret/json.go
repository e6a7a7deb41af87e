package secret

// RedactJSON returns a valid JSON text with [Mark] in place of every secret in
// its strings and names, and of every number that is one. It stays valid, and v
// stays as it is.
func RedactJSON(v []byte) ([]byte, int) {
	if !suspect(string(v)) {
		return v, 0
	}
	out := make([]byte, 0, len(v))
	count := 0
	for i := 0; i < len(v); {
		end := literal(v, i)
		switch text := string(v[i:end]); {
		case text[0] == '"':
			inner, n := Redact(text[1 : len(text)-1])
			out = append(append(append(out, '"'), inner...), '"')
			count += n
		case digit.has(text[0]) && card(text) == len(text):
			out = append(append(append(out, '"'), Mark...), '"')
			count++
		default:
			out = append(out, text...)
		}
		i = end
	}
	return out, count
}

// literal returns the end of the string, the number or the other byte at i.
func literal(v []byte, i int) int {
	switch {
	case v[i] == '"':
		for i++; v[i] != '"'; i++ {
			if v[i] == '\\' {
				i++
			}
		}
	case numeral(v[i]):
		for i+1 < len(v) && numeral(v[i+1]) {
			i++
		}
	}
	return i + 1
}

func numeral(c byte) bool {
	return digit.has(c) || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E'
}
