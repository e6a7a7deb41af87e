package secret

import (
	"encoding/base64"
	"strings"
)

// told returns the secret that the text itself calls one, by what stands at i:
// a colon or an equals sign behind a name, or a space behind the name of an
// authentication scheme. Where there is none, its end is 0.
func (f *finder) told(i int) (start, end int) {
	s := f.s
	switch {
	case s[i] == ' ':
		return f.credentials(i)
	case strings.HasPrefix(s[i:], "://"):
		return userinfo(s, i+3)
	}
	if kind := kindAt(s, i); kind != harmless {
		return f.named(i, kind)
	}
	return 0, 0
}

// credentials returns what follows the scheme that ends at i: "Bearer abc".
func (f *finder) credentials(i int) (start, end int) {
	start = i + 1
	switch {
	case hasSuffixFold(f.s[:i], "bearer"):
		end = f.end(bearer, start)
		if hasRun(f.s[start:end]) && random(f.s[start:end], shortestRun) {
			return start, end
		}
	case hasSuffixFold(f.s[:i], "basic"):
		end = f.end(padded, start)
		if n := strings.IndexByte(f.s[start:end], '/'); n >= 0 && !isBasic(f.s[start:end]) {
			end = start + n // in a path
		}
		if hasRun(f.s[start:end]) && isBasic(f.s[start:end]) {
			return start, end
		}
	}
	return 0, 0
}

// isBasic reports whether s is a user and a password as HTTP's basic
// authentication writes them.
func isBasic(s string) bool {
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	return err == nil && strings.Contains(string(b), ":")
}

// userinfo returns what stands before the host of a URL whose authority begins
// at i, if a password is in it or if it is a token.
func userinfo(s string, i int) (start, end int) {
	at, colon := -1, -1
	for j := i; j < len(s) && (authority.has(s[j])); j++ {
		if s[j] == '@' {
			at = j
		} else if s[j] == ':' && colon < 0 {
			colon = j
		}
	}
	if at < 0 || (colon < 0 || colon >= at-1) && !random(s[i:at], shortestRun) {
		return 0, 0
	}
	return i, at
}

// named returns the value of a name, which a colon or an equals sign at i
// separates. Without quotes, a colon may as well be one of prose: "password:
// too short". Its value then must not look like a word.
func (f *finder) named(i int, kind kind) (start, end int) {
	s := f.s
	j := i + 1
	if j < len(s) && s[i] == '=' && s[j] == '>' {
		j++
	}
	for j < len(s) && s[j] == ' ' && j-i <= 4 {
		j++
	}
	start, closing := opening(s, j)
	switch {
	case kind == header:
		return f.headerValue(start, closing, start > j+1)
	case closing > 0:
		end = start + quoted(s[start:], closing, start > j+1)
	default:
		end = f.end(value, start)
		if kind == password && (s[i] == ':' || j > i+1) {
			kind = phrase
		}
		if s[i] == ':' && j == i+1 && isSnake(s[start:end]) { // the verb of a code
			return 0, 0
		}
	}
	end = f.beforeEscape(start, end)
	if !kind.fits(s[start:end]) {
		return 0, 0
	}
	return start, end
}

// beforeEscape returns end without the backslashes in front of it: they escape
// the quote behind it, which half of them would not do.
func (f *finder) beforeEscape(start, end int) int {
	if end == f.escapes.end {
		return max(start, f.escapes.start)
	}
	f.escapes.end = end
	for end > start && f.s[end-1] == '\\' {
		end--
	}
	f.escapes.start = end
	return end
}

// isSnake reports whether s is several words in lower snake case.
func isSnake(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return strings.Contains(s, "_")
}

// opening returns where the value that begins at i does so behind its quote,
// which a backslash may escape, and the quote, or 0.
func opening(s string, i int) (start int, quote byte) {
	j := i
	for j < len(s) && s[j] == '\\' && j-i < 8 {
		j++
	}
	if j < len(s) && (s[j] == '"' || s[j] == '\'' || s[j] == '`') {
		return j + 1, s[j]
	}
	return i, 0
}

// quoted returns the length of what stands in s before a quote. Where the
// first one was escaped, so is that; where it was not, an escaped one does not
// count. A text that was cut has none.
func quoted(s string, quote byte, escaped bool) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == quote:
			return i
		case s[i] != '\\':
		case escaped && i+1 < len(s) && s[i+1] == quote:
			return i
		case !escaped:
			i++
		}
	}
	return len(s)
}

// headerValue returns the secret part of the value of an Authorization or
// Cookie header: what follows the scheme, or the whole.
func (f *finder) headerValue(i int, quote byte, escaped bool) (start, end int) {
	line := f.end(visible, i)
	if quote > 0 {
		line = min(line, i+quoted(f.s[i:line], quote, escaped))
	}
	first := min(f.end(value, i), line)
	text := f.s[i:first]
	switch parts := schemes[strings.ToLower(text[:min(len(text), maxScheme)])]; {
	case first < line && f.s[first] == ' ' && parts != 0 && len(text) <= maxScheme:
		if first++; parts == one {
			line = min(f.end(value, first), line)
		}
		line = f.beforeEscape(first, line)
		if isMark(f.s[first:line]) {
			return 0, 0
		}
		return first, line
	case strings.Contains(text[:min(len(text), maxCookie)], "=") || random(text, 8):
		if n := strings.IndexByte(f.s[first:line], '"'); n >= 0 {
			line = first + n
		}
		return i, f.beforeEscape(i, line)
	}
	return 0, 0
}

// schemes are those of HTTP authentication, with how much follows them: one
// word, or many parameters.
var schemes = map[string]int{
	"bearer": one, "basic": one, "token": one, "apikey": one, "negotiate": one, "ntlm": one, "dpop": one, "key": one,
	"digest": many, "aws4-hmac-sha256": many, "signature": many, "hmac": many, "hawk": many,
}

const (
	one = iota + 1
	many
	maxScheme = 16 // the longest
	maxCookie = 64 // the longest name of a cookie that is looked for
)
