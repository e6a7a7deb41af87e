// Package openapi reads the routes of an API from its OpenAPI document,
// version 3.0 to 3.2, in YAML or JSON.
//
// Real documents are sloppy: schemas refer to what is not there, a title is a
// number. None of that changes a route, so everything is cut from a document
// that routes do not need before kin-openapi reads it and follows references.
package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/activitylog-go/activitylog/mapping/routes"
)

// A Document is what an OpenAPI document says of an API's routes.
type Document struct {
	// Routes are in the order of the document, with operation id, summary,
	// tags and place. Paths are as written, without the path of a server.
	// Deprecated operations are routes, webhooks and callbacks are not.
	Routes []routes.Route

	// Prefixes are the paths of the document's servers, "/api/v1" for
	// https://example.org/api/v1. Whether a router sees them depends on what
	// stands before it; a mapping that has them as strip_prefixes holds for a
	// route with and without them.
	Prefixes []string
}

// Read reads the document in a file. References are followed into files of the
// same folder and below it, never to another host. All files together may have
// 32 MiB.
func Read(path string) (*Document, error) {
	files, err := openFiles(path)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	defer files.Close()
	d, err := read(files)
	if err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	return d, nil
}

func read(f *files) (d *Document, err error) {
	defer func() {
		if p := recover(); p != nil { // of kin-openapi
			d, err = nil, fmt.Errorf("%s: panic: %v", f.path, p)
		}
	}()
	loader := openapi3.NewLoader()
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, location *url.URL) ([]byte, error) { return f.skeleton(location) }
	doc, err := loader.LoadFromURI(&url.URL{Path: f.name})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.path, err)
	}
	if doc.Paths.Len() == 0 {
		return nil, fmt.Errorf("%s: the document has no paths", f.path)
	}
	d = &Document{Prefixes: prefixes(doc.Servers)}
	var problems []error
	for path, item := range doc.Paths.Map() {
		if !strings.HasPrefix(path, "/") {
			problems = append(problems, fmt.Errorf("%s: path %q must begin with a slash", f.path, path))
		}
		if followed(item) > 1 { // kin-openapi follows one, the operations behind the next would be lost
			problems = append(problems, fmt.Errorf("%s: path %q refers to what is a reference itself: refer to the path item, or bundle the document", f.path, path))
		}
		for method, o := range item.Operations() {
			d.Routes = append(d.Routes, f.route(method, path, o))
		}
	}
	if len(problems) > 0 {
		slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		return nil, errors.Join(problems...)
	}
	slices.SortFunc(d.Routes, func(a, b routes.Route) int {
		return cmp.Or(f.order[a.Path]-f.order[b.Path], a.Line-b.Line, strings.Compare(a.Method, b.Method))
	})
	for i := range d.Routes {
		d.Routes[i].Path = template(d.Routes[i].Path)
	}
	d.Routes, err = routes.Of(d.Routes)
	return d, err
}

// followed returns how many references lead to what a path item holds.
func followed(item *openapi3.PathItem) int {
	n := 0
	for key := range item.Extensions {
		if strings.HasPrefix(key, refKey) {
			n++
		}
	}
	return n
}

// template returns a path without query and fragment, which some documents
// have and no router matches.
func template(path string) string {
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		return path[:i]
	}
	return path
}

func (f *files) route(method, path string, o *openapi3.Operation) routes.Route {
	r := routes.Route{Method: method, Path: path, Operation: clean(o.OperationID), Summary: clean(o.Summary)}
	for _, tag := range o.Tags {
		r.Tags = append(r.Tags, clean(tag))
	}
	if place, ok := o.Extensions[placeKey].(string); ok {
		file, line, _ := strings.Cut(place, "\n")
		r.File = filepath.Join(filepath.Dir(f.path), filepath.FromSlash(file))
		r.Line, _ = strconv.Atoi(line)
	}
	return r
}

// clean returns s in one line, without what cannot be printed.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

func prefixes(servers openapi3.Servers) []string {
	found := make(map[string]bool)
	for _, s := range servers {
		base, err := s.BasePath()
		base = strings.TrimRight(base, "/")
		if err == nil && strings.HasPrefix(base, "/") {
			found[base] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
