package mapping

import activitylog "github.com/activitylog-go/activitylog"

// A Rule makes an event of the requests of one method and route. It is
// immutable and safe for concurrent use.
type Rule struct {
	Method string

	// Route is the router's template without method and host, with its
	// parameters in braces: "/orgs/{org}/members/{member}".
	Route string

	// Params are the names of the route's parameters, in order of position.
	Params []string

	// Inferred says that no rule of the mapping names the route.
	Inferred bool

	// Warn says that the route is inferred and that the mapping asks to be
	// told of such routes (infer: warn).
	Warn bool
}

// Params gives a rule the values of the path parameters of a request.
type Params interface {
	// Param returns the value of the i-th parameter of [Rule.Params], or "".
	Param(i int) string
}

// Complete fills in what the mapping knows of the event of a request whose
// handler has ended: Code, EventName, HTTP.Route, and, where they are empty,
// Tenant, Targets and Summary. HTTP.Status, Outcome, Actor and everything
// else that the sentence tells must be set before. It reports whether there
// is an event: not if no case of the rule holds. p may be nil.
func (r *Rule) Complete(e *activitylog.Event, p Params) bool { return false }
