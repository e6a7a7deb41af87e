package store

import (
	"strings"
	"time"
)

// The kinds of deeds.
const (
	DeedPruned    = "pruned"
	DeedHeld      = "held"
	DeedReleased  = "released"
	DeedErased    = "erased"
	DeedDiscarded = "discarded" // from quarantine
)

// A Deed says what was done to the log and on whose authority.
type Deed struct {
	Time   time.Time // in UTC
	Kind   string
	What   string // the filter and the time of a prune, the name and the filter of a hold, the person, the record
	Events int    // that it removed or changed
	Authority
}

// Deed returns what a step of p that removed so many events leaves.
func (p Prune) Deed(events int) Deed {
	what := p.Filter.String() + " stored before " + p.Before.UTC().Format(time.RFC3339Nano)
	return newDeed(DeedPruned, strings.TrimSpace(what), events, p.Authority)
}

// Deed returns what h leaves.
func (h Hold) Deed() Deed {
	return newDeed(DeedHeld, strings.TrimSpace(h.Name+": "+h.Filter.String()), 0, h.Authority)
}

// Released returns what releasing the hold with that name leaves.
func Released(name string, by Authority) Deed { return newDeed(DeedReleased, name, 0, by) }

// Deed returns what a step of e that changed so many events leaves.
func (e Erasure) Deed(events int) Deed { return newDeed(DeedErased, e.Person, events, e.Authority) }

// Discarded returns what discarding the record with that ID leaves.
func Discarded(id string, by Authority) Deed { return newDeed(DeedDiscarded, id, 1, by) }

func newDeed(kind, what string, events int, by Authority) Deed {
	return Deed{Time: time.Now().UTC().Round(0), Kind: kind, What: what, Events: events, Authority: by}
}
