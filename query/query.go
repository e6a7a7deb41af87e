// Package query is the language in which people and programs ask for events:
//
//	actor:usr_ann event:org.member:* -outcome:failure after:2026-01-01
//
// The same text works in the viewer, the API and on the command line. [Parse]
// turns it into a [Query], which a store compiles to what it can run and
// [Query.Match] applies to one event; [Query.String] prints it in its canonical
// form. The keys are in one registry, [Keys],
// from which the parser, the documentation and the suggestions are made.
package query

import "time"

// A Query selects events. The zero Query selects all of them.
type Query struct {
	// Terms must all hold. Only [And] leaves two of them with the same Key.
	Terms []Term

	// Since and Until bound the time of the events: Since is inclusive, Until
	// exclusive, zero is no bound.
	Since, Until time.Time
}

// A Term is one condition on a field of the event.
type Term struct {
	Key    Key
	Negate bool
	Values []Value // one of them must hold or, with Negate, none
}

// A Value is what a field is compared with.
type Value struct {
	// Text is compared byte by byte. With Glob, each * in it stands for any
	// run of characters, also for none.
	Text string
	Glob bool

	// Low and High, both inclusive, are the bounds of a number; they are set
	// for the keys of numbers only: status:4xx is 400 to 499.
	Low, High int
}

// A Key names a field of the event.
type Key string

// The keys that have terms. The keys of time (after, before, on, last) narrow
// Since and Until instead.
const (
	Event      Key = "event" // the code
	Actor      Key = "actor" // the actor's id
	ActorType  Key = "actor.type"
	Tenant     Key = "tenant"
	Target     Key = "target" // the id of any target
	TargetType Key = "target.type"
	Changed    Key = "changed" // the path of any change
	Outcome    Key = "outcome"
	Status     Key = "status" // HTTP response status, a number
	Method     Key = "method"
	Address    Key = "address" // the client's
	Session    Key = "session"
	Request    Key = "request"
	Trace      Key = "trace"
	Service    Key = "service"
)
