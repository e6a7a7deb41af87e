package storetest

import (
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// testDeferred ends the work that a request has deferred, several times: as a
// queue does that delivers it again, and once after an attempt that failed.
func testDeferred(t *testing.T, s store.Store) {
	g := newGenerator(5)
	own := g.event()
	own.Code, own.Outcome, own.Source.RequestID = "payout:processed_manually", activitylog.Success, "req_1"
	_, draft := activitylog.Begin(t.Context())
	draft.DescribedBy(describer{own})
	ticket := draft.Defer()
	set, _ := draft.Close()
	set.NoteDeferred(&own)
	ended := func(o activitylog.Outcome, at time.Time) activitylog.Event {
		e, err := ticket.Event(activitylog.Event{Outcome: o, Time: at})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	failed := ended(activitylog.Failure, base.Add(time.Minute))
	succeeded := ended(activitylog.Success, base.Add(time.Hour))
	mustAppend(t, s, added(3), g.event(), own, failed)
	mustAppend(t, s, store.Result{Added: 1, Duplicates: 1}, failed, succeeded)
	mustAppend(t, s, store.Result{Duplicates: 1, Conflicts: 1}, succeeded, ended(activitylog.Success, base.Add(2*time.Hour)))
	checkList(t, s, mustParse(t, "request:req_1"), 0, []activitylog.Event{own, failed, succeeded})
	checkList(t, s, mustParse(t, "request:req_1 outcome:unknown"), 0, []activitylog.Event{own})
}

// A describer knows the event of a request.
type describer struct{ event activitylog.Event }

func (d describer) Describe(activitylog.Fields) (activitylog.Event, bool) { return d.event, true }
