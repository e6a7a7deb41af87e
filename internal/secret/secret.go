// Package secret recognises secrets by what they look like: keys and tokens of
// well-known makers, JSON Web Tokens, private keys, payment cards, credentials
// in URLs, and values that the text itself calls a password or a token. It is
// the net below the rules that go by the names of fields.
//
// It is precise rather than broad: an identifier that it took for a secret
// would be lost. UUIDs, ULIDs, snowflakes, hashes, trace ids and timestamps are
// no secrets, and neither is a password in a text that does not say so.
package secret

import "strings"

// Mark stands where a secret was.
const Mark = "[redacted]"

// Redact returns s with [Mark] in place of every secret, and how many there
// were. Secrets behind escapes of URLs and of JSON are found as well. It takes
// time in proportion to the length of s, next to none if nothing in s looks
// like a secret; it makes no valid UTF-8 invalid, and redacting again changes
// nothing.
func Redact(s string) (string, int) {
	count := 0
	for range maxRounds {
		if !suspect(s) {
			return s, count
		}
		spans := find(s)
		if len(spans) == 0 {
			return s, count
		}
		s, count = replace(s, spans), count+len(spans)
	}
	if suspect(s) && len(find(s)) > 0 {
		return Mark, count
	}
	return s, count
}

// maxRounds bounds the rounds in which what stood between secrets can turn out
// to be one. Ordinary texts need two: the last one finds nothing.
const maxRounds = 8

func replace(s string, spans []span) string {
	var b strings.Builder
	from := 0
	for _, sp := range spans {
		b.WriteString(s[from:sp.start])
		b.WriteString(Mark)
		from = sp.end
	}
	b.WriteString(s[from:])
	return b.String()
}
