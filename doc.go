// Package activitylog holds the words of an activity log and its wire format.
//
// An [Event] is one thing that somebody did, or tried to do, to a resource:
// its [Code] says which kind of thing ("org.member:updated"), its [Actor] who
// did it, its [Target] values to what, its [Outcome] whether it worked.
//
// Events travel as OpenTelemetry log records; the attribute keys are the Key
// constants of this package and nothing else in the project spells them out.
// Package middleware makes an event of every mutating HTTP request. A handler
// says what only it can know through the request's context:
//
//	activitylog.From(ctx).SetActor(activitylog.Actor{ID: "usr_1", Name: "Ann Lee"})
//
// Work that is not HTTP (jobs, consumers, command lines) calls [Emit]; work that
// a request has begun and that ends later, [Complete] with the [Ticket] that
// [Draft.Defer] gave it.
package activitylog
