package mapping

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
	"github.com/activitylog-go/activitylog/mapping/internal/sensitive"
)

// classes are the fields of which the file says what they are. They must not
// be copied.
type classes struct {
	secret, other class

	told  sync.Map // pointer → whether it is secret, for maxTold of them
	count atomic.Int64
}

// maxTold bounds the fields of which it is remembered whether they are secret:
// to look into the words of a name takes microseconds, and an API has few.
const maxTold = 4096

// A class holds fields by name or by JSON pointer.
type class struct {
	names    map[string]bool // as pointer.FoldName has them
	pointers []pointer.Pattern
}

// classes compiles the file's classify. To rules it matters only whether a
// field is secret or not.
func (c *compiler) classes() *classes {
	found := &classes{secret: class{names: make(map[string]bool)}, other: class{names: make(map[string]bool)}}
	for _, e := range c.doc.Classify {
		into := &found.other
		if e.Value.Value == string(sensitive.Secret) {
			into = &found.secret
		}
		switch name := e.Key.Value; {
		case strings.HasPrefix(name, "/"):
			into.pointers = append(into.pointers, c.pointers([]document.Text{e.Key}, "classify")...)
		case strings.Contains(name, "/"):
			c.Errorf(e.Key.Pos, "classify: %q must be a name such as iban or a pointer such as /bank/iban", name)
		default:
			into.names[pointer.FoldName(name)] = true
		}
	}
	return found
}

// isSecret reports whether the field at a pointer, or one above it, is secret:
// the file says so, or it has such a name and the file does not say otherwise.
func (c *classes) isSecret(at string) bool {
	if told, ok := c.told.Load(at); ok {
		return told.(bool)
	}
	names := segments(at)
	secret := c.secret.holds(at, names) || !c.other.holds(at, names) && sensitive.Looks(names) == sensitive.Secret
	if c.count.Load() < maxTold {
		c.count.Add(1)
		c.told.Store(strings.Clone(at), secret) // at may lie in a request's buffer
	}
	return secret
}

func (c *class) holds(at string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return c.names[pointer.FoldName(name)] }) ||
		slices.ContainsFunc(c.pointers, func(p pointer.Pattern) bool { return p.Covers(at) })
}

// segments returns the keys of a pointer, unescaped.
func segments(at string) []string {
	if at == "" {
		return nil
	}
	names := strings.Split(at[1:], "/")
	for i, name := range names {
		names[i] = pointer.Unescape(name)
	}
	return names
}
