package store

import (
	"context"
	"errors"
	"time"

	"github.com/activitylog-go/activitylog/query"
)

// A Custodian is a Store whose owner decides how long events stay and what
// they say of people. Whatever it does leaves a [Deed], in the same
// transaction where the database has one, else before it is done. What is
// asked for must pass its own Check; the error wraps [ErrQuery] if it does not.
type Custodian interface {
	// Prune removes the events that p names, except those on hold, and returns
	// their number, also beside an error. It removes them in steps, so that it
	// may be ended and begun again at any time, and does not keep others from
	// appending. Each step that removes something may leave a deed of its own;
	// their numbers add up. An event that is pruned and sent again is new.
	Prune(ctx context.Context, p Prune) (int, error)

	// Hold keeps the events that h selects, now and in future, from being
	// pruned and from being erased. A hold with the same name is replaced.
	Hold(ctx context.Context, h Hold) error

	// Release ends the hold with that name. The error is ErrNoHold if there is none.
	Release(ctx context.Context, name string, by Authority) error

	// Holds returns the holds that are in force, by name.
	Holds(ctx context.Context) ([]Hold, error)

	// Erase removes what says who a person is from the events that concern
	// them and were there when it began, except those on hold, and returns the
	// number of events that it changed and of those that are on hold. Conflicts
	// in quarantine that concern the person are removed, unless on hold, and
	// counted alike; what there is as raw bytes is left for its owner to
	// discard. It may leave several deeds, whose numbers add up, and leaves one
	// also if there is nothing to erase.
	//
	// An event that is sent again after it was erased is a duplicate and does
	// not bring back what was removed, see [Same].
	Erase(ctx context.Context, e Erasure) (erased, held int, err error)

	// Deeds returns what was done, oldest first.
	Deeds(ctx context.Context) ([]Deed, error)
}

// ErrNoHold is the error of releasing a hold that is not in force.
var ErrNoHold = errors.New("hold not found")

// An Authority is who wants something done to the log, and why.
type Authority struct {
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// A Prune names events whose time is over.
type Prune struct {
	Filter query.Query // without bounds of time; the zero Filter means all events

	// Before bounds when the store took the event, not when it happened, which
	// the clock of an application says. It is exclusive.
	Before time.Time

	Authority
}

// A Hold is a legal hold.
type Hold struct {
	Name   string
	Filter query.Query // kept as its text
	Since  time.Time   // set by the store
	Authority
}

// An Erasure asks that a person be forgotten, as article 17 of the GDPR has it.
type Erasure struct {
	// Person is the id of an actor or a target. An event concerns the person
	// if its actor, the one on whose behalf they act, or one of its targets
	// has this id. Such an event loses its personal part, see [Erased], and
	// keeps its ids, which are pseudonyms: what they stand for is the
	// application's to forget.
	Person string
	Authority
}
