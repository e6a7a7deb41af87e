package engine

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel"

	"github.com/activitylog-go/activitylog/mapping"
)

// AskRoute returns what the function of WithRoute says, or "".
func (e *Engine) AskRoute(r *http.Request) string {
	if e.Route == nil {
		return ""
	}
	return call("WithRoute", e.Route, r)
}

// Rule returns the rule of a route, or nil if a request to it is no event.
func (e *Engine) Rule(m *mapping.Mapping, method, route string) *mapping.Rule {
	rule := m.Rule(routed(m, method, route), route)
	if rule != nil && rule.Warn {
		e.warned.once(rule, func() {
			otel.Handle(fmt.Errorf("activitylog: %s %s is not in the mapping and its code is inferred: add the route, or set infer: on", rule.Method, rule.Route))
		})
	}
	return rule
}

// Reads reports whether a method changes nothing: then a request is an event
// only if the mapping names its route.
func Reads(method string) bool {
	switch method {
	case "GET", "HEAD", "OPTIONS", "TRACE":
		return true
	}
	return false
}

// Unruled counts a request whose route has no rule: the mapping ignores it on
// purpose, or nobody has decided on it.
func (e *Engine) Unruled(m *mapping.Mapping, method, route string) {
	method = routed(m, method, route)
	switch {
	case Reads(method):
	case m.Ignores(method, route):
		e.metrics.ignored.Add(context.Background(), 1)
	default:
		e.metrics.unmapped.Add(context.Background(), 1)
	}
}

// routed returns the method by which a router found a route: that which the
// route names, because a middleware further in may have overridden the client's.
func routed(m *mapping.Mapping, method, route string) string {
	if named, _, ok := strings.Cut(route, " "); ok && m.Watches(named) {
		method = named
	}
	return method
}

// Unrouted counts a request that may have been an event but whose route could
// not be found, or only as far as a route that another router goes on from. It
// says once what to do.
func (e *Engine) Unrouted(r *http.Request, route string) {
	e.metrics.unrouted.Add(r.Context(), 1)
	e.warnUnrouted.Do(func() {
		known := "its route is not known"
		if route != "" {
			known = fmt.Sprintf("its route is known only as far as %q", route)
		}
		// otel.Handle is where an OpenTelemetry application looks for trouble
		// with its telemetry; which logger it has is not ours to know.
		otel.Handle(fmt.Errorf("activitylog: no event for a %s request: %s: "+
			"install the middleware around the innermost router (for gin, package ginactivity), "+
			"pass WithServeMux or WithRoute, or name that route in the mapping", r.Method, known))
	})
}

// MayBeLost reports whether a request without a route may have been an event,
// by its final status (0: none). The router was asked if it is known to have no
// route for the request: then a refusal is none of a route.
func MayBeLost(status int, completed, asked bool) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
		http.StatusNotFound, http.StatusMethodNotAllowed: // what routers answer themselves
		return !completed
	}
	return !completed || status < 400 || !asked
}
