package document

import (
	"regexp"
	"strings"
)

// expand puts environment variables into a value, in the syntax of the
// OpenTelemetry Collector: ${env:NAME}, ${env:NAME:-default}, and $$ for a
// dollar sign. Unlike there, a variable that is not set and has no default is
// a problem: an empty code or route would be one anyway, with less to go by.
func (r *reader) expand(t Text, c context) Text {
	if !strings.Contains(t.Value, "$") {
		return t
	}
	expanded := reference.ReplaceAllStringFunc(t.Value, func(ref string) string {
		if ref == "$$" {
			return "$"
		}
		m := reference.FindStringSubmatch(ref)
		if m[1] == "" {
			r.Errorf(t.Pos, "%s: %q is no reference to the environment: write ${env:NAME} or ${env:NAME:-default}, or $$ for a dollar sign", c.what, ref)
			return ref
		}
		if value, ok := r.env(m[1]); ok {
			return value
		}
		if m[2] == "" {
			r.Errorf(t.Pos, "%s: the environment variable %s is not set: set it, or give a default: ${env:%s:-…}", c.what, m[1], m[1])
		}
		return strings.TrimPrefix(m[2], ":-")
	})
	if expanded != t.Value {
		t.Value, t.exact = expanded, false
	}
	return t
}

// reference matches $$ and what looks like a reference to the environment.
var reference = regexp.MustCompile(`\$\$|\$\{(?:env:([A-Za-z_][A-Za-z0-9_]*)(:-[^{}]*)?\}|[^{}]*\}?)`)
