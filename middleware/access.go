package middleware

import (
	"net/http"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

// mayAccess reports whether r, which has no event of its own, may be the first
// request of a session to the tenant of its route.
func (h *handler) mayAccess(m *mapping.Mapping, r *http.Request, route string) bool {
	access := h.engine.Access(m, r.Method, route)
	if access == nil {
		return false
	}
	tenant := ""
	if i := access.TenantParam(); i >= 0 {
		tenant, _ = engine.Param(access.Route, r.URL.EscapedPath(), i)
	}
	return !h.engine.Accessed(r, tenant)
}

// findAccess returns the rule for the event of an access, now that the router
// has done its work, or nil; rule is that of the request itself.
func (c *call) findAccess(rule *mapping.Rule) *mapping.Rule {
	e := c.handler.engine
	if !e.WatchesAccess(c.origin.Method) {
		return nil
	}
	if rule == nil {
		if route, _ := c.handler.routeAfter(c.inner); route != "" {
			c.route = route
		}
	}
	return e.Access(c.mapping, c.origin.Method, c.route)
}
