package middleware

import (
	"cmp"
	"net/http"
	"path"
	"strings"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware/internal/capture"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

// New returns a middleware that emits an event for each request that m makes
// one of: a [*mapping.Mapping], or a [*mapping.Reloader] that follows its file.
// A request keeps to the mapping that is in force when it comes in. A nil m
// stands for [mapping.Default]. Installed twice it emits once: the outer one
// does, so it must be able to find the route.
func New(m mapping.Source, opts ...Option) func(http.Handler) http.Handler {
	e := engine.New(m, engine.Configure(opts))
	return func(next http.Handler) http.Handler {
		return &handler{engine: e, next: next}
	}
}

type handler struct {
	engine *engine.Engine
	next   http.Handler
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m := h.engine.Mapping()
	watched := m.Watches(r.Method)
	if !watched && !h.engine.WatchesAccess(r.Method) || activitylog.From(r.Context()).Open() {
		h.next.ServeHTTP(w, r)
		return
	}
	route := h.routeBefore(r)
	var rule *mapping.Rule
	decided := !watched
	if final(route) {
		if watched {
			rule, decided = h.engine.Rule(m, r.Method, route), true
		}
		if rule == nil {
			h.engine.Unruled(m, r.Method, route)
			if !h.mayAccess(m, r, route) {
				h.next.ServeHTTP(w, r)
				return
			}
		}
	}
	h.record(w, r, m, route, rule, decided)
}

// record serves r and emits its event. Where it is not decided, rule depends on
// what the router has yet to find; where it is and rule is nil, the event can
// only be that of an access.
func (h *handler) record(w http.ResponseWriter, r *http.Request, m *mapping.Mapping, route string, rule *mapping.Rule, decided bool) {
	c := h.begin(w, r, m, route, rule, decided)
	defer c.end()
	h.next.ServeHTTP(c.writer.wrap(), c.inner)
	c.completed = true
}

// begin returns the call of a request. What it takes of the stack is free again
// while the handler runs: that of an event stream's goroutine stays small.
func (h *handler) begin(w http.ResponseWriter, r *http.Request, m *mapping.Mapping, route string, rule *mapping.Rule, decided bool) *call {
	c := &call{
		handler: h,
		mapping: m,
		ctx:     activitylog.DraftContext{Context: r.Context()},
		origin:  h.engine.Origin(r),
		outer:   r,
		before:  route,
		route:   route,
		rule:    rule,
		decided: decided,
	}
	c.copy = *r.WithContext(&c.ctx)
	c.inner = &c.copy
	c.writer.ResponseWriter = w
	c.writer.status = &c.status
	if rule != nil {
		c.bodies = capture.Start(c.inner, rule, rule)
	} else if !decided {
		c.bodies = capture.Start(c.inner, m, c)
	}
	c.writer.copy = c.bodies.Response()
	c.ctx.Draft.DescribedBy(c)
	return c
}

// A call is a request on its way through the handler. All that there is to
// keep of it is one allocation.
type call struct {
	handler *handler
	mapping *mapping.Mapping
	ctx     activitylog.DraftContext
	copy    http.Request
	origin  engine.Origin
	outer   *http.Request // as it came in
	inner   *http.Request // as it was passed on, with the draft
	before  string        // the route as far as it was known before the handler
	route   string
	rule    *mapping.Rule
	decided bool          // rule is that of the request, also if it is nil
	named   *mapping.Rule // whose parameters Param tells, when the handler has ended
	writer  writer
	status  status
	bodies  *capture.Bodies

	// completed tells a return from a panic without recover, which would
	// cost the panic its stack.
	completed bool
}

func (c *call) end() {
	defer c.bodies.Release()
	rule := c.findRule()
	access := c.findAccess(rule)
	c.named = cmp.Or(rule, access)
	if c.named != nil {
		end := engine.End{
			Request:  c.inner,
			Mapping:  c.mapping,
			Rule:     rule,
			Access:   access,
			Exchange: mapping.Exchange{Params: c, Query: c.origin.Query, Header: c.outer.Header},
			Header:   c.writer.Header(),
			Status:   c.status.load(),
			Outcome:  c.status.outcome(),
			Panicked: !c.completed,
		}
		if rule != nil {
			c.bodies.Close(rule, &end.Exchange)
		}
		c.handler.engine.Finish(c.outer.Context(), &c.ctx.Draft, &c.origin, &end)
	}
	c.ctx.Draft.Close() // also if there is no event
	c.handBack()
}

// handBack fills in what the handler has put into the copy of the request: the
// form, whose temporary files the server removes, and the pattern, which a
// middleware further out may read. The body is the server's own again.
func (c *call) handBack() {
	body := c.outer.Body
	*c.outer = *c.inner.WithContext(c.outer.Context())
	c.bodies.HandBack(c.outer, body)
}

// findRule returns the rule now that the router has done its work, or nil if
// there is none.
func (c *call) findRule() *mapping.Rule {
	if !c.decided {
		c.decide()
	}
	rule := c.rule
	if c.inner.Method != c.origin.Method {
		rule = c.overridden()
	}
	if rule != nil && c.redirected(rule) {
		return nil
	}
	return rule
}

// overridden returns the rule of the method that a middleware further in has put
// in place of the client's, or else that of the client's. It leaves c.rule as it
// is: a Defer in another goroutine may be looking at it.
func (c *call) overridden() *mapping.Rule {
	route, _ := c.handler.routeAfter(c.inner)
	return cmp.Or(c.handler.engine.Rule(c.mapping, c.inner.Method, route), c.rule)
}

func (c *call) decide() {
	e := c.handler.engine
	route, told := c.handler.routeAfter(c.inner)
	if route != "" {
		c.route = route
	}
	var rule *mapping.Rule
	if c.route != "" {
		rule = e.Rule(c.mapping, c.origin.Method, c.route)
	}
	switch {
	case rule != nil && (!rule.Inferred || !isMount(c.route) || told && c.found() || c.isExact(rule)):
		c.rule = rule
	case c.route == "" || isMount(c.route): // the route is that of a router further in
		if c.mayBeLost() {
			e.Unrouted(c.outer, c.route)
		}
	default:
		e.Unruled(c.mapping, c.origin.Method, c.route)
	}
}

// mayBeLost reports whether a request whose route is not known, or that of a
// mount, may have been an event. Most mounts serve files to those that read.
func (c *call) mayBeLost() bool {
	if c.route != "" && engine.Reads(c.origin.Method) {
		return false
	}
	asked := c.route == "" && c.handler.engine.ServeMux != nil
	return engine.MayBeLost(c.status.load(), c.completed, asked)
}

// isExact reports whether a request asked for the path of a mount itself, and
// not for one below it, and a handler answered. What is mounted on "/" has no
// path of its own.
func (c *call) isExact(rule *mapping.Rule) bool {
	if rule.Route == "/" || !c.found() {
		return false
	}
	_, ok := engine.Param(rule.Route+"{$}", c.origin.Routed, -1)
	return ok
}

// found reports whether the answer is none by which the router of a mount says
// that it has no route: chi's tells how far it has come nevertheless.
func (c *call) found() bool {
	status := c.status.load()
	return status != http.StatusNotFound && status != http.StatusMethodNotAllowed
}

// redirected reports whether the mux answered, not the handler: it has a
// pattern for "/orgs/" and sends a client that asks for "/orgs" there.
func (c *call) redirected(rule *mapping.Rule) bool {
	switch c.status.load() {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		_, ok := engine.Param(rule.Route, c.origin.Routed, -1)
		return !ok
	}
	return false
}

// Param returns the value of a path parameter, for the mapping. Where the path
// has escapes that need not be there, chi gives its handlers the value with
// them: a client could hide behind a%6en what it does to ann.
func (c *call) Param(i int) string { return c.param(c.named, i) }

func (c *call) param(rule *mapping.Rule, i int) string {
	if i >= len(rule.Params) {
		return ""
	}
	if c.inner.URL.RawPath != "" {
		if v, _ := engine.Param(rule.Route, c.origin.Routed, i); v != "" {
			return v
		}
	}
	if v := c.inner.PathValue(rule.Params[i]); v != "" {
		return v
	}
	v, ok := engine.Param(rule.Route, c.origin.Routed, i)
	if !ok { // a middleware further in has cleaned the path
		v, _ = engine.Param(rule.Route, path.Clean(c.origin.Routed), i)
	}
	return v
}

// isMount reports whether a route ends where another router may go on.
func isMount(route string) bool {
	return strings.HasSuffix(route, "/") || strings.HasSuffix(route, "/*")
}
