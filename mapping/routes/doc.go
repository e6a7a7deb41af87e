// Package routes lists the routes of an HTTP API, so that a mapping can be
// written from them (activitylog init) and held against them (activitylog
// lint, activitylogtest.Check).
//
// [Of] lists what a router in the same program serves. gin, echo, chi and
// gorilla/mux are understood without being imported:
//
//	engine := gin.New()
//	list, err := routes.Of(engine)
//
//	router := chi.NewRouter()
//	list, err := routes.Of(router)
//
// A [net/http.ServeMux] does not tell what was registered with it. A [Mux] is
// used in its place and does:
//
//	mux := routes.NewMux()
//	mux.HandleFunc("POST /orgs/{org}/members", invite)
//	list, err := routes.Of(mux)
//	handler := middleware.New(m, middleware.WithServeMux(mux.ServeMux()))(mux)
//
// For any other router a [List] takes the routes one by one; its Walk method
// is what chi.Walk and its like call.
//
// [Read] and [Write] keep routes in a text file, one a line.
package routes
