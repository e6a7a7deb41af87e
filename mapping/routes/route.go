package routes

import (
	"net/http"
	"slices"
)

// A Route is one route of an API.
type Route struct {
	Method string // in capitals; "" for every method
	Path   string // the template as the router spells it, without method and host

	Operation string // operation id or name of the handler, if known
	Summary   string
	Tags      []string

	File string // where it was read or registered, if known
	Line int    // 1-based; 0 if unknown
}

// String returns the route as a mapping names it: "POST /orgs/{org}/members",
// with a star for every method.
func (r Route) String() string {
	if r.Method == "" {
		return "* " + r.Path
	}
	return r.Method + " " + r.Path
}

// A List collects routes one by one. The zero List is empty and ready to use.
type List struct{ routes []Route }

// Add adds a route; the method is "" for every method.
func (l *List) Add(method, path string) {
	l.routes = append(l.routes, Route{Method: method, Path: path})
}

// Walk adds a route. It is what chi.Walk calls for each route:
//
//	var list routes.List
//	err := chi.Walk(router, list.Walk)
func (l *List) Walk(method, path string, h http.Handler, _ ...func(http.Handler) http.Handler) error {
	l.routes = append(l.routes, Route{Method: method, Path: path, Operation: handlerName(h)})
	return nil
}

// Routes returns the routes in the order in which they were added, each once.
func (l *List) Routes() []Route { return unique(l.routes) }

type key struct{ method, path string }

// unique returns the routes without those whose method and path came before.
func unique(routes []Route) []Route {
	seen := make(map[key]bool, len(routes))
	return slices.DeleteFunc(slices.Clone(routes), func(r Route) bool {
		k := key{r.Method, r.Path}
		twice := seen[k]
		seen[k] = true
		return twice
	})
}
