package scaffold

import (
	"cmp"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

const (
	longGroup  = 14 // rules; a longer group is split by the next word
	shortGroup = 3  // rules; fewer do not make a group when another is split
)

// group sorts entries by their paths and puts those of one resource together:
// the first word behind the tenant, or further words where many rules share
// the first. The tenant's own come first.
func group(all entries, tenant string) []entries {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b entry) int { return comparePaths(a, b) })
	own := ""
	for _, e := range all {
		if t := route.Parse(e.path); len(t.Segments) > 1 && tenant != "" && slices.Index(t.Params, tenant) == 0 {
			own = infer.Snake(t.Segments[0].Word)
		}
	}
	return split(all, 0, func(e entry) []string {
		w := words(e.path, tenant)
		if len(w) > 0 && w[0] == own {
			w[0] = ""
		}
		return w
	})
}

// split makes groups by the word at depth.
func split(all entries, depth int, words func(entry) []string) []entries {
	var names []string
	byWord := make(map[string]entries)
	for _, e := range all {
		name := ""
		if w := words(e); depth < len(w) {
			name = w[depth]
		}
		if byWord[name] == nil {
			names = append(names, name)
		}
		byWord[name] = append(byWord[name], e)
	}
	slices.Sort(names)
	var rest entries // of a group that is split
	var groups []entries
	for _, name := range names {
		switch g := byWord[name]; {
		case depth > 0 && (name == "" || len(g) < shortGroup):
			rest = append(rest, g...)
		case name != "" && len(g) > longGroup:
			groups = append(groups, split(g, depth+1, words)...)
		default:
			groups = append(groups, g)
		}
	}
	if len(rest) > 0 {
		groups = slices.Insert(groups, 0, rest)
	}
	return groups
}

// words returns the words of a path that groups go by. A leading pair that
// names the tenant is none of them unless nothing else is left.
func words(path, tenant string) []string {
	t := route.Parse(path)
	segments := t.Segments
	if n := len(segments); n > 2 && tenant != "" && segments[1].Word == "" && t.Params[0] == tenant && segments[0].Params == 0 {
		segments = segments[2:]
	}
	var words []string
	for _, s := range segments {
		if s.Word != "" {
			words = append(words, infer.Snake(s.Word))
		}
	}
	return words
}

// comparePaths orders routes for a reader: a collection, its items, what
// belongs to an item, then the words below the collection.
func comparePaths(a, b entry) int {
	x, y := strings.Split(strings.TrimSuffix(a.path, "/"), "/"), strings.Split(strings.TrimSuffix(b.path, "/"), "/")
	for i := range min(len(x), len(y)) {
		if c := compareSegments(x[i], y[i]); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(methodRank[a.method], methodRank[b.method]))
}

// compareSegments puts parameters before words, whatever they are called.
func compareSegments(a, b string) int {
	switch p, q := strings.HasPrefix(a, "{"), strings.HasPrefix(b, "{"); {
	case p && q:
		return 0
	case p:
		return -1
	case q:
		return 1
	}
	return strings.Compare(a, b)
}

var methodRank = map[string]int{"POST": 0, "PUT": 1, "PATCH": 2, "DELETE": 3}
