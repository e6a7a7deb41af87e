package mapping

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// A Mapping says which requests are events and which codes they have. It is
// immutable and safe for concurrent use.
type Mapping struct {
	file      string
	catalogue *catalogue.Catalogue
	routes    map[shapeKey]*routeSpec
	prefixes  []string // shapes of strip_prefixes, the longest first
	unusual   []string // methods that do not mutate and that a rule names all the same
	mode      string   // infer: on, warn or off
	tenant    string   // the path parameter that names the tenant
	dotted    bool
	inference infer.Options
	cache     cache
}

// shapeKey is what routes of the same method that match the same paths have in common.
type shapeKey struct{ method, shape string }

// Parse reads the mapping file whose content is data; file is the name that
// errors give it. It reports every problem that it finds, each an [*Error],
// joined: a mapping loads whole or not at all.
func Parse(file string, data []byte) (*Mapping, error) {
	src := &source{file: file}
	root := src.open(data)
	if root == nil {
		return nil, src.err()
	}
	sp := src.readSpec(root)
	if err := src.err(); err != nil {
		return nil, err
	}
	var base *spec
	if !sp.noBase {
		base = shipped()
	}
	return compile(file, sp, base)
}

// Load reads the mapping file of that name, as [Parse] does.
func Load(path string) (*Mapping, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	return Parse(path, data)
}

// Default returns the mapping that is in force without a file: inference with
// the shipped catalogue.
func Default() *Mapping { return defaultMapping() }

// compile makes a mapping of a file and of the shipped catalogue below it.
func compile(file string, sp, base *spec) (*Mapping, error) {
	m := &Mapping{file: file, mode: sp.infer, tenant: sp.tenant, dotted: sp.dotted}
	m.prefixes = prefixShapes(sp.stripPrefixes)
	m.routes = make(map[shapeKey]*routeSpec, len(sp.routes))
	for _, r := range sp.routes {
		m.routes[shapeKey{r.method, r.template.Shape}] = r
		if !infer.Mutates(r.method) && r.ignore == "" && !slices.Contains(m.unusual, r.method) {
			m.unusual = append(m.unusual, r.method)
		}
	}
	c, err := catalogue.New(entries(sp, base)...)
	if err != nil { // every template has been read before
		return nil, &Error{File: file, Msg: err.Error()}
	}
	m.catalogue = c
	m.inference = infer.Options{
		StripPrefixes: sp.stripPrefixes,
		TenantParam:   sp.tenant,
		Words:         sp.words,
		Verbs:         sp.verbs,
		HasCode:       func(code activitylog.Code) bool { _, ok := c.Lookup(code); return ok },
		HasResource:   c.HasResource,
	}
	if base != nil {
		m.inference.Aliases = base.words
	}
	return m, nil
}

// entries returns the file's events and those of the base, with the routes
// that emit them. What the file does not say of a code, the base says.
func entries(sp, base *spec) []catalogue.Entry {
	all := slices.Clone(sp.events)
	if base != nil {
		for _, e := range base.events {
			i := slices.IndexFunc(sp.events, func(own catalogue.Entry) bool { return own.Code == e.Code })
			if i < 0 {
				all = append(all, e)
				continue
			}
			own := &all[i]
			own.Title = cmp.Or(own.Title, e.Title)
			if own.Sentences == nil {
				own.Sentences = e.Sentences
			}
			if own.Attempts == nil {
				own.Attempts = e.Attempts
			}
		}
	}
	routes := make(map[activitylog.Code][]string)
	for _, r := range sp.routes {
		for _, c := range r.cases {
			if !slices.Contains(routes[c.code], r.key) {
				routes[c.code] = append(routes[c.code], r.key)
			}
		}
	}
	for i := range all {
		all[i].Routes = routes[all[i].Code]
	}
	return all
}

// Catalogue returns the codes that the mapping knows, with their titles and sentences.
func (m *Mapping) Catalogue() *catalogue.Catalogue { return m.catalogue }

// Watches reports whether a request with this method may be an event at all.
// It costs next to nothing.
func (m *Mapping) Watches(method string) bool {
	return infer.Mutates(method) || slices.Contains(m.unusual, method)
}

// Rule returns what is to be made of a request with this method that a router
// has matched to this route, or nil if it is no event. The route is the
// router's template, in the spelling of [net/http.ServeMux] ("PATCH
// /orgs/{org}", "example.org/orgs/{org}", "/files/{rest...}", "/{$}"), of gin
// ("/orgs/:org/*rest") or of chi and gorilla ("/orgs/{org:[a-z]+}").
//
// The decision is made once per method and route and kept, for at most 10,000
// of them; beyond, it is made anew each time, so that a caller that hands in
// literal paths cannot make memory grow.
func (m *Mapping) Rule(method, route string) *Rule {
	if !m.Watches(method) {
		return nil
	}
	return m.decision(method, route).rule
}

// Ignores reports whether a request with this method and route is no event on
// purpose: a rule says so, it is a read that no rule names, or inference finds
// that it changes nothing (a search). Where Ignores reports false and
// [Mapping.Rule] returns nil, nobody has decided: the route is unmapped.
func (m *Mapping) Ignores(method, route string) bool {
	return !m.Watches(method) || m.decision(method, route).ignored
}

func (m *Mapping) decision(method, route string) *decision {
	key := cacheKey{method, route}
	if d := m.cache.get(key); d != nil {
		return d
	}
	// What is kept is kept for good; the caller's strings may lie in a buffer.
	key = cacheKey{strings.Clone(method), strings.Clone(route)}
	return m.cache.put(key, m.decide(key.method, key.route))
}

// decide makes the decision on a method and a router's route.
func (m *Mapping) decide(method, pattern string) *decision {
	_, path := route.Cut(pattern)
	t := route.Parse(path)
	if named := m.named(method, t); named != nil {
		return &decision{rule: m.namedRule(named, t), ignored: named.ignore != ""}
	}
	if m.mode == "off" && infer.Mutates(method) {
		return &decision{}
	}
	d := infer.Decide(method, t, m.inference)
	if d.Code == "" {
		return &decision{ignored: true}
	}
	r := m.newRule(method, t, d)
	r.Inferred, r.Warn = true, m.mode == "warn"
	r.cases = []ruleCase{m.newCase(caseSpec{code: d.Code})}
	return &decision{rule: r}
}
