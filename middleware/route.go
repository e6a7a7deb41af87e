package middleware

import (
	"net/http"
	"strings"
)

// routeBefore returns the route of r as far as it is known before the handler.
func (h *handler) routeBefore(r *http.Request) string {
	e := h.engine
	if e.Route != nil {
		if route := e.Route(r); route != "" {
			return route
		}
	}
	if e.ServeMux != nil {
		if _, pattern := e.ServeMux.Handler(r); pattern != "" {
			return pattern
		}
	}
	return r.Pattern
}

// routeAfter returns the route that the router has found for r, or "".
func (h *handler) routeAfter(r *http.Request) string {
	if h.engine.Route != nil {
		if route := h.engine.Route(r); route != "" {
			return route
		}
	}
	return r.Pattern
}

// final reports whether no router further in can make the route more exact.
func final(route string) bool {
	return route != "" && !isMount(route) && !strings.HasSuffix(route, "...}")
}
