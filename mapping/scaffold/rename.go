package scaffold

import (
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// renames finds the rules whose route has moved: of those that no route of the
// API has, the ones that read like exactly one new route, and no other such
// rule does. Routes read alike if they have the same method, as many
// parameters, and inference without a catalogue comes to the same code:
// /v1/users and /v2/users, /team-members and /team_members. More cannot be
// known from two lists of routes. It returns the entries that are left.
func renames(m *mapping.Mapping, gone []Rule, added entries) ([]Rename, entries) {
	rules := make(map[likeness][]string)
	for _, g := range gone {
		method, path := route.Cut(g.Route)
		if k := read(m, method, path); k.code != "" && ownRule(m, g) {
			rules[k] = append(rules[k], g.Route)
		}
	}
	candidates := make(map[likeness][]entry)
	for _, e := range added {
		k := read(m, e.method, e.full)
		candidates[k] = append(candidates[k], e)
	}
	var all []Rename
	left := slices.DeleteFunc(slices.Clone(added), func(e entry) bool {
		k := read(m, e.method, e.full)
		if len(rules[k]) != 1 || len(candidates[k]) != 1 {
			return false
		}
		all = append(all, Rename{From: rules[k][0], To: e.method + " " + withParams(e.path, rules[k][0])})
		return true
	})
	return all, left
}

// A likeness is what inference makes of a route.
type likeness struct {
	method string
	code   activitylog.Code
	params int
}

func read(m *mapping.Mapping, method, path string) likeness {
	t := route.Parse(path)
	o := infer.Options{StripPrefixes: texts(document.Of(m).StripPrefixes)}
	return likeness{method, infer.Decide(method, t, o).Code, len(t.Params)}
}

// ownRule reports whether a rule stands in the main file.
func ownRule(m *mapping.Mapping, g Rule) bool {
	return strings.HasPrefix(g.Place, m.Files()[0]+":")
}

// withParams returns a path with the names that its parameters have in the
// rule: what the rule says may refer to them.
func withParams(path, rule string) string {
	_, old := route.Cut(rule)
	var b strings.Builder
	for _, name := range route.Parse(old).Params {
		before, behind, _ := strings.Cut(path, "{")
		end := strings.IndexAny(behind, "}.")
		b.WriteString(before + "{" + name)
		path = behind[end:]
	}
	return b.String() + path
}
