// Package conformance holds no code. Its tests are the list of what a
// middleware of this kind can do wrong: each row of [TestConformance] sends the
// same request to the same handlers with and without the activity middleware,
// through every router, over connections of HTTP/1.1 and HTTP/2. What comes
// back must be the same, byte for byte, and the events must be those that the
// row names.
//
// It is a module of its own because no application should take over the
// versions of all these routers.
package conformance
