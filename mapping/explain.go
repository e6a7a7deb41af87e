package mapping

import activitylog "github.com/activitylog-go/activitylog"

// An Explanation says how a mapping decides on a route.
type Explanation struct {
	Method   string
	Route    string             // normalised, as in [Rule]
	Code     activitylog.Code   // of the case that holds when no other does; empty if there is no event
	Codes    []activitylog.Code // every code that the route can have
	Title    string
	Sentence string // the sentence of an invented event

	// Rule is where the rule that decides stands, "FILE:LINE:COLUMN"; it is
	// empty if the code is inferred.
	Rule string

	// Steps are the reasons in plain words, in order.
	Steps []string
}
