package mapping

import (
	"cmp"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// prefixShapes returns the shapes of strip_prefixes, the longest first.
func prefixShapes(prefixes []string) []string {
	var shapes []string
	for _, p := range prefixes {
		if shape := route.Parse(p).Shape; shape != "/" {
			shapes = append(shapes, shape)
		}
	}
	slices.SortStableFunc(shapes, func(a, b string) int { return len(b) - len(a) })
	return shapes
}

// named returns the rule of the file that names a route, or nil. A rule may
// be written with a prefix that is stripped or without it: then it holds for
// the route behind each of the prefixes, unless a rule names that one in full.
func (m *Mapping) named(method string, t route.Template) *routeSpec {
	if r := m.routes[shapeKey{method, t.Shape}]; r != nil {
		return r
	}
	for _, p := range m.prefixes {
		rest, ok := strings.CutPrefix(t.Shape, p) // what is left of /apis has no rule: shapes begin with a slash
		if !ok {
			continue
		}
		if r := m.routes[shapeKey{method, cmp.Or(rest, "/")}]; r != nil {
			return r
		}
	}
	return nil
}
