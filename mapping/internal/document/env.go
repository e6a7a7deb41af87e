package document

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// expand puts environment variables into a value, in the syntax of the
// OpenTelemetry Collector: ${env:NAME}, ${env:NAME:-default}, and $$ for a
// dollar sign. Unlike there, env: must be written, what a variable holds is
// text and is not expanded again, and a variable that is not set and has no
// default is a problem: an empty code or route would be one anyway, with less
// to go by. The default stands for a variable that is not set, not for one
// that is empty. It reports whether all went well.
func (r *reader) expand(t Text, c context) (Text, bool) {
	if !strings.Contains(t.Value, "$") {
		return t, true
	}
	before := r.Len()
	expanded := reference.ReplaceAllStringFunc(t.Value, func(ref string) string {
		if ref == "$$" {
			return "$"
		}
		m := reference.FindStringSubmatch(ref)
		if m[1] == "" {
			r.Errorf(t.Pos, "%s: %q is no reference to the environment: write ${env:NAME} or ${env:NAME:-default without braces}, or $$ for a dollar sign", c.what, ref)
			return ""
		}
		value, ok := r.env(m[1])
		if !ok && m[2] == "" {
			r.Errorf(t.Pos, "%s: the environment variable %s is not set: set it, or give a default: ${env:%s:-…}", c.what, m[1], m[1])
		}
		if !ok {
			value = strings.TrimPrefix(m[2], ":-")
		}
		if r.expanded += len(value); r.expanded > maxFile {
			return ""
		}
		return value
	})
	switch {
	case r.expanded > maxFile:
		r.Errorf(t.Pos, "%s: the environment puts more than %d bytes into the file", c.what, maxFile)
	case !utf8.ValidString(expanded):
		r.Errorf(t.Pos, "%s: the environment variable is not UTF-8", c.what)
	case expanded != t.Value:
		t.Value, t.exact = expanded, false
	}
	return t, r.Len() == before
}

// reference matches $$ and what looks like a reference to the environment.
var reference = regexp.MustCompile(`\$\$|\$\{(?:env:([A-Za-z_][A-Za-z0-9_]*)(:-[^{}]*)?\}|[^{}]*\}?)`)
