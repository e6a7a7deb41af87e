package conformance_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	"github.com/labstack/echo/v4"
	echomiddleware "github.com/labstack/echo/v4/middleware"
	"go.opentelemetry.io/otel"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/echoactivity"
	"github.com/activitylog-go/activitylog/middleware/ginactivity"
)

func TestMain(m *testing.M) {
	flag.Set("test.parallel", "8") // rows wait more than they work
	gin.SetMode(gin.ReleaseMode)
	gin.DefaultErrorWriter = io.Discard
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(error) {})) // what is lost or ignored on purpose
	os.Exit(m.Run())
}

// A layer is a middleware of the application.
type layer = func(http.Handler) http.Handler

// An app is what every router is to serve: one handler for some routes, and
// layers around them.
type app struct {
	routes          []string // "PATCH /orgs/{org}"
	prefix          string   // where the routes are mounted
	handler         http.HandlerFunc
	gin             func(*gin.Engine) gin.HandlerFunc // in place of handler, for gin
	outside, inside []layer                           // on the two sides of the activity middleware
	recovery        bool                              // the router's own recovery is the outermost layer

	mapping *mapping.Mapping // nil for the app without the activity middleware
	options []middleware.Option
}

// activity returns the middleware for net/http, or one that does nothing.
func (a app) activity(opts ...middleware.Option) layer {
	if a.mapping == nil {
		return func(next http.Handler) http.Handler { return next }
	}
	return middleware.New(a.mapping, append(opts, a.options...)...)
}

// layers returns all layers, the outermost first.
func (a app) layers(activity layer) []layer {
	var all []layer
	if a.recovery {
		all = append(all, recovers)
	}
	return slices.Concat(all, a.outside, []layer{activity}, a.inside)
}

// routers are the columns of the table.
var routers = []struct {
	name  string
	build func(app) http.Handler
}{
	{"ServeMux", func(a app) http.Handler { return newServeMux(a) }},
	{"ServeMux told", func(a app) http.Handler { return newServeMux(a, tell) }},
	{"chi", newChi},
	{"gorilla", newGorilla},
	{"gin", newGin},
	{"echo", newEcho},
}

// tell is the option for a mux behind layers that hide the route.
func tell(mux *http.ServeMux) middleware.Option { return middleware.WithServeMux(mux) }

func newServeMux(a app, options ...func(*http.ServeMux) middleware.Option) http.Handler {
	mux := http.NewServeMux()
	for _, route := range a.routes {
		mux.HandleFunc(route, a.handler)
	}
	var opts []middleware.Option
	for _, option := range options {
		opts = append(opts, option(mux))
	}
	var h http.Handler = mux
	for _, l := range slices.Backward(a.layers(a.activity(opts...))) {
		h = l(h)
	}
	if a.prefix == "" {
		return h
	}
	outer := http.NewServeMux()
	outer.Handle(a.prefix+"/", http.StripPrefix(a.prefix, h))
	return outer
}

// chiRoute is what package middleware tells to do with chi.
func chiRoute(router chi.Routes) func(*http.Request) string {
	return func(r *http.Request) string {
		c := chi.NewRouteContext()
		if router.Match(c, r.Method, cmp.Or(r.URL.RawPath, r.URL.Path)) {
			return c.RoutePattern()
		}
		return chi.RouteContext(r.Context()).RoutePattern()
	}
}

func newChi(a app) http.Handler {
	r := chi.NewRouter()
	r.Use(a.layers(a.activity(middleware.WithRoute(chiRoute(r))))...)
	routes := func(r chi.Router) {
		for _, route := range a.routes {
			method, path, _ := strings.Cut(route, " ")
			r.MethodFunc(method, spell(path, "{", "}", "*"), a.handler)
		}
	}
	if a.prefix == "" {
		routes(r)
	} else {
		r.Route(a.prefix, routes)
	}
	return r
}

// gorillaRoute is what package middleware tells to do with gorilla/mux.
func gorillaRoute(r *http.Request) string {
	if route := mux.CurrentRoute(r); route != nil {
		template, _ := route.GetPathTemplate()
		return template
	}
	return ""
}

func newGorilla(a app) http.Handler {
	r := mux.NewRouter().StrictSlash(true)
	for _, l := range a.layers(a.activity(middleware.WithRoute(gorillaRoute))) {
		r.Use(mux.MiddlewareFunc(l))
	}
	routes := r
	if a.prefix != "" {
		routes = r.PathPrefix(a.prefix).Subrouter()
	}
	for _, route := range a.routes {
		method, path, _ := strings.Cut(route, " ")
		routes.HandleFunc(spell(path, "{", "}", "{path:.*}"), a.handler).Methods(method)
	}
	return r
}

func newGin(a app) http.Handler {
	r := gin.New()
	if a.recovery {
		r.Use(gin.Recovery())
	}
	r.Use(asGin(a.outside)...)
	if a.mapping != nil {
		r.Use(ginactivity.New(a.mapping, a.options...))
	}
	r.Use(asGin(a.inside)...)
	handler := gin.WrapF(a.handler)
	if a.gin != nil {
		handler = a.gin(r)
	}
	group := r.Group(a.prefix)
	for _, route := range a.routes {
		method, path, _ := strings.Cut(route, " ")
		group.Handle(method, spell(path, ":", "", "*path"), handler)
	}
	return r
}

// asGin lets layers that do not replace the writer stand in a gin engine.
func asGin(layers []layer) []gin.HandlerFunc {
	var handlers []gin.HandlerFunc
	for _, l := range layers {
		handlers = append(handlers, func(c *gin.Context) {
			passed := false
			l(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				passed = true
				c.Request = r
				c.Next()
			})).ServeHTTP(c.Writer, c.Request)
			if !passed {
				c.Abort()
			}
		})
	}
	return handlers
}

func newEcho(a app) http.Handler {
	e := echo.New()
	e.Logger.SetOutput(io.Discard)
	if a.recovery {
		e.Use(echomiddleware.RecoverWithConfig(echomiddleware.RecoverConfig{DisablePrintStack: true}))
	}
	for _, l := range a.outside {
		e.Use(echo.WrapMiddleware(l))
	}
	if a.mapping != nil {
		e.Use(echoactivity.New(a.mapping, a.options...))
	}
	for _, l := range a.inside {
		e.Use(echo.WrapMiddleware(l))
	}
	group := e.Group(a.prefix)
	for _, route := range a.routes {
		method, path, _ := strings.Cut(route, " ")
		group.Add(method, spell(path, ":", "", "*"), echo.WrapHandler(a.handler))
	}
	return e
}

// spell spells a route as a router does, with what is around a parameter and
// what stands for the rest of a path.
func spell(path, before, after, rest string) string {
	return strings.NewReplacer("{path...}", rest, "{", before, "}", after).Replace(path)
}

// recovers answers for a handler that panics, as most applications do.
func recovers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if cause := recover(); cause != nil {
				http.Error(w, fmt.Sprintf("%v, explode: %v", cause, strings.Contains(string(debug.Stack()), ".explode(")), http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// copies hides what a router leaves in the request that it is given.
func copies(next http.Handler) http.Handler {
	type key struct{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, 1)))
	})
}
