package activitylog

import "slices"

// A Describer knows of a request what its draft does not: its route's code,
// what its path names, where it came from. A middleware is one.
type Describer interface {
	// Describe returns the event as far as it is known while the handler runs,
	// of a request that has said set; and whether it may be an event at all.
	Describe(set Fields) (e Event, ok bool)
}

// DescribedBy says who knows of the request. A middleware calls it before the
// handler runs, once.
func (d *Draft) DescribedBy(by Describer) { d.describer = by }

// Defer says that the request only begins its work: a 202, whose work ends
// after the response, or in another process. It returns a ticket to hand on
// with the work; who ends it calls the mapping's Complete, or [Complete], with
// the ticket and the outcome:
//
//	ticket := activitylog.From(ctx).Defer()
//	queue.Send(Job{Payout: id, Ticket: string(ticket)})
//	...
//	err := m.Complete(ctx, logger, activitylog.Ticket(job.Ticket), activitylog.Event{Outcome: activitylog.Failure, Reason: "no such bank"})
//
// The event of the request itself then has the outcome [Unknown] instead of a
// success: that something was begun is all that it can say, and if its end is
// never seen the log says so. A request that fails after all has its own
// outcome, and one with [Draft.SetOutcome] that.
//
// The two have the actor, the tenant, the targets and the code in common, and
// the attribute operation.id; a query for the request id finds both. Say who it
// is and what it is done to before: a ticket knows what is known by then, and
// nothing of the response. Several tickets of a request are of one operation.
//
// Where the request is no event the ticket is empty, and so is its completion.
// The middleware's functions, [WithActor] say, are asked once more.
//
// [WithActor]: https://pkg.go.dev/github.com/activitylog-go/activitylog/middleware#WithActor
func (d *Draft) Defer() Ticket {
	var set Fields
	open := false
	d.update(func(f *Fields) {
		if f.Operation == "" {
			f.Operation = NewID()
		}
		set, open = *f, true
		d.describing.Add(1)
		set.Targets = slices.Clone(f.Targets)
		set.Changes = slices.Clone(f.Changes)
		set.Attributes = slices.Clone(f.Attributes)
	})
	if open {
		defer d.describing.Done()
	}
	if !open || set.Suppressed != "" || set.Replay {
		return ""
	}
	e := Event{Actor: set.Actor, Tenant: set.Tenant, Targets: set.Targets}
	if d.describer != nil {
		var ok bool
		if e, ok = d.describer.Describe(set); !ok {
			return ""
		}
	}
	set.NoteDeferred(&e)
	return newTicket(set.Operation, e)
}

// NoteDeferred notes in the event of a request that its work was deferred, if
// it was. A middleware calls it when the event has the outcome of the response.
func (f *Fields) NoteDeferred(e *Event) {
	if f.Operation == "" {
		return
	}
	if e.Outcome == Success && f.Outcome == "" {
		e.Outcome = Unknown
	}
	e.JoinOperation(f.Operation)
}
