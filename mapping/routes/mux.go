package routes

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"

	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// A Mux is an [http.ServeMux] that remembers the patterns registered with it.
// The zero Mux is ready to use. Its methods are safe for concurrent use.
type Mux struct {
	mux http.ServeMux

	mu      sync.Mutex
	entries []entry
	mounted string // the prefix below which another Mux serves this one
}

type entry struct {
	pattern   string
	handler   http.Handler
	operation string // name of the handler that the application registered
	file      string
	line      int
}

// NewMux returns a Mux without routes.
func NewMux() *Mux { return new(Mux) }

// Handle registers the handler for the pattern, as [http.ServeMux.Handle]
// does, and panics where that does.
func (m *Mux) Handle(pattern string, handler http.Handler) {
	m.register(pattern, handler)
}

// HandleFunc registers the handler for the pattern, as
// [http.ServeMux.HandleFunc] does, and panics where that does.
func (m *Mux) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	m.register(pattern, http.HandlerFunc(handler))
}

// register is called by what the application calls, whose place it records.
func (m *Mux) register(pattern string, handler http.Handler) {
	_, file, line, _ := runtime.Caller(2)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mounted != "" {
		panic(fmt.Sprintf("routes: pattern %q: the mux is mounted below %q already: register first, then mount", pattern, m.mounted))
	}
	m.add(entry{pattern, handler, handlerName(handler), file, line})
}

func (m *Mux) add(e entry) {
	m.mux.Handle(e.pattern, e.handler)
	m.entries = append(m.entries, e)
}

// Mount serves the routes of sub below prefix, a path without parameters such
// as "/api/v1". Handlers see the path without the prefix, as behind
// [http.StripPrefix]. In contrast to a handler for "/api/v1/", each route of
// sub becomes one of m: [http.Request.Pattern] is the whole pattern, a client
// is redirected to a path that exists, and a conflict with another route of m
// panics. Routes cannot be added to sub afterwards.
func (m *Mux) Mount(prefix string, sub *Mux) {
	prefix = strings.TrimRight(prefix, "/")
	if prefix != "" && prefix[0] != '/' || strings.ContainsAny(prefix, "{}% ") {
		panic(fmt.Sprintf("routes: prefix %q: must be a path without parameters, such as /api/v1", prefix))
	}
	sub.mu.Lock()
	sub.mounted = prefix + "/"
	entries := sub.entries
	sub.mu.Unlock()

	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range entries {
		_, path := route.Cut(e.pattern)
		e.pattern = strings.TrimSuffix(e.pattern, path) + prefix + path
		e.handler = http.StripPrefix(prefix, e.handler)
		m.add(e)
	}
}

// ServeHTTP calls the handler whose pattern matches the request best.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.mux.ServeHTTP(w, r) }

// ServeMux returns the mux that m routes with, for what asks it for a
// request's route (middleware.WithServeMux). What is registered with it
// directly is served, but is not among [Mux.Routes].
func (m *Mux) ServeMux() *http.ServeMux { return &m.mux }

// Routes returns the routes in the order of their registration. Patterns that
// differ in their host only are one route: a mapping does not tell them apart.
func (m *Mux) Routes() []Route {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := make([]Route, 0, len(m.entries))
	for _, e := range m.entries {
		method, path := route.Cut(e.pattern)
		list = append(list, Route{
			Method: method, Path: path, Operation: e.operation, File: e.file, Line: e.line,
		})
	}
	return unique(list)
}
