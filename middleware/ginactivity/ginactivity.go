// Package ginactivity makes an event of every mutating request that a gin
// engine answers. Package middleware does the same for net/http; its options
// hold here too, except for WithServeMux and WithRoute: gin itself says what
// the route is.
//
//	router := gin.New()
//	router.Use(otelgin.Middleware("payments"), ginactivity.New(m), gin.Recovery(), auth)
//
// Use it after otelgin, so that events carry the request's trace, and before
// everything that writes responses: recovery, error handlers, authentication.
// Use it before the routes are added: gin gives a route the middlewares that
// are there by then, and nobody can say that this one is missing.
// Handlers find the event's draft in either context:
//
//	activitylog.From(c).SetActor(activitylog.Actor{ID: user.ID, Name: user.Name})
//	activitylog.From(c.Request.Context()).SetReason("chargeback")
package ginactivity

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/internal/capture"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

// New returns a middleware that emits an event for each request that source
// makes one of: a [*mapping.Mapping], or a [*mapping.Reloader] that follows its file.
// A request keeps to the mapping that is in force when it comes in. A nil
// source stands for [mapping.Default]. Used twice, or when the
// engine's HandleContext routes a request again, it emits once, for the route
// that the client asked for. A request that gin has no route for is no event;
// if a handler of NoRoute answers it all the same, it is counted and reported
// as package middleware describes.
func New(source mapping.Source, opts ...middleware.Option) gin.HandlerFunc {
	e := engine.New(source, engine.Configure(opts))
	return func(c *gin.Context) {
		m, method := e.Mapping(), c.Request.Method
		watched := m.Watches(method)
		if !watched && !e.WatchesAccess(method) {
			return
		}
		if draft := activitylog.From(c.Request.Context()); draft.Open() {
			c.Set(activitylog.ContextKey, draft) // HandleContext has emptied the context
			return
		}
		route := c.FullPath()
		if route == "" {
			passUnrouted(e, c)
			return
		}
		rule := e.Rule(m, method, route)
		if rule == nil {
			e.Unruled(m, method, route)
		}
		access := e.Access(m, method, route)
		if rule != nil || access != nil && !e.Accessed(c.Request, tenantOf(c, access)) {
			record(e, c, m, rule, access)
		}
	}
}

// tenantOf returns the tenant that the path names.
func tenantOf(c *gin.Context, access *mapping.Rule) string {
	if i := access.TenantParam(); i >= 0 && i < len(c.Params) {
		return c.Params[i].Value
	}
	return ""
}

// passUnrouted runs the handlers that follow, which are those of NoRoute or
// NoMethod: another router may be among them.
func passUnrouted(e *engine.Engine, c *gin.Context) {
	completed := false
	defer func() {
		routed := c.FullPath() != "" // HandleContext has found one
		if !routed && !engine.Reads(c.Request.Method) && engine.MayBeLost(c.Writer.Status(), completed, true) {
			e.Unrouted(c.Request, "")
		}
	}()
	c.Next()
	completed = true
}

// record runs the handlers that follow and emits the event, and that of an
// access; rule is nil if there can only be the latter.
func record(e *engine.Engine, c *gin.Context, m *mapping.Mapping, rule, access *mapping.Rule) {
	outer := c.Request
	r := &call{
		engine:  e,
		mapping: m,
		rule:    rule,
		ctx:     activitylog.DraftContext{Context: outer.Context()},
		origin:  e.Origin(outer),
		writer:  writer{ResponseWriter: c.Writer},
	}
	r.params = paramsOf(c, r.values[:0])
	r.request = *outer.WithContext(&r.ctx)
	c.Request = &r.request
	c.Set(activitylog.ContextKey, &r.ctx.Draft)
	if rule != nil {
		r.bodies = capture.Start(c.Request, rule, rule)
	}
	r.writer.copy = r.bodies.Response()
	r.ctx.Draft.DescribedBy(r)
	c.Writer = &r.writer
	defer func() {
		defer r.bodies.Release()
		if c.Writer == &r.writer {
			c.Writer = r.writer.ResponseWriter
		}
		end := engine.End{
			Request:  c.Request,
			Mapping:  m,
			Rule:     rule,
			Access:   access,
			Exchange: mapping.Exchange{Params: r.params, Query: r.origin.Query, Header: outer.Header},
			Header:   r.writer.Header(),
			Status:   r.writer.final(r.completed),
			Outcome:  r.writer.outcome(),
			Panicked: !r.completed,
		}
		if rule != nil {
			r.bodies.Close(rule, &end.Exchange)
		}
		e.Finish(outer.Context(), &r.ctx.Draft, &r.origin, &end)
		keepForm(outer, c.Request)
	}()
	c.Next()
	r.completed = true
}

// A call is a request on its way through the handlers. It keeps nothing of
// the gin.Context, which gin uses again for the next request. All that there
// is to keep of it is one allocation.
type call struct {
	engine  *engine.Engine
	mapping *mapping.Mapping
	rule    *mapping.Rule
	ctx     activitylog.DraftContext
	request http.Request
	origin  engine.Origin
	params  params
	values  [4]string // room for params
	writer  writer
	bodies  *capture.Bodies

	// completed tells a return from a panic without recover, which would
	// cost the panic its stack.
	completed bool
}

// params are the values of path parameters, in the order of the route.
type params []string

// Param returns the value of a path parameter, for the mapping.
func (p params) Param(i int) string {
	if i >= len(p) {
		return ""
	}
	return p[i]
}

// paramsOf appends the values of c's parameters to values.
func paramsOf(c *gin.Context, values params) params {
	for _, p := range c.Params {
		values = append(values, p.Value)
	}
	if strings.Contains(c.FullPath(), "/*") { // gin leaves the slash to "/files/*path"
		last := len(values) - 1
		values[last] = strings.TrimPrefix(values[last], "/")
	}
	return values
}

// keepForm hands the form that a handler has parsed to the server's own
// request: the server removes its temporary files.
func keepForm(outer, inner *http.Request) {
	if inner != nil && inner.MultipartForm != nil {
		outer.MultipartForm = inner.MultipartForm
	}
}
