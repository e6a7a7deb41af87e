package clickhouse_test

import (
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/store"
)

// TestManyConflicts puts aside more events of one batch than a statement could
// name, and forgets them.
func TestManyConflicts(t *testing.T) {
	s := mustOpen(t, chtest.Database(t))
	defer s.Close()
	events := newCompany().Events(6000)
	if _, err := s.Append(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	for i := range events {
		events[i].Reason, events[i].Actor.ID = "forged", "mallory"
	}
	for range 2 {
		r, err := s.Append(t.Context(), events)
		if err != nil || r != (store.Result{Conflicts: len(events)}) {
			t.Fatalf("Append of forged events = %+v, %v", r, err)
		}
	}
	if n, _, err := s.Erase(t.Context(), store.Erasure{Person: "mallory"}); err != nil || n != len(events) {
		t.Errorf("Erase removed %d records, %v, want %d", n, err, len(events))
	}
	if left, err := s.Quarantined(t.Context(), "", 1); err != nil || len(left) != 0 {
		t.Errorf("%d records are left, %v", len(left), err)
	}
}

// TestManyRivals separates more events than a statement could name.
func TestManyRivals(t *testing.T) {
	s := mustOpen(t, chtest.Database(t))
	defer s.Close()
	first := newCompany().Events(4000)
	second := append([]activitylog.Event(nil), first...)
	for i := range second {
		second[i].Reason = "rival"
	}
	if err := s.Insert(t.Context(), "a", first...); err != nil {
		t.Fatal(err)
	}
	if err := s.Insert(t.Context(), "b", second...); err != nil {
		t.Fatal(err)
	}
	if lost, err := s.Settle(t.Context(), second...); err != nil || lost != len(second) {
		t.Errorf("%d gave way, %v, want %d", lost, err, len(second))
	}
	if n := rows(t, s); n != uint64(len(first)) {
		t.Errorf("%d rows are left, want %d", n, len(first))
	}
}

// TestSentAgain separates rivals whose processes died before they could, as
// soon as one of the senders sends again.
func TestSentAgain(t *testing.T) {
	for name, again := range map[string]int{"the first": 0, "the second": 1} {
		t.Run(name, func(t *testing.T) {
			s := mustOpen(t, chtest.Database(t))
			defer s.Close()
			first := newCompany().Event()
			second := first
			second.Tenant = "another"
			for _, e := range []activitylog.Event{first, second} {
				if err := s.Insert(t.Context(), e.Tenant, e); err != nil {
					t.Fatal(err)
				}
			}
			e := []activitylog.Event{first, second}[again]
			if r, err := s.Append(t.Context(), []activitylog.Event{e}); err != nil || r != (store.Result{Duplicates: 1 - again, Conflicts: again}) {
				t.Errorf("sent again: %+v, %v", r, err)
			}
			checkOnce(t, s, []activitylog.Event{first})
			aside, err := s.Quarantined(t.Context(), "", 0)
			if err != nil || len(aside) != 1 || !store.Same(aside[0].Event, second) {
				t.Errorf("put aside were %+v, %v", aside, err)
			}
		})
	}
}

// TestTokenWithoutPart sends a batch again that the server remembers and does
// not have: killed between the two, it wrote down the token and not the events.
func TestTokenWithoutPart(t *testing.T) {
	s := mustOpen(t, chtest.Database(t))
	defer s.Close()
	events := newCompany().Events(50)
	for range 2 {
		if r, err := s.Append(t.Context(), events); err != nil || r.Added != len(events) {
			t.Fatalf("Append = %+v, %v", r, err)
		}
		checkOnce(t, s, events)
		if err := s.Conn().Exec(t.Context(), "ALTER TABLE events DELETE WHERE 1 SETTINGS mutations_sync = 2"); err != nil {
			t.Fatal(err)
		}
	}
}
