package routes

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// The limits of what is asked of a router.
const (
	maxRoutes = 100_000 // more than any API has
	maxDepth  = 64      // of routers in routers
)

var (
	errUnknown = errors.New("not a router whose routes can be listed: " +
		"hand in the *gin.Engine, *echo.Echo, chi.Router, gorilla *mux.Router or *routes.Mux itself, " +
		"not a handler around it; for any other router a *routes.List or []routes.Route")
	errTooMany = fmt.Errorf("more than %d routes", maxRoutes)
	errDeep    = fmt.Errorf("more than %d routers in each other", maxDepth)
)

// ask lists the routes of a router by the methods that it has.
func ask(router any) ([]Route, error) {
	v := reflect.ValueOf(router)
	if m := v.MethodByName("Walk"); isGorillaWalk(m) {
		return walkGorilla(m)
	}
	if m := v.MethodByName("Router"); isGetter(m) && !v.MethodByName("Routes").IsValid() { // echo 5
		v = m.Call(nil)[0]
	}
	w := walker{}
	if err := w.walk(v, "", 0); err != nil {
		return nil, err
	}
	slices.SortStableFunc(w.list, func(a, b Route) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	return w.list, nil
}

func isGetter(m reflect.Value) bool {
	return m.IsValid() && m.Type().NumIn() == 0 && m.Type().NumOut() == 1
}

type walker struct{ list []Route }

// walk adds what the method Routes of a router returns.
func (w *walker) walk(router reflect.Value, parent string, depth int) error {
	m := router.MethodByName("Routes")
	if !isGetter(m) || m.Type().Out(0).Kind() != reflect.Slice {
		return errUnknown
	}
	if depth > maxDepth {
		return errDeep
	}
	found := m.Call(nil)[0]
	for i := range found.Len() {
		if len(w.list) >= maxRoutes {
			return errTooMany
		}
		if err := w.route(found.Index(i), parent, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) route(r reflect.Value, parent string, depth int) error {
	if r = reflect.Indirect(r); r.Kind() != reflect.Struct {
		return errUnknown
	}
	if pattern, ok := text(r, "Pattern"); ok {
		return w.chi(r, parent+pattern, depth)
	}
	method, ok := text(r, "Method")
	path, ok2 := text(r, "Path")
	if !ok || !ok2 {
		return errUnknown
	}
	name, ok := text(r, "Handler")
	if !ok {
		name, _ = text(r, "Name")
	}
	if name == method+":"+path { // what echo 5 calls a route without a name
		name = ""
	}
	if method == anyMethod {
		method = ""
	}
	w.list = append(w.list, Route{Method: method, Path: path, Operation: operation(name)})
	return nil
}

// chi adds a chi.Route as chi.Walk visits it, except that a handler for every
// method is one route.
func (w *walker) chi(r reflect.Value, path string, depth int) error {
	if sub := r.FieldByName("SubRoutes"); sub.Kind() == reflect.Interface && !sub.IsNil() {
		return w.walk(sub.Elem(), path, depth+1)
	}
	field := r.FieldByName("Handlers")
	if !field.IsValid() {
		return errUnknown
	}
	handlers, ok := field.Interface().(map[string]http.Handler)
	if !ok {
		return errUnknown
	}
	path = strings.ReplaceAll(path, "/*/", "/")
	if h, ok := handlers["*"]; ok {
		w.list = append(w.list, Route{Path: path, Operation: handlerName(h)})
		return nil
	}
	for method, h := range handlers {
		w.list = append(w.list, Route{Method: method, Path: path, Operation: handlerName(h)})
	}
	return nil
}

func text(r reflect.Value, field string) (string, bool) {
	f := r.FieldByName(field)
	if f.Kind() != reflect.String {
		return "", false
	}
	return f.String(), true
}

// A gorillaRoute is what is asked of a *mux.Route.
type gorillaRoute interface {
	GetPathTemplate() (string, error)
	GetMethods() ([]string, error)
	GetHandler() http.Handler
	GetName() string
}

var (
	routeType = reflect.TypeFor[gorillaRoute]()
	errorType = reflect.TypeFor[error]()
)

// isGorillaWalk reports whether m is a
// func(func(*mux.Route, *mux.Router, []*mux.Route) error) error.
func isGorillaWalk(m reflect.Value) bool {
	if !m.IsValid() || m.Type().NumIn() != 1 || m.Type().NumOut() != 1 || m.Type().Out(0) != errorType {
		return false
	}
	f := m.Type().In(0)
	return f.Kind() == reflect.Func && f.NumIn() == 3 && f.In(0).Implements(routeType) && f.NumOut() == 1 && f.Out(0) == errorType
}

func walkGorilla(walk reflect.Value) ([]Route, error) {
	var list []Route
	visit := func(args []reflect.Value) []reflect.Value {
		r := args[0].Interface().(gorillaRoute)
		path, err := r.GetPathTemplate()
		if err == nil && r.GetHandler() != nil { // otherwise it leads to a sub-router only
			methods, err := r.GetMethods()
			if err != nil {
				methods = []string{""}
			}
			name := cmp.Or(r.GetName(), handlerName(r.GetHandler()))
			for _, method := range methods {
				list = append(list, Route{Method: method, Path: path, Operation: name})
			}
		}
		result := reflect.Zero(errorType)
		if len(list) > maxRoutes {
			result = reflect.ValueOf(&errTooMany).Elem()
		}
		return []reflect.Value{result}
	}
	out := walk.Call([]reflect.Value{reflect.MakeFunc(walk.Type().In(0), visit)})
	if err, _ := out[0].Interface().(error); err != nil {
		return nil, err
	}
	return list, nil
}

// handlerName returns the name of the function that serves a route, "" for
// what is no function with a name.
func handlerName(h http.Handler) string {
	v := reflect.ValueOf(h)
	if chain := reflect.Indirect(v); chain.Kind() == reflect.Struct { // chi's handler with middlewares of its own
		if f := chain.FieldByName("Endpoint"); f.Kind() == reflect.Interface && f.CanInterface() {
			v = f.Elem()
		}
	}
	if v.Kind() != reflect.Func || v.IsNil() {
		return ""
	}
	return operation(runtime.FuncForPC(v.Pointer()).Name())
}

var anonymous = regexp.MustCompile(`\.func\d+(\.|$)|\[\.\.\.\]`)

// operation makes an operation of what a router calls a handler: the function
// without the folder of its package. A function without a name says nothing.
func operation(name string) string {
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], "-fm")
	if anonymous.MatchString(name) {
		return ""
	}
	return name
}
