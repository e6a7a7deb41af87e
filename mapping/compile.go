package mapping

import (
	"errors"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// A compiler checks what a document says and makes a mapping of it.
type compiler struct {
	*document.Problems
	doc *document.Document
}

// compile makes a mapping of a document and of the shipped catalogue below it.
// It notes every problem; the mapping is of use only if there is none.
func (c *compiler) compile(base *document.Document) *Mapping {
	d := c.doc
	m := &Mapping{doc: d, mode: d.Infer.Value, delivery: d.Delivery.Value, dotted: d.EventNames.Value == "dotted"}
	if d.Tenant != nil {
		m.tenant = d.Tenant.Path.Value
	}
	prefixes := c.stripPrefixes()
	m.prefixes = prefixShapes(prefixes)
	m.inference = infer.Options{
		StripPrefixes: prefixes,
		TenantParam:   m.tenant,
		Words:         c.words(d.Words, "words"),
		Verbs:         c.words(d.Verbs, "verbs"),
	}
	m.classes = c.classes()
	m.unruled.classes = m.classes
	m.routes = c.routes(m)
	m.cache.others.limit, m.cache.named.limit = maxCached, int64(maxCached+len(m.routes))
	for _, r := range m.routes {
		m.request = m.request || r.readsRequest
		m.response = m.response || r.readsResponse
		if !infer.Mutates(r.method) && r.ignore == "" && !slices.Contains(m.unusual, r.method) {
			m.unusual = append(m.unusual, r.method)
		}
	}
	m.catalogue = c.catalogue(m, base)
	m.inference.HasCode = func(code activitylog.Code) bool { _, ok := m.catalogue.Lookup(code); return ok }
	m.inference.HasResource = m.catalogue.HasResource
	if base != nil {
		m.inference.Aliases = plainWords(base.Words)
	}
	return m
}

func (c *compiler) stripPrefixes() []string {
	var prefixes []string
	for _, t := range c.doc.StripPrefixes {
		if t.Value == "" {
			continue // which the reader has noted
		}
		if !strings.HasPrefix(t.Value, "/") || len(t.Value) < 2 {
			c.Errorf(t.Pos, "strip_prefixes: %q must be a path such as /api/v1", t.Value)
			continue
		}
		prefixes = append(prefixes, t.Value)
	}
	return prefixes
}

// words checks words or verbs: path segment → word of a code.
func (c *compiler) words(m document.Map[document.Text], what string) map[string]string {
	words := make(map[string]string, len(m))
	for _, e := range m {
		word := e.Value.Value
		if _, err := activitylog.ParseCode(word + ":x"); word != "" && (err != nil || strings.Contains(word, ".")) {
			c.Errorf(e.Value.Pos, "%s: %q must be a lower_snake word", what, word)
			continue
		}
		segment := strings.ToLower(strings.TrimPrefix(e.Key.Value, ":"))
		if segment == "" || strings.ContainsAny(segment, "/{}") {
			c.Errorf(e.Key.Pos, "%s: %q must be one path segment", what, e.Key.Value)
			continue
		}
		if _, twice := words[segment]; twice {
			c.Errorf(e.Key.Pos, "%s: %q stands here a second time: upper and lower case are the same", what, e.Key.Value)
			continue
		}
		words[segment] = word
	}
	return words
}

func plainWords(m document.Map[document.Text]) map[string]string {
	words := make(map[string]string, len(m))
	for _, e := range m {
		words[e.Key.Value] = e.Value.Value
	}
	return words
}

func (c *compiler) code(t document.Text) activitylog.Code {
	if t.Value == "" {
		return "" // which the reader has noted
	}
	code, err := activitylog.ParseCode(t.Value)
	if err != nil {
		c.Errorf(t.Pos, "%v", err)
	}
	return code
}

// catalogue makes the catalogue of the file's events and of those of the base.
func (c *compiler) catalogue(m *Mapping, base *document.Document) *catalogue.Catalogue {
	before := c.Len()
	entries := c.entries(c.doc)
	if base != nil {
		shipped := &compiler{Problems: &document.Problems{}, doc: base}
		entries = merge(entries, shipped.entries(base))
	}
	if c.Len() > before {
		return nil
	}
	addRoutes(entries, c.doc.Routes)
	made, err := catalogue.New(entries...)
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, problem := range joined.Unwrap() {
			c.Errorf(c.placeOf(problem), "events: %v", problem)
		}
	}
	return made
}

// addRoutes notes in the entries which routes emit them, each once.
func addRoutes(entries []catalogue.Entry, routes document.Map[*document.Route]) {
	at := make(map[activitylog.Code]int, len(entries)) // by code and former name
	for i, e := range entries {
		for _, name := range append([]activitylog.Code{e.Code}, e.Aliases...) {
			at[name] = i
		}
	}
	for _, r := range routes {
		for _, code := range codesOf(r.Value) {
			i, ok := at[code]
			if !ok {
				continue
			}
			if e := &entries[i]; len(e.Routes) == 0 || e.Routes[len(e.Routes)-1] != r.Key.Value {
				e.Routes = append(e.Routes, r.Key.Value)
			}
		}
	}
}

// placeOf returns where the file says what the catalogue finds wrong with all
// entries together: an alias, or the language of a translation.
func (c *compiler) placeOf(problem error) document.Pos {
	var at *catalogue.EntryError
	if !errors.As(problem, &at) {
		return c.doc.Pos
	}
	for _, e := range c.doc.Events {
		if e.Key.Value != string(at.Code) || e.Value == nil {
			continue
		}
		for _, alias := range slices.Backward(e.Value.Aliases) { // of two, the second
			if alias.Value == string(at.Alias) {
				return alias.Pos
			}
		}
		for _, t := range e.Value.Translations {
			if t.Key.Value == at.Language {
				return t.Key.Pos
			}
		}
		return e.Key.Pos
	}
	return c.doc.Pos
}

func codesOf(r *document.Route) []activitylog.Code {
	var codes []activitylog.Code
	for _, t := range append([]document.Text{r.Code}, caseCodes(r)...) {
		if t.IsSet() {
			codes = append(codes, activitylog.Code(t.Value))
		}
	}
	return codes
}

func caseCodes(r *document.Route) []document.Text {
	var codes []document.Text
	for _, c := range r.Cases {
		codes = append(codes, c.Code)
	}
	return codes
}
