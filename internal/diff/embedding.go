package diff

import (
	"reflect"
	"slices"
)

// An embedding is a struct whose fields are those of the struct it is in.
type embedding struct {
	t     reflect.Type
	goes  string
	tag   string
	index []int
	class class
}

// A candidate is a field that another one of its name may hide.
type candidate struct {
	field
	depth  int
	tagged bool // the name is in the tag
}

// fieldsOf returns the fields of a struct by the rules of encoding/json: of
// those with one name the one that is embedded least deeply counts, then the
// one whose tag has the name, else none.
func fieldsOf(t reflect.Type) []field {
	var found []candidate
	seen := map[reflect.Type]bool{t: true}
	level := []embedding{{t: t}}
	for depth := 0; len(level) > 0; depth++ {
		var next []embedding
		for _, e := range level {
			for i := range e.t.NumField() {
				c, embedded, ok := e.field(i)
				switch {
				case !ok:
				case embedded == nil:
					c.depth = depth
					found = append(found, c)
				case !seen[embedded.t]:
					next = append(next, *embedded)
				}
			}
		}
		for _, e := range next {
			seen[e.t] = true
		}
		level = next
	}
	var fields []field
	for i := range found {
		if wins(&found[i], found) {
			fields = append(fields, found[i].field)
		}
	}
	slices.SortFunc(fields, func(f, g field) int { return slices.Compare(f.index, g.index) })
	return fields
}

func wins(c *candidate, all []candidate) bool {
	for i := range all {
		other := &all[i]
		if other == c || other.name != c.name {
			continue
		}
		if other.depth < c.depth || other.depth == c.depth && (other.tagged || !c.tagged) {
			return false
		}
	}
	return true
}
