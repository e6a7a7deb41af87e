package mapping

import (
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

// A Mapping says which requests are events and which codes they have. It is
// immutable and safe for concurrent use.
type Mapping struct {
	file      string
	catalogue *catalogue.Catalogue
}

// Parse reads the mapping file whose content is data; file is the name that
// errors give it. It reports every problem that it finds, each an [*Error],
// joined: a mapping loads whole or not at all.
func Parse(file string, data []byte) (*Mapping, error) { return &Mapping{file: file}, nil }

// Load reads the mapping file of that name, as [Parse] does.
func Load(path string) (*Mapping, error) { return Parse(path, nil) }

// Default returns the mapping that is in force without a file: inference with
// the shipped catalogue.
func Default() *Mapping { return &Mapping{} }

// Watches reports whether a request with this method may be an event at all.
// It costs next to nothing.
func (m *Mapping) Watches(method string) bool {
	switch method {
	case "POST", "PUT", "PATCH", "DELETE":
		return true
	}
	return false
}

// Catalogue returns the codes that the mapping knows, with their titles and sentences.
func (m *Mapping) Catalogue() *catalogue.Catalogue { return m.catalogue }

// Rule returns what is to be made of a request with this method that a router
// has matched to this route, or nil if it is no event. The route is the
// router's template, in the spelling of [net/http.ServeMux] ("PATCH
// /orgs/{org}", "example.org/orgs/{org}", "/files/{rest...}", "/{$}"), of gin
// ("/orgs/:org/*rest") or of chi and gorilla ("/orgs/{org:[a-z]+}").
//
// The decision is made once per method and route and kept, for at most 10,000
// of them; beyond, it is made anew each time, so that a caller that hands in
// literal paths cannot make memory grow.
func (m *Mapping) Rule(method, route string) *Rule { return nil }

// Explain says how a request with this method and route is decided.
func (m *Mapping) Explain(method, route string) Explanation { return Explanation{} }
