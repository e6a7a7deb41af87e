package mapping

import (
	"slices"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/body"
)

// maxItems bounds the events of one request.
const maxItems = 1000

// Bulk reports whether the rule makes one event for each element of a body:
// then [Rule.Split] is to be called in place of [Rule.Complete].
func (r *Rule) Bulk() bool { return r.spec != nil && r.spec.each != nil }

// element returns the pointer of any element of a bulk request's array, "" if
// it is no part of the request.
func (r *routeSpec) element() string {
	if r.each == nil || r.each.origin != fromRequest {
		return ""
	}
	return r.each.pointer.String() + "/*"
}

// Split returns the events of a bulk request, one for each element of the
// array that the rule names and for which a case holds; e is what they have in
// common, as for Complete. If the array could not be read, or if the request
// did not succeed and has none, there is one event for the whole request. Of
// an array of more than 1,000 elements the last event, which is marked as
// truncated, says how many are left out. If the request failed as a whole and
// no result tells more of an element, there is one event for all of which the
// code and the tenant are the same, and items.count says of how many. Changes that are taken from the
// request are those of the event's element. The rule must be [Rule.Bulk].
func (r *Rule) Split(e *activitylog.Event, x *Exchange) []activitylog.Event {
	v := view{exchange: x, skipped: r.skipped, each: r.spec.each, common: newCommon()}
	array := v.lookup(v.each)
	common := detached(e)
	if v.each.origin == fromResponse || len(e.Changes) > 0 {
		r.spec.changes.apply(&common, &v) // once: they are the same for all
		v.common.changes = true
	}
	var events []activitylog.Event
	for range array.Elements() {
		v.count++
	}
	count := 0
	for item := range array.Elements() {
		count++
		if count > maxItems {
			continue
		}
		one := detached(&common)
		v.item, v.index, v.result = item, count-1, body.Document{}
		if r.complete(&one, &v) {
			events = append(events, one)
		}
	}
	if failed(e) && !v.told {
		events = r.fold(events, &v, common.Summary)
	}
	whole := count == 0 && (!array.IsArray() || e.Outcome != activitylog.Success)
	if !whole && count <= maxItems {
		return events
	}
	rest := detached(&common)
	v.item, v.result = body.Document{}, body.Document{}
	if count > maxItems {
		rest.Truncated = true
		rest.Attributes.Set("items.left_out", count-maxItems)
	}
	if r.complete(&rest, &v) {
		events = append(events, rest)
	}
	return events
}

// detached returns a copy of e that shares nothing with it that is written to.
func detached(e *activitylog.Event) activitylog.Event {
	one := *e
	one.Targets = slices.Clone(e.Targets)
	one.Changes = slices.Clone(e.Changes)
	one.Attributes = slices.Clone(e.Attributes)
	return one
}
