package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// ingested returns when an event was stored.
func ingested(t *testing.T, s store.Store, e activitylog.Event) time.Time {
	t.Helper()
	got, err := s.Get(t.Context(), e.ID)
	must(t, err)
	return got.Ingested
}

// testPruneByTime prunes by when events were stored, of which those that
// happened later came first.
func testPruneByTime(t *testing.T, s store.Store) {
	g := newGenerator(80)
	events := g.numbered(40)
	late, early := events[:20], events[20:]
	mustAppend(t, s, added(20), early...)
	time.Sleep(20 * time.Millisecond) // so that they are stored at different times by any clock
	mustAppend(t, s, added(20), late...)
	before := ingested(t, s, late[0])
	if first := ingested(t, s, early[0]); !first.Before(before) {
		t.Fatalf("events were stored at %v and later at %v", first, before)
	}
	if n := mustPrune(t, s, store.Prune{Before: ingested(t, s, early[0])}); n != 0 {
		t.Errorf("%d events were pruned that were not stored before", n)
	}
	if n := mustPrune(t, s, store.Prune{Before: before}); n != 20 {
		t.Errorf("%d events were pruned, want 20", n)
	}
	checkAll(t, s, g, late)
	for _, e := range early {
		if _, err := s.Get(t.Context(), e.ID); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("Get of a pruned event: %v, want ErrNotFound", err)
		}
	}
	mustAppend(t, s, store.Result{Added: 1, Duplicates: 1}, early[0], late[0]) // what is gone is new again
	checkAll(t, s, g, append(late, early[0]))
}

func testPruneByFilter(t *testing.T, s store.Store) {
	g := newGenerator(81)
	all := g.events(400)
	mustAppend(t, s, added(len(all)), all...)
	for _, text := range []string{
		"tenant:acme event:org.member:*", "tenant:acme", "event:payout:*,org:created -tenant:other", "target:usr_ann,aa",
		"actor:usr*", "-outcome:success status:4xx,5xx", "changed:/role", "address:2001:db8::1", "actor:nobody", `tenant:""`, "",
	} {
		filter := mustParse(t, text)
		gone := matching(filter, all)
		if n := mustPrune(t, s, store.Prune{Filter: filter, Before: farFuture}); n != len(gone) {
			t.Errorf("%d events of %q were pruned, want %d", n, text, len(gone))
		}
		all = without(all, gone)
		checkAll(t, s, g, all)
	}
}

// without returns the events of all that are not in gone.
func without(all, gone []activitylog.Event) []activitylog.Event {
	ids := map[string]bool{}
	for _, e := range gone {
		ids[e.ID] = true
	}
	var left []activitylog.Event
	for _, e := range all {
		if !ids[e.ID] {
			left = append(left, e)
		}
	}
	return left
}

// testPruneHeld checks that holds keep events, also those that come later, and
// each of several holds alone.
func testPruneHeld(t *testing.T, s store.Store) {
	g := newGenerator(82)
	all := g.events(200)
	mustAppend(t, s, added(len(all)), all...)
	mustHold(t, s, "one", "actor:usr_ann,usr_* tenant:acme")
	mustHold(t, s, "two", "changed:/role AND changed:/role*")
	mustHold(t, s, "none", "actor:nobody")
	more := g.events(100)
	mustAppend(t, s, added(len(more)), more...)
	all = append(all, more...)

	one, two := matching(mustParse(t, "actor:usr_ann,usr_* tenant:acme"), all), matching(mustParse(t, "changed:/role"), all)
	gone := without(without(all, one), two)
	if n := mustPrune(t, s, store.Prune{Before: farFuture}); n != len(gone) {
		t.Errorf("%d events were pruned, want %d", n, len(gone))
	}
	all = without(all, gone)
	checkAll(t, s, g, all)
	must(t, custodian(t, s).Release(t.Context(), "one", ann))
	if n := mustPrune(t, s, store.Prune{Before: farFuture}); n != len(all)-len(two) {
		t.Errorf("%d events were pruned after a hold was released, want %d", n, len(all)-len(two))
	}
	checkAll(t, s, g, two)
}

func testPruneErrors(t *testing.T, s store.Store) {
	mustAppend(t, s, added(1), newGenerator(83).event())
	for name, p := range map[string]store.Prune{
		"zero":           {},
		"no time":        {Filter: mustParse(t, "tenant:acme")},
		"bounds of time": {Filter: query.Query{Until: farFuture}, Before: farFuture},
		"no such key":    {Filter: one("no.such.key", true, query.Value{Text: "x"}), Before: farFuture},
	} {
		if n, err := custodian(t, s).Prune(t.Context(), p); n != 0 || !errors.Is(err, store.ErrQuery) {
			t.Errorf("Prune with %s = %d, %v, want ErrQuery", name, n, err)
		}
	}
	checkCount(t, s, query.Query{}, 10, 1)
	checkDeeds(t, s)
}

// testPruneLarge prunes in steps, is interrupted, goes on, and adds events
// where others were.
func testPruneLarge(t *testing.T, s store.Store) {
	g := newGenerator(84)
	all := g.events(5000)
	mustAppend(t, s, added(len(all)), all...)
	want := 0
	for _, text := range []string{"-tenant:acme", "actor:usr_*", ""} {
		p := store.Prune{Filter: mustParse(t, text), Before: farFuture, Authority: ann}
		gone := matching(p.Filter, all)
		want += len(gone)
		pruneInterrupted(t, s, p)
		all = without(all, gone)
		checkList(t, s, query.Query{}, store.MaxLimit, all)
		more := g.events(500)
		mustAppend(t, s, added(len(more)), more...)
		all = append(all, more...)
		checkAll(t, s, g, all)
	}
	total := 0
	for _, d := range deeds(t, custodian(t, s)) {
		total += d.Events
	}
	if total != want {
		t.Errorf("%d events were pruned according to the deeds, want %d", total, want)
	}
}

// pruneInterrupted prunes, ending early and beginning again.
func pruneInterrupted(t *testing.T, s store.Store, p store.Prune) {
	t.Helper()
	for wait := 500 * time.Microsecond; ; wait *= 2 {
		ctx, cancel := context.WithTimeout(t.Context(), wait)
		_, err := custodian(t, s).Prune(ctx, p)
		cancel()
		if err == nil {
			return
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("Prune that is interrupted: %v", err)
		}
	}
}

// testPruneWhileAppending prunes while others append and read.
func testPruneWhileAppending(t *testing.T, s store.Store) {
	g := newGenerator(85)
	events := g.numbered(3000)
	for i := range events {
		events[i].Actor.ID = []string{"keep", "drop"}[i%2]
	}
	var appending, reading sync.WaitGroup
	done := make(chan struct{})
	for i := range 2 {
		appending.Go(func() {
			for from := i * 50; from < len(events); from += 100 {
				if r, err := s.Append(t.Context(), events[from:from+50]); err != nil || r.Added != 50 {
					t.Errorf("Append while pruning = %+v, %v", r, err)
				}
			}
		})
	}
	pruned := 0
	drop := store.Prune{Filter: mustParse(t, "actor:drop"), Before: farFuture, Authority: ann}
	reading.Go(func() {
		for {
			n, err := s.(store.Custodian).Prune(t.Context(), drop)
			if pruned += n; err != nil {
				t.Errorf("Prune while appending: %v", err)
			}
			readAll(t, s)
			select {
			case <-done:
				return
			default:
			}
		}
	})
	appending.Wait()
	close(done)
	reading.Wait()
	pruned += mustPrune(t, s, drop)
	if pruned != len(events)/2 {
		t.Errorf("%d events were pruned, want %d", pruned, len(events)/2)
	}
	checkAll(t, s, g, matching(mustParse(t, "actor:keep"), events))
}
