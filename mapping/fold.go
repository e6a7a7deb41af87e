package mapping

import (
	"slices"

	activitylog "github.com/activitylog-go/activitylog"
)

// maxTargets bounds the targets of an event that stands for many elements.
const maxTargets = 100

func failed(e *activitylog.Event) bool {
	return e.Outcome == activitylog.Denied || e.Outcome == activitylog.Failure
}

// fold makes one event of those that say the same of elements of a request that
// failed as a whole: who is refused must not push a thousand events into the
// log with each try. What was tried is still found by any of its targets.
func (r *Rule) fold(events []activitylog.Event, v *view, summary string) []activitylog.Event {
	var folded []activitylog.Event
	var counts []int
	for i := range events {
		at := slices.IndexFunc(folded, func(e activitylog.Event) bool { return belongs(&events[i], &e) })
		if at < 0 {
			at = len(folded)
			folded, counts = append(folded, events[i]), append(counts, 0)
		} else {
			if v.common.changes {
				events[i].Changes = nil // the first has them
			}
			include(&folded[at], &events[i])
		}
		counts[at]++
	}
	for i := range folded {
		e := &folded[i]
		e.Attributes.Set("items.count", counts[i])
		if e.Summary = summary; summary == "" {
			e.Summary = r.catalogue.Sentence(e)
		}
	}
	return folded
}

// belongs reports whether two events differ in nothing but what was tried.
func belongs(a, b *activitylog.Event) bool {
	join, _ := a.Attributes.Get(activitylog.AttrOperation)
	joined, _ := b.Attributes.Get(activitylog.AttrOperation)
	return a.Code == b.Code && a.Tenant == b.Tenant && join.AsString() == joined.AsString()
}

// include adds targets and changes of an element to the event of others. If
// each has its own primary target, that of the event is none of them: its
// sentence must not read as if there were only the first.
func include(e, element *activitylog.Event) {
	if any := (activitylog.Target{Type: e.Target().Type}); element.Target() != e.Target() && e.Target() != any {
		e.Targets = slices.Insert(e.Targets, 0, any)
	}
	for _, t := range element.Targets {
		switch {
		case slices.Contains(e.Targets, t):
		case len(e.Targets) == maxTargets:
			e.Truncated = true
		default:
			e.Targets = append(e.Targets, t)
		}
	}
	room := min(max(maxFields-len(e.Changes), 0), len(element.Changes))
	e.Changes = append(e.Changes, element.Changes[:room]...)
	e.Truncated = e.Truncated || element.Truncated || room < len(element.Changes)
}
