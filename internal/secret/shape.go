package secret

import "strings"

// byStart has the shapes by the first character of their prefixes, starts a bit
// for each first two: hardly any word that is no secret begins so.
var (
	byStart [256][]*shape
	starts  [1 << 16 / 8]uint8
)

func init() {
	for i := range shapes {
		s := &shapes[i]
		byStart[s.prefix[0]] = append(byStart[s.prefix[0]], s)
		starts[int(s.prefix[0])<<5|int(s.prefix[1])>>3] |= 1 << (s.prefix[1] & 7)
	}
}

// begins reports whether s may begin with the prefix of a shape, or as a JSON
// Web Token does: an old key of Grafana's begins so too.
func begins(s string) bool {
	return len(s) > 1 && starts[int(s[0])<<5|int(s[1])>>3]>>(s[1]&7)&1 != 0
}

// shaped returns the end of the key or token that begins at i, or 0.
func (f *finder) shaped(i int) int {
	s := f.s[i:]
	if !begins(s) {
		return 0
	}
	for _, shape := range byStart[s[0]] {
		if !strings.HasPrefix(s, shape.prefix) {
			continue
		}
		if end := f.filled(shape, i+len(shape.prefix)); end > 0 && hasRun(f.s[i:end]) && mixed(f.s[i+len(shape.prefix):end]) {
			return end
		}
	}
	if s[0] == 'e' && strings.HasPrefix(s, "eyJ") {
		return f.jwt(i)
	}
	return 0
}

func (f *finder) filled(shape *shape, i int) int {
	if count(f.s[i:min(i+shape.min, len(f.s))], shape.class) < shape.min {
		return 0
	}
	if !shape.exact {
		return f.end(shape.class, i)
	}
	i += shape.min
	if i < len(f.s) && alphanumeric.has(f.s[i]) {
		return 0
	}
	return i
}

// mixed reports whether s has not small letters only, as slugs have: "sk-proj-and-so-on".
func mixed(s string) bool {
	for i := range min(len(s), 40) {
		if upper.has(s[i]) {
			return true
		}
	}
	return false
}

// jwt returns the end of the JSON Web Token, signed or encrypted, that begins
// at i: texts in base64 between dots, the first of them a JSON object. What has
// no dot is rather a cursor.
func (f *finder) jwt(i int) int {
	header := f.end(word, i)
	if header-i < 16 || header+1 >= len(f.s) || f.s[header] != '.' {
		return 0
	}
	if end := f.end(dotted, i); end-header > 8 {
		return end
	}
	return 0
}
