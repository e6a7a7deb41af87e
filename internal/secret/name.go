package secret

import "strings"

// A kind says what a name promises of its value.
type kind uint8

const (
	harmless kind = iota
	password      // any value is one
	phrase        // a value is one if it does not look like a word
	token         // a value is one if it looks like chance
	code          // a value is one if it is a few digits
	header        // what an Authorization or Cookie header has
	key           // as a password if the name says what the key is for
)

// A name is the end of the name of a secret, in lower case.
type name struct {
	text string
	kind kind
}

// names has the names by their last letter.
var names = byEnd(
	name{"password", password}, name{"passwd", password}, name{"passphrase", password}, name{"passcode", password},
	name{"pwd", password}, name{"mnemonic", password},
	name{"secret", token}, name{"token", token}, name{"jwt", token}, name{"auth", token}, name{"sig", token},
	name{"signature", token}, name{"credential", token}, name{"credentials", token},
	name{"cvv", code}, name{"cvv2", code}, name{"cvc", code}, name{"csc", code}, name{"pin", code}, name{"otp", code}, name{"totp", code},
	name{"authorization", header}, name{"cookie", header},
	name{"key", key},
)

func byEnd(list ...name) (index [256][]name) {
	for _, n := range list {
		last := n.text[len(n.text)-1]
		index[last] = append(index[last], n)
		if last >= 'a' {
			index[last-'a'+'A'] = append(index[last-'a'+'A'], n)
		}
	}
	return index
}

// keys are what stands before "key" in the names of secret ones.
var keys = []string{"api", "access", "secret", "private", "signing", "encryption", "account", "master", "subscription", "auth"}

// pages are what stands before "token" in names of marks in a list.
var pages = []string{"next", "page", "pagination", "continuation", "continue", "sync", "cancellation"}

// kindAt returns what the name before the separator at i promises.
func kindAt(s string, i int) kind {
	for n := 0; i > 0 && n < 8 && quotes(s[i-1]); n++ {
		i--
	}
	if i < 3 {
		return harmless
	}
	for _, n := range names[s[i-1]] {
		if !hasSuffixFold(s[:i], n.text) {
			continue
		}
		begin := i - len(n.text)
		inside := begin > 0 && alphanumeric.has(s[begin-1]) && !humps(s[begin:], s[begin-1])
		switch {
		case inside && len(n.text) < 5 && n.kind != key: // the pin of "shopping"
		case n.kind == code && begin > 0 && (word.has(s[begin-1])): // the otp of "missed_otp"
		case n.kind == key && !precededBy(s, begin, keys):
		case n.kind == token && precededBy(s, begin, pages):
		case n.kind == key:
			return password
		default:
			return n.kind
		}
	}
	return harmless
}

// quotes reports whether c may stand between a name and its separator.
func quotes(c byte) bool {
	switch c {
	case '"', '\'', '`', '\\', ' ':
		return true
	}
	return false
}

// humps reports whether a word begins with a capital behind a small letter.
func humps(s string, before byte) bool {
	return 'A' <= s[0] && s[0] <= 'Z' && 'a' <= before && before <= 'z'
}

// precededBy reports whether one of words stands before i, apart or not.
func precededBy(s string, i int, words []string) bool {
	if i > 0 && (s[i-1] == '_' || s[i-1] == '-') {
		i--
	}
	for _, w := range words {
		if hasSuffixFold(s[:i], w) {
			return true
		}
	}
	return false
}

func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}

// fits reports whether a value is the secret that its name promises.
func (k kind) fits(v string) bool {
	if isPlaceholder(v) {
		return false
	}
	switch k {
	case password:
		return count(v, digit) < len(v) || len(v) >= 4
	case phrase:
		return random(v, 6)
	case token:
		return random(v, 8)
	case code:
		return 3 <= len(v) && len(v) <= 8 && count(v, digit) == len(v)
	}
	return false
}

// isMark reports whether s begins with Mark, also if it was cut.
func isMark(s string) bool { return strings.HasPrefix(s, Mark) || strings.HasPrefix(Mark, s) }

// Named reports whether a value is a secret because of its name, as in "api_key".
func Named(name, value string) bool {
	switch kind := kindAt(name, len(name)); kind {
	case harmless:
		return false
	case header:
		return !isPlaceholder(value)
	default:
		return kind.fits(value)
	}
}

// random reports whether s looks like no word: it is long enough, and letters
// and digits are mixed, or small and capital letters where it is long.
func random(s string, shortest int) bool {
	if len(s) < shortest {
		return false
	}
	var letters, digits, humped bool
	for i := range min(len(s), 64) {
		switch c := s[i]; {
		case digit.has(c):
			digits = true
		case alphanumeric.has(c):
			letters = true
			humped = humped || i > 0 && humps(s[i:], s[i-1])
		}
	}
	return letters && digits || humped && len(s) >= 20
}

// isPlaceholder reports whether a value stands for a secret or for none.
func isPlaceholder(v string) bool {
	if v == "" || isMark(v) || strings.HasPrefix(v, "hmac-sha256:") {
		return true
	}
	if strings.Trim(v, v[:1]) == "" && strings.Contains("*xX.-#", v[:1]) { // ****
		return true
	}
	if len(v) > 16 {
		return false
	}
	return placeholders[strings.ToLower(v)]
}

var placeholders = func() map[string]bool {
	m := make(map[string]bool)
	for word := range strings.FieldsSeq(`
		true false null nil none yes no on off set unset empty missing required optional undefined redacted filtered masked
		hidden removed changed updated reset expired invalid incorrect wrong weak ok failed
	`) {
		m[word] = true
	}
	return m
}()
