package lint

import (
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// A Change is a route that has other codes in a new mapping than in the old.
type Change struct {
	Method string
	Route  string // with its parameters in braces
	Kind   ChangeKind
	Old    []mapping.Case // in order; none if there is no event
	New    []mapping.Case
}

// A ChangeKind says how the events of a route change.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "added"   // there was no event
	Removed ChangeKind = "removed" // there is no event any more
	Renamed ChangeKind = "renamed" // only to names of which the old ones are aliases
	Changed ChangeKind = "changed" // anything else
)

// Diff returns the routes whose codes change from one mapping to another, in
// the order of their paths. It looks at the routes that either file names and
// at those of api, which may be nil.
func Diff(old, new *mapping.Mapping, api []routes.Route) []Change {
	var changes []Change
	for _, r := range union(old, new, api) {
		a, b := old.Explain(r.Method, r.Path), new.Explain(r.Method, r.Path)
		if slices.Equal(a.Cases, b.Cases) {
			continue
		}
		changes = append(changes, Change{
			Method: r.Method, Route: b.Route, Kind: kindOf(a.Cases, b.Cases, new),
			Old: a.Cases, New: b.Cases,
		})
	}
	return changes
}

func kindOf(old, new []mapping.Case, m *mapping.Mapping) ChangeKind {
	switch {
	case len(old) == 0:
		return Added
	case len(new) == 0:
		return Removed
	case slices.EqualFunc(old, new, func(a, b mapping.Case) bool {
		return a.When == b.When && current(m, a.Code) == b.Code
	}):
		return Renamed
	}
	return Changed
}

func current(m *mapping.Mapping, code activitylog.Code) activitylog.Code {
	return m.Catalogue().Current(code)
}

// union returns the routes to compare, each once. A rule that names a served
// route without its prefix adds none of its own.
func union(old, new *mapping.Mapping, api []routes.Route) []routes.Route {
	seen := make(map[requestKey]bool)
	served := make(map[*mapping.Mapping]map[mapping.Pos]bool)
	for _, m := range []*mapping.Mapping{old, new} {
		served[m] = make(map[mapping.Pos]bool)
	}
	var all []routes.Route
	add := func(method, path string) {
		if k := (requestKey{method, route.Parse(path).Shape}); !seen[k] {
			seen[k] = true
			all = append(all, routes.Route{Method: method, Path: path})
		}
	}
	for _, r := range api {
		for _, method := range methodsOf(r) {
			served[old][old.Explain(method, r.Path).Rule] = true
			served[new][new.Explain(method, r.Path).Rule] = true
			add(method, r.Path)
		}
	}
	for _, m := range []*mapping.Mapping{old, new} {
		if document.Of(m) == nil {
			continue
		}
		for _, e := range document.Of(m).Routes {
			if method, path := route.Cut(e.Key.Value); !served[m][e.Key.Pos] {
				add(method, path)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b routes.Route) int { return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method) })
	return all
}
