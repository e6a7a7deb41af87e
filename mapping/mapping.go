package mapping

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// A Mapping says which requests are events and which codes they have. It is
// immutable and safe for concurrent use.
type Mapping struct {
	doc       *document.Document
	catalogue *catalogue.Catalogue
	routes    map[shapeKey]*routeSpec
	prefixes  []string // shapes of strip_prefixes, the longest first
	unusual   []string // methods that do not mutate and that a rule names all the same
	mode      string   // infer: "" and on, warn or off
	tenant    string   // the path parameter that names the tenant
	delivery  string
	dotted    bool
	request   bool // a rule needs the request's body
	response  bool // a rule needs the response's body
	classes   *classes
	unruled   changes // what becomes of changes where no rule names the route
	inference infer.Options
	cache     cache
}

// shapeKey is what routes of the same method that match the same paths have in common.
type shapeKey struct{ method, shape string }

// Pos is a place in a mapping file: its File, its Line and Column, both from 1
// (a line of 0 is no place), and the Length of what is meant, in characters.
type Pos = document.Pos

// Error is one problem in a mapping file: its place, Pos; Msg, what is wrong and
// what to do; and the Excerpt of the file around it, which may be empty.
type Error = document.Error

// Parse reads the mapping file whose content is data; file is the name that
// errors give it. It reports every problem that it finds, each an [*Error],
// joined: a mapping loads whole or not at all. A file that includes others is
// read with [Load] or [LoadFS].
func Parse(file string, data []byte) (*Mapping, error) {
	return read(file, data, document.Options{})
}

// Load reads the mapping file of that name, and those that it includes, as
// [Parse] does.
func Load(name string) (*Mapping, error) { return load(name, document.ReadFile) }

func load(name string, open func(string) ([]byte, error)) (*Mapping, error) {
	data, err := open(name)
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	dir := filepath.Dir(name)
	return read(name, data, document.Options{Open: func(included string) ([]byte, error) {
		return open(filepath.Join(dir, filepath.FromSlash(included)))
	}})
}

// LoadFS reads a mapping file, and those that it includes, from a file system,
// such as one that is embedded in the program.
func LoadFS(fsys fs.FS, name string) (*Mapping, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	return read(name, data, document.Options{Open: func(included string) ([]byte, error) {
		return fs.ReadFile(fsys, path.Join(path.Dir(name), included))
	}})
}

func read(file string, data []byte, o document.Options) (*Mapping, error) {
	doc, problems := document.Read(file, data, o)
	if doc == nil {
		return nil, problems.Err()
	}
	c := &compiler{Problems: problems, doc: doc}
	var base *document.Document
	if doc.Catalogue.Value != "none" {
		base = shipped()
	}
	m := c.compile(base)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

// Default returns the mapping that is in force without a file: inference with
// the shipped catalogue.
func Default() *Mapping { return defaultMapping() }

// A Source gives the mapping that is in force. A [*Mapping] is one: itself; a
// [*Reloader] is another.
type Source interface {
	// Mapping may return nil for [Default]. It is called for each request, by
	// several goroutines at once.
	Mapping() *Mapping
}

// Mapping returns m, so that a mapping is a [Source].
func (m *Mapping) Mapping() *Mapping { return m }

// init lets the packages below this one see the file that a mapping was made of.
func init() {
	document.Of = func(m any) *document.Document { return m.(*Mapping).doc }
}

// StripPrefixes returns the paths at the beginning of routes that are no part
// of a resource's name, as the file has them.
func (m *Mapping) StripPrefixes() []string { return slices.Clone(m.inference.StripPrefixes) }

// Files returns the names of the files that m was made of, the main one first;
// none for [Default].
func (m *Mapping) Files() []string {
	if m.doc == nil {
		return nil
	}
	return m.doc.Files
}

// Deliveries returns the modes of delivery that the mapping asks for.
func (m *Mapping) Deliveries() []string {
	modes := []string{m.delivery}
	for _, r := range m.routes {
		modes = append(modes, r.delivery)
	}
	slices.Sort(modes)
	return slices.DeleteFunc(slices.Compact(modes), func(mode string) bool { return mode == "" })
}

// Reads reports whether any rule needs the JSON bodies of requests and responses.
func (m *Mapping) Reads() (request, response bool) { return m.request, m.response }

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
// The decision is made once per method and route and kept, for those that the
// mapping names and 10,000 others; beyond, it is made anew each time, so that a
// caller that hands in literal paths cannot make memory grow. Nobody decides on
// a route of more than 1,024 bytes.
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

// maxRoute is the length in bytes of the longest route, as of the longest key
// of a file. Inference takes longer than linear time, and no router has longer ones.
const maxRoute = 1024

var undecided = &decision{}

func (m *Mapping) decision(method, route string) *decision {
	if len(route) > maxRoute {
		return undecided
	}
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
	_, template := route.Cut(pattern)
	t := route.Parse(template)
	if named := m.named(method, t); named != nil {
		return &decision{rule: m.namedRule(named, t), ignored: named.ignore != "", named: true}
	}
	if m.mode == "off" && infer.Mutates(method) {
		return undecided
	}
	d := infer.Decide(method, t, m.inference)
	if d.Code == "" {
		return &decision{ignored: true}
	}
	r := m.newRule(method, t, d)
	r.Inferred, r.Warn = true, m.mode == "warn"
	r.cases = []ruleCase{m.newCase(caseSpec{code: d.Code})}
	r.hide(0, t)
	return &decision{rule: r}
}
