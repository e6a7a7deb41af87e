package diff

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/activitylog-go/activitylog/internal/suggest"
)

// maxTagProblems is how many problems CheckTags tells; the others are counted.
const maxTagProblems = 100

// CheckTags reports every field of the types of values that no tag classifies,
// and every tag with an unknown word.
func CheckTags(values ...any) error {
	c := tagChecker{seen: make(map[reflect.Type]bool)}
	for i, v := range values {
		t := reflect.TypeOf(v)
		if t == nil {
			c.report("activity tags: value %d is nil and has no type: give (*T)(nil)", i+1)
			continue
		}
		info := typeOf(t)
		c.check(leaf(info).t.String(), "", info)
	}
	if more := len(c.problems) - maxTagProblems; more > 0 {
		c.problems = append(c.problems[:maxTagProblems], fmt.Errorf("activity tags: %d more problems", more))
	}
	return errors.Join(c.problems...)
}

// words are those that a tag may have.
var words = []string{"track", "ignore", "secret", tagKey}

type tagChecker struct {
	seen     map[reflect.Type]bool
	problems []error
}

func (c *tagChecker) report(format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf(format, args...))
}

// check checks a type that is found under a name in Go and a path in JSON. A
// type that is found again, also within itself, has been checked.
func (c *tagChecker) check(name, path string, t *typeInfo) {
	for within(t) != nil && !c.seen[t.t] {
		c.seen[t.t] = true
		if t.t.Kind() != reflect.Pointer && t.form != formNull {
			path += "/*"
		}
		t = within(t)
	}
	if c.seen[t.t] {
		return
	}
	c.seen[t.t] = true
	for i := range t.fields {
		f := &t.fields[i]
		where := fmt.Sprintf("activity tags: %s.%s (%s at %s/%s)", name, f.goes, f.t, path, escapePointer.Replace(f.name))
		nested := leaf(f.info)
		if _, known := classOf(f.tag); !known {
			c.report("%s: unknown word %q%s", where, f.tag, suggest.DidYouMean(f.tag, words))
		} else if f.class == unclassified && len(nested.fields) == 0 {
			c.report(`%s: no tag: write activity:"track", "ignore" or "secret"`, where)
		}
		if f.class < ignored {
			c.check(name+"."+f.goes, path+"/"+escapePointer.Replace(f.name), f.info)
		}
	}
}

// within returns the type that values of t consist of, or nil.
func within(t *typeInfo) *typeInfo {
	if t.elem == t { // type T *T
		return nil
	}
	return t.elem
}

// leaf returns the type that values of t in the end consist of.
func leaf(t *typeInfo) *typeInfo {
	for range maxDepth {
		if within(t) == nil {
			break
		}
		t = within(t)
	}
	return t
}
