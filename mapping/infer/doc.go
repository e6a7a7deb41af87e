// Package infer finds the event code of a route that no rule names.
//
// It reads the route as a person would: the words of the path name the
// resource, an id belongs to the word before it, and the last segment or the
// method says what is done:
//
//	POST   /api/v1/orders                  order:created
//	POST   /api/v1/orders/{id}/cancel      order:cancelled
//	PUT    /users/{id}/address             user.address:updated
//	DELETE /issues/{n}/lock                issue:unlocked
//	POST   /orders/search                  no event
//
// Where English or the usage of APIs leaves a choice, lists decide; they are
// in verblist.go, plural.go and words.go. Every decision tells its steps.
package infer
