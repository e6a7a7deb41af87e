package store

import (
	"fmt"
	"slices"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
)

// Check returns an error that wraps [ErrQuery] if p does not say what to remove.
func (p Prune) Check() error {
	if p.Before.IsZero() {
		return fmt.Errorf("%w: a prune needs a time before which events were stored", ErrQuery)
	}
	if !p.Filter.Since.IsZero() || !p.Filter.Until.IsZero() {
		return fmt.Errorf("%w: the filter of a prune has no bounds of time", ErrQuery)
	}
	return checkText(p.Filter)
}

// Check returns an error that wraps [ErrQuery] if h has no name or a filter
// that does not survive being written down.
func (h Hold) Check() error {
	if h.Name == "" {
		return fmt.Errorf("%w: a hold needs a name", ErrQuery)
	}
	return checkText(h.Filter)
}

// checkText checks that filter is what its text says, which the deeds and the
// holds keep of it.
func checkText(filter query.Query) error {
	text := filter.String()
	again, err := query.Parse(text, query.Options{})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrQuery, err)
	}
	if again.String() != text {
		return fmt.Errorf("%w: the filter %q has no text of its own", ErrQuery, text)
	}
	return nil
}

// Check returns an error that wraps [ErrQuery] if e names nobody: "" is the id
// of everything that has none.
func (e Erasure) Check() error {
	if e.Person == "" {
		return fmt.Errorf("%w: an erasure needs the id of a person", ErrQuery)
	}
	return nil
}

// Concerns reports whether event concerns the person.
func (e Erasure) Concerns(event *activitylog.Event) bool {
	return event.Actor.ID == e.Person || event.Actor.OnBehalfOf.ID == e.Person ||
		slices.ContainsFunc(event.Targets, func(t activitylog.Target) bool { return t.ID == e.Person })
}
