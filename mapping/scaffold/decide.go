package scaffold

import (
	"fmt"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// An entry is a route with the decision on it.
type entry struct {
	method  string
	path    string // as the file spells it: without the prefix
	full    string // as the router has it, normalised
	code    activitylog.Code
	ignore  string // why it is no event
	doubt   string // how it could be read otherwise
	summary string // of its OpenAPI operation
	target  string // what kind of thing it is done to, if not what the code names
}

func (e entry) key() string { return e.method + " " + e.path }

type entries []entry

func (es entries) list() []Decision {
	var list []Decision
	for _, e := range es {
		list = append(list, Decision{Route: e.key(), Code: e.code, Ignore: e.ignore, Doubt: e.doubt})
	}
	return list
}

// decisions is what a mapping makes of an API.
type decisions struct {
	m       *mapping.Mapping
	lessons lessons
	entries entries

	reads       int
	operations  int         // entries that their operation has named
	everyMethod []string    // paths
	unwritable  []Unwritten // routes that a mapping cannot name
}

// decide decides on every route of an API that changes something. Of routes
// that match the same paths the first counts.
func decide(api []routes.Route, m *mapping.Mapping, prefixes []string) *decisions {
	d := &decisions{m: m, lessons: learn(m)}
	seen := make(map[string]int)
	for _, r := range api {
		t := route.Parse(r.Path)
		if r.Method == "" {
			if !slices.Contains(d.everyMethod, t.Path) {
				d.everyMethod = append(d.everyMethod, t.Path)
			}
			continue
		}
		if !infer.Mutates(r.Method) {
			d.reads++
			continue
		}
		e := d.entry(r, t, strippedPath(t.Path, prefixes))
		shape := e.method + " " + route.Parse(e.path).Shape
		if i, twice := seen[shape]; twice {
			if d.entries[i].full == e.full || d.entries[i].code == e.code {
				continue
			}
			e.path = e.full // the same but for the prefix, and another action
			if shape = e.method + " " + t.Shape; seen[shape] > 0 {
				continue
			}
		}
		if err := loads(e); err != nil {
			d.unwritable = append(d.unwritable, Unwritten{Route: r.String(), Problem: err})
			continue
		}
		seen[shape] = len(d.entries)
		d.entries = append(d.entries, e)
	}
	return d
}

// entry decides on one route.
func (d *decisions) entry(r routes.Route, t route.Template, path string) entry {
	e := entry{method: r.Method, path: path, full: t.Path, summary: r.Summary}
	x := d.m.Explain(r.Method, t.Path)
	if resource := x.Code.Resource(); x.Target != resource[strings.LastIndexByte(resource, '.')+1:] {
		e.target = x.Target // else it is what the code names, whatever its name will be
	}
	e.code = d.lessons.apply(r.Method, t, x.Code)
	if e.code == "" {
		e.ignore = noEvent(x.Steps)
		return e
	}
	if code, ok := d.byOperation(r, e.code); ok {
		d.operations++
		e.code = code
		if code == "" {
			e.ignore = "the operation " + nameOf(r) + " only reads"
		}
		return e
	}
	if !confirms(r, e.code) {
		e.doubt = d.doubt(e, x.Steps)
	}
	return e
}

func (d *decisions) byOperation(r routes.Route, code activitylog.Code) (activitylog.Code, bool) {
	better, ok := byOperation(r, code, func(method, path string) activitylog.Code {
		return d.m.Explain(method, path).Code
	})
	if _, err := activitylog.ParseCode(string(better)); err != nil && better != "" {
		return "", false
	}
	// What the shipped catalogue calls created stays so, be it generated or provisioned.
	shipped := mapping.Default().Catalogue()
	_, known := shipped.Lookup(code)
	_, betterKnown := shipped.Lookup(better)
	return better, ok && better != code && (betterKnown || !known || methodVerbs[better.Verb()])
}

// noEvent returns the reason why inference makes no event of a route.
func noEvent(steps []string) string {
	reason := "it changes nothing"
	if len(steps) > 0 {
		reason, _, _ = strings.Cut(steps[len(steps)-1], ": no event")
	}
	return strings.ReplaceAll(reason, `"`, "")
}

// doubt returns how a route could be read otherwise, in a few words.
func (d *decisions) doubt(e entry, steps []string) string {
	for _, step := range steps {
		if word, ok := cutBetween(step, `"`, `" is taken for a thing`); ok {
			before, ends := strings.CutSuffix(strings.ToLower(strings.TrimSuffix(e.full, "/")), "/"+word)
			if !ends {
				return ""
			}
			other := d.m.Explain(e.method, e.full[:len(before)]+":"+word).Code
			return fmt.Sprintf("or %s, if %q is an action", other, word)
		}
		if strings.HasPrefix(step, "the route has no word for a resource") {
			return "the path has no word for what it is: choose one"
		}
	}
	return ""
}

func cutBetween(s, before, behind string) (string, bool) {
	rest, ok := strings.CutPrefix(s, before)
	if !ok {
		return "", false
	}
	between, _, ok := strings.Cut(rest, behind)
	return between, ok
}

// loads returns why a mapping cannot name the route of an entry.
func loads(e entry) error {
	_, err := mapping.Parse("", []byte("version: 1\ncatalogue: none\nroutes:\n  "+blockText(e.key())+": {ignore: none}\n"))
	return err
}

// shipped returns how many of the codes are of the shipped catalogue.
func (d *decisions) shipped() int {
	found := make(map[activitylog.Code]bool)
	for _, e := range d.entries {
		if _, ok := mapping.Default().Catalogue().Lookup(e.code); ok {
			found[e.code] = true
		}
	}
	return len(found)
}

// inCatalogue reports whether the mapping's catalogue has the entry's code.
func (d *decisions) inCatalogue(e entry) bool {
	_, known := d.m.Catalogue().Lookup(e.code)
	return known
}

// report returns what is to be told of the decisions.
func (d *decisions) report() Report {
	r := Report{EveryMethod: d.everyMethod, Unwritable: d.unwritable, Reads: d.reads, Operations: d.operations}
	for _, decision := range d.entries.list() {
		if decision.Doubt != "" {
			r.Doubtful = append(r.Doubtful, decision)
		}
	}
	return r
}
