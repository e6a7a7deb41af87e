package routes

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// Of lists the routes that a router serves, each once. It understands, without
// importing any of them:
//
//   - a [*Mux], a [*List], and what else has a method Routes() []Route;
//   - []Route itself, with 100,000 elements at most, as many as a router may have;
//   - gin (*gin.Engine), echo (*echo.Echo) and others whose method Routes
//     returns a slice of structs with the fields Method and Path;
//   - chi (chi.Router), with its sub-routers;
//   - gorilla (*mux.Router), with its sub-routers.
//
// The routes of gin, echo and chi are sorted: these routers keep no order. An
// error says what to hand in for a router that is not understood, such as one
// that a handler is wrapped around.
func Of(router any) (list []Route, err error) {
	defer func() { // a router that is nil, for instance
		if p := recover(); p != nil {
			list, err = nil, fmt.Errorf("routes: %T: panic: %v", router, p)
		}
	}()
	switch r := router.(type) {
	case nil:
		return nil, errors.New("routes: the router is nil")
	case []Route:
		if len(r) > maxRoutes {
			return nil, fmt.Errorf("routes: %w", errTooMany)
		}
		return unique(r), nil
	case interface{ Routes() []Route }:
		return r.Routes(), nil
	case *http.ServeMux:
		return nil, errors.New("routes: *http.ServeMux does not tell its routes: use routes.NewMux() in its place, or hand in []routes.Route")
	}
	list, err = ask(router)
	if err != nil {
		return nil, fmt.Errorf("routes: %T: %w", router, err)
	}
	return unique(slices.DeleteFunc(list, func(r Route) bool { return r.Method == notFound })), nil
}

// What echo has in place of methods.
const (
	notFound  = "echo_route_not_found" // answers what no route matches
	anyMethod = "echo_route_any"
)
