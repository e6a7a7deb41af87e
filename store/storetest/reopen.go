package storetest

import (
	"reflect"
	"slices"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// testReopen checks that what was acknowledged is there after the store was
// closed and opened, again and again.
func testReopen(t *testing.T, s store.Store, reopen func(*testing.T, store.Store) store.Store) {
	g := newGenerator(7)
	var all []activitylog.Event
	for range 3 {
		events := g.events(10)
		mustAppend(t, s, added(10), events...)
		all = slices.Concat(all, events)
		s = reopen(t, s)
		checkList(t, s, query.Query{}, 7, all)
		mustAppend(t, s, store.Result{Duplicates: 10}, events...)
	}
	closeStore(t, s)
}

// testReopenCustody checks that holds, deeds, the quarantine and what was
// erased outlast the process.
func testReopenCustody(t *testing.T, s store.Store, reopen func(*testing.T, store.Store) store.Store) {
	g := newGenerator(8)
	events := g.numbered(10)
	mustAppend(t, s, added(10), events...)
	forged := events[9]
	forged.Reason = "forged"
	mustAppend(t, s, store.Result{Conflicts: 1}, forged)
	must(t, quarantiner(t, s).Quarantine(t.Context(), []byte("raw"), "poison"))
	must(t, custodian(t, s).Hold(t.Context(), store.Hold{
		Name: "matter 7", Filter: mustParse(t, `actor:usr_0,"usr 1" AND actor:usr_* event:org.member:*`), Authority: ann,
	}))
	mustErase(t, s, "usr_2", 1, 0)

	before := custodyState(t, s)
	s = reopen(t, s)
	if after := custodyState(t, s); !reflect.DeepEqual(after, before) {
		t.Errorf("after a restart there is\n%+v\nwant\n%+v", after, before)
	}
	mustAppend(t, s, store.Result{Duplicates: 1, Conflicts: 1}, events[2], forged)
	if n := mustPrune(t, s, store.Prune{Before: farFuture}); n != 9 {
		t.Errorf("%d events were pruned, want 9", n)
	}
	checkList(t, s, query.Query{}, 0, events[:1])
	closeStore(t, s)
}

// custodyState is what a store keeps beside its events.
func custodyState(t *testing.T, s store.Store) any {
	t.Helper()
	holds, err := custodian(t, s).Holds(t.Context())
	must(t, err)
	return []any{holds, deeds(t, custodian(t, s)), quarantined(t, s, 0)}
}
