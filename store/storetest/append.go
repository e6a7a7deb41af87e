package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

func testAppendTwice(t *testing.T, s store.Store) {
	events := newGenerator(1).events(20)
	mustAppend(t, s, added(20), events...)
	for i := range events {
		events[i].Observed = base // observed again, the same event
	}
	mustAppend(t, s, store.Result{Duplicates: 20}, events...)
	for i := range events {
		events[i].Observed = time.Time{}
	}
	checkList(t, s, query.Query{}, 0, events)
}

func testAppendDuplicatesInBatch(t *testing.T, s store.Store) {
	g := newGenerator(2)
	a, b, c := g.event(), g.event(), g.event()
	mustAppend(t, s, added(1), a)
	mustAppend(t, s, store.Result{Added: 2, Duplicates: 3}, b, a, b, c, b)
	checkList(t, s, query.Query{}, 0, []activitylog.Event{a, b, c})
}

func testAppendConflict(t *testing.T, s store.Store) {
	g := newGenerator(3)
	first, mate := g.event(), g.event()
	forged := first
	forged.Actor.ID, forged.Salt = "somebody else", "salt"
	again := mate
	again.Reason = "the same batch contradicts itself"

	mustAppend(t, s, added(1), first)
	mustAppend(t, s, store.Result{Added: 1, Conflicts: 2}, forged, mate, again)
	mustAppend(t, s, store.Result{Conflicts: 1, Duplicates: 1}, forged, mate) // sent again
	checkList(t, s, query.Query{}, 0, []activitylog.Event{first, mate})

	got := quarantined(t, s, 0)
	if len(got) != 2 {
		t.Fatalf("%d events in quarantine, want 2: %+v", len(got), got)
	}
	for i, want := range []activitylog.Event{forged, again} {
		if got[i].Reason != store.ReasonConflict || got[i].Raw != nil || got[i].Time.IsZero() {
			t.Errorf("in quarantine: %+v, want reason %q", got[i], store.ReasonConflict)
		}
		if want = store.Kept(want); !reflect.DeepEqual(got[i].Event, want) {
			t.Errorf("in quarantine is\n%+v\nwant\n%+v", got[i].Event, want)
		}
	}
}

func testAppendAllOrNone(t *testing.T, s store.Store) {
	g := newGenerator(4)
	for _, spoil := range []func(*activitylog.Event){
		func(e *activitylog.Event) { e.ID = "not a UUID" },
		func(e *activitylog.Event) { e.Time = time.Time{} },
	} {
		events := g.events(5)
		spoil(&events[3])
		r, err := s.Append(t.Context(), events)
		if !errors.Is(err, store.ErrEvent) || r != (store.Result{}) {
			t.Errorf("Append with a bad event = %+v, %v, want ErrEvent", r, err)
		}
	}
	checkList(t, s, query.Query{}, 0, nil)
}

func testAppendNothing(t *testing.T, s store.Store) {
	mustAppend(t, s, store.Result{})
	checkList(t, s, query.Query{}, 0, nil)
}

// testAppendLarge appends more than any sensible number of bound parameters,
// and more than a page.
func testAppendLarge(t *testing.T, s store.Store) {
	events := newGenerator(5).events(3000)
	mustAppend(t, s, added(len(events)), events...)
	checkList(t, s, query.Query{}, store.MaxLimit, events)
}

func testGet(t *testing.T, s store.Store) {
	g := newGenerator(6)
	events := g.events(10)
	mustAppend(t, s, added(10), events...)
	for _, want := range events {
		got, err := s.Get(t.Context(), want.ID)
		if err != nil {
			t.Fatalf("Get(%q): %v", want.ID, err)
		}
		checkEvent(t, got, want)
	}
	for _, id := range []string{g.id(), "", "x", "%", events[0].ID + " ", events[0].ID[1:], "{" + events[0].ID + "}"} {
		if e, err := s.Get(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Get(%q) = %v, %v, want ErrNotFound", id, e.ID, err)
		}
	}
}
