package activitylog

import (
	"fmt"
	"strings"
	"sync"

	"go.opentelemetry.io/otel"

	"github.com/activitylog-go/activitylog/internal/secret"
)

// MaxCodeLen is the length in bytes of the longest code.
const MaxCodeLen = 200

// A Code is the kind of an event: "<resource>[.<part>...]:<past verb>", words
// of lower-case letters, digits and underscores, as in
// "com.scheme_payment_service:updated".
type Code string

// ParseCode returns s as a Code, or an error that says what is wrong with it.
func ParseCode(s string) (Code, error) {
	if len(s) > MaxCodeLen {
		return "", fmt.Errorf("code is %d bytes long, the longest may be %d", len(s), MaxCodeLen)
	}
	resource, verb, ok := strings.Cut(s, ":")
	if !ok {
		return "", fmt.Errorf("code %q has no colon: it must read resource:verb, as in org.member:updated", s)
	}
	for _, part := range strings.Split(resource, ".") {
		if !isWord(part) {
			return "", fmt.Errorf("code %q: resource part %q must be a lower_snake word", s, part)
		}
	}
	if !isWord(verb) {
		return "", fmt.Errorf("code %q: verb %q must be a lower_snake word", s, verb)
	}
	return Code(s), nil
}

// Resource returns what stands before the colon: "org.member".
func (c Code) Resource() string {
	resource, _, _ := strings.Cut(string(c), ":")
	return resource
}

// Verb returns what stands behind the colon: "updated". It is empty for a
// name that is no code, such as one that a foreign sender chose.
func (c Code) Verb() string {
	_, verb, _ := strings.Cut(string(c), ":")
	return verb
}

// Dotted returns the code with a dot in place of the colon, for tools that
// refuse colons in event names: "org.member.updated".
func (c Code) Dotted() string { return strings.Replace(string(c), ":", ".", 1) }

// isValid reports whether [ParseCode] takes the code, without an allocation.
func (c Code) isValid() bool {
	resource, verb, ok := strings.Cut(string(c), ":")
	for more := ok; more; {
		var part string
		part, resource, more = strings.Cut(resource, ".")
		ok = ok && isWord(part)
	}
	return ok && isWord(verb) && len(c) <= MaxCodeLen
}

// maxMisnamed bounds the codes that are remembered as reported.
const maxMisnamed = 100

// misnamed are the codes of events that are none.
var misnamed reported

type reported struct {
	mu    sync.Mutex
	codes map[Code]bool
}

// report reports a code that is none, the first time. One that is a secret, by
// mistake, is not told, and one that is too long not to its end.
func (r *reported) report(c Code) {
	text, _ := secret.Redact(string(c))
	c = Code(cutText(text, min(len(text), MaxCodeLen+1)))
	r.mu.Lock()
	known := r.codes[c] || len(r.codes) == maxMisnamed
	if !known {
		if r.codes == nil {
			r.codes = make(map[Code]bool)
		}
		r.codes[c] = true
	}
	r.mu.Unlock()
	if known {
		return
	}
	_, err := ParseCode(string(c))
	otel.Handle(fmt.Errorf("activitylog: an event is emitted all the same: %w", err))
}

func isWord(s string) bool {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
