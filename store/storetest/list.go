package storetest

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// testOrder checks that events with equal times come by descending ID,
// whatever the order in which they were added.
func testOrder(t *testing.T, s store.Store) {
	g := newGenerator(20)
	events := g.events(60)
	for i := range events {
		events[i].Time = base.Add(time.Duration(i % 3))
	}
	for i := range 6 {
		mustAppend(t, s, added(10), events[i*10:(i+1)*10]...)
	}
	for _, limit := range []int{1, 7, 60, 61} {
		checkList(t, s, query.Query{}, limit, events)
	}
}

func testLimits(t *testing.T, s store.Store) {
	mustAppend(t, s, added(store.MaxLimit+1), newGenerator(21).events(store.MaxLimit+1)...)
	for limit, want := range map[int]int{
		0: store.DefaultLimit, -1: store.DefaultLimit, 1: 1, 999: 999, store.MaxLimit: store.MaxLimit, math.MaxInt: store.MaxLimit,
	} {
		page, err := s.List(t.Context(), store.Query{Limit: limit})
		if err != nil || len(page.Events) != want || page.Next == "" {
			t.Errorf("List with limit %d: %d events, next %q, %v, want %d", limit, len(page.Events), page.Next, err, want)
		}
	}
}

// testPagesWhileAppending adds events between the pages, newer, older and
// among those that are read: each that was there at the first page is visited
// once, in order, and those that come later at most once.
func testPagesWhileAppending(t *testing.T, s store.Store) {
	g := newGenerator(22)
	events := g.numbered(100)
	mustAppend(t, s, added(100), events...)
	late := 0
	got := walk(t, s, query.Query{}, 9, func() {
		for _, e := range g.numbered(3) {
			e.Time = e.Time.Add(time.Duration(g.IntN(120)-10) * time.Second)
			e.Actor.ID = "late"
			mustAppend(t, s, added(1), e)
			late++
		}
	})
	if late == 0 {
		t.Fatal("there was one page only")
	}
	seen := map[string]bool{}
	var early []activitylog.Event
	for i, e := range got {
		if seen[e.ID] {
			t.Fatalf("event %s was visited twice", e.ID)
		}
		seen[e.ID] = true
		if i > 0 && e.Time.After(got[i-1].Time) {
			t.Fatalf("event %d is newer than the one before", i)
		}
		if e.Actor.ID != "late" {
			early = append(early, e)
		}
	}
	checkEvents(t, "the events that were there at first", early, inOrder(events))
}

// testPagesOfLast follows the pages of a filter like last:1m, whose beginning
// moves on with the clock.
func testPagesOfLast(t *testing.T, s store.Store) {
	events := newGenerator(23).numbered(60)
	mustAppend(t, s, added(60), events...)
	q := store.Query{Filter: query.Query{Since: base.Add(10 * time.Second)}, Limit: 20}
	first, err := s.List(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	q.Cursor, q.Filter.Since = first.Next, base.Add(25*time.Second)
	second, err := s.List(t.Context(), q)
	if err != nil {
		t.Fatalf("the page after, a moment later: %v", err)
	}
	checkEvents(t, "both pages", append(first.Events, second.Events...), inOrder(events[25:]))
}

func testCursors(t *testing.T, s store.Store) {
	events := newGenerator(24).numbered(10)
	mustAppend(t, s, added(10), events...)
	acme := mustParse(t, "-tenant:acme")
	page, err := s.List(t.Context(), store.Query{Filter: acme, Limit: 3})
	if err != nil || page.Next == "" {
		t.Fatalf("List: next %q, %v", page.Next, err)
	}

	again := store.Query{Filter: acme, Limit: 5, Cursor: page.Next} // another limit is no other filter
	if p, err := s.List(t.Context(), again); err != nil || len(p.Events) != 5 || p.Events[0].ID != events[6].ID {
		t.Errorf("the page after: %d events, %v", len(p.Events), err)
	}
	for name, q := range map[string]store.Query{
		"without the filter": {Cursor: page.Next},
		"another filter":     {Cursor: page.Next, Filter: mustParse(t, "-tenant:other")},
		"a narrower filter":  {Cursor: page.Next, Filter: query.And(acme, mustParse(t, "actor:usr_1"))},
		"garbage":            {Cursor: "garbage", Filter: acme},
		"cut":                {Cursor: page.Next[1:], Filter: acme},
		"an id":              {Cursor: events[0].ID, Filter: acme},
		"SQL":                {Cursor: "' OR 1=1 --", Filter: acme},
	} {
		if _, err := s.List(t.Context(), q); !errors.Is(err, store.ErrCursor) {
			t.Errorf("cursor with %s: %v, want ErrCursor", name, err)
		}
	}

	// A cursor is a place, not an event: nothing needs to be there.
	gone := store.EncodeCursor(store.Position{Time: events[4].Time.Add(time.Nanosecond)}, acme)
	p, err := s.List(t.Context(), store.Query{Filter: acme, Cursor: gone})
	if err != nil {
		t.Fatal(err)
	}
	checkEvents(t, "behind a place between two events", p.Events, inOrder(events[:5]))
}
