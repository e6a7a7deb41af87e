package middleware

import (
	"net/http"
	"strings"
)

// routeBefore returns the route of r as far as it is known before the handler.
func (h *handler) routeBefore(r *http.Request) string {
	e := h.engine
	if route := e.AskRoute(r); route != "" {
		return route
	}
	if e.ServeMux != nil {
		if _, pattern := e.ServeMux.Handler(r); pattern != "" {
			return pattern
		}
	}
	return r.Pattern
}

// routeAfter returns the route that the router has found for r, or "". It was
// told if the function of WithRoute says so: then there is no more exact one.
func (h *handler) routeAfter(r *http.Request) (route string, told bool) {
	if route := h.engine.AskRoute(r); route != "" {
		return route, true
	}
	if r.Pattern == "" && h.engine.ServeMux != nil { // hidden, and the path may have been changed since
		_, route = h.engine.ServeMux.Handler(r)
		return route, false
	}
	return r.Pattern, false
}

// Reads reports which bodies the rule of the request asks for, where that is
// not known before the handler. It is called when the first byte of a body
// passes: the router has found the route by then, unless a middleware in front
// of it reads the body. It may be called from any goroutine.
func (c *call) Reads() (request, response bool) {
	if rule := c.ruleSoFar(); rule != nil {
		return rule.Reads()
	}
	return false, false
}

// final reports whether no router further in can make the route more exact.
func final(route string) bool {
	return route != "" && !isMount(route) && !strings.HasSuffix(route, "...}")
}
