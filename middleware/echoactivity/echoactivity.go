// Package echoactivity makes an event of every mutating request that an Echo
// (version 4) answers. It is package middleware as a middleware of Echo: its
// options hold here too, except for WithServeMux and WithRoute.
//
//	e := echo.New()
//	e.Use(otelecho.Middleware("payments"), echoactivity.New(m), middleware.Recover(), auth)
//
// Use it after otelecho, so that events carry the request's trace, and before
// everything that writes responses: recovery, authentication. An error that a
// handler returns goes from here to the Echo's HTTPErrorHandler, and no
// further, so that the event has the status that the client gets.
//
//	activitylog.From(c.Request().Context()).SetActor(activitylog.Actor{ID: user.ID, Name: user.Name})
package echoactivity

import (
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

// New returns a middleware, for an Echo's Use, that emits an event for each
// request that source makes one of: a [*mapping.Mapping], or a
// [*mapping.Reloader] that follows its file. A nil source stands for
// [mapping.Default]. Used twice it emits once. The request has the route as
// its Pattern while it runs. One that no route matches is no event, unless
// another router answers it and leaves its own route there.
func New(source mapping.Source, opts ...middleware.Option) echo.MiddlewareFunc {
	watches := engine.Watcher(source, opts)
	pattern := middleware.WithRoute(func(r *http.Request) string { return r.Pattern })
	activity := middleware.New(source, append(slices.Clip(opts), pattern)...)
	var known sync.Map // by method and path, whether there is such a route
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r, path := c.Request(), c.Path()
			if !watches(r.Method) {
				return next(c)
			}
			defer func(before string) { r.Pattern = before }(r.Pattern)
			r.Pattern = ""
			key := [2]string{r.Method, path}
			found, ok := known.Load(key)
			if !ok {
				found, _ = known.LoadOrStore(key, isRoute(c.Echo(), r.Method, path))
			}
			if found.(bool) {
				r.Pattern = path
				setPathValues(r, c)
			}
			activity(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				response := c.Response()
				defer func(outer http.ResponseWriter) { response.Writer = outer }(response.Writer)
				response.Writer = w
				c.SetRequest(r)
				if err := next(c); err != nil {
					c.Error(err)
				}
			})).ServeHTTP(c.Response().Writer, r)
			return nil
		}
	}
}

// isRoute reports whether a path is that of a route for the method, and not
// one of another method or of RouteNotFound, which every group has.
func isRoute(e *echo.Echo, method, path string) bool {
	routes := e.Routes()
	for _, router := range e.Routers() { // of hosts
		routes = append(routes, router.Routes()...)
	}
	return slices.ContainsFunc(routes, func(r *echo.Route) bool { return r.Method == method && r.Path == path })
}

// setPathValues tells the mapping of parameters: the last one of an Echo's
// route takes the rest of the path, slashes and all.
func setPathValues(r *http.Request, c echo.Context) {
	for i, name := range c.ParamNames() {
		value := c.ParamValues()[i]
		if u, err := url.PathUnescape(value); err == nil && r.URL.RawPath != "" {
			value = u
		}
		r.SetPathValue(name, value)
	}
}
