package secret

import "strings"

// begin begins what is written in PEM.
const begin = "-----BEGIN"

// privateKey returns the length of the private key in PEM that s begins with, or
// 0. One that was cut goes on to the end of the text.
func privateKey(s string) int {
	if !strings.HasPrefix(s, begin) {
		return 0
	}
	const maxLabel = 40
	label, _, ok := strings.Cut(s[len(begin):min(len(s), len(begin)+maxLabel)], "-----")
	if !ok || !strings.Contains(label, "PRIVATE KEY") {
		return 0
	}
	body := len(begin) + len(label) + len("-----")
	n := strings.Index(s[body:], "-----END")
	if n < 0 {
		return len(s)
	}
	n += body + len("-----END")
	rest := s[n:min(len(s), n+maxLabel)]
	if _, after, ok := strings.Cut(rest, "-----"); ok {
		return n + len(rest) - len(after)
	}
	return n
}
