package postgres_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/store"
)

// partitions returns the number of events in each partition that has some, and
// in those of the coming months.
func partitions(t *testing.T, dsn string) map[string]int {
	t.Helper()
	all := map[string]int{}
	names := scanOne[[]string](t, dsn, "SELECT array_agg(relname::text) FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = 'activitylog.events'::regclass")
	for _, name := range names {
		all[name] = scanOne[int](t, dsn, "SELECT count(*) FROM activitylog."+name)
	}
	return all
}

func month(offset int) time.Time {
	now := time.Now().UTC()
	return time.Date(now.Year(), now.Month()+time.Month(offset), 1, 0, 0, 0, 0, time.UTC)
}

func partition(offset int) string { return "events_" + month(offset).Format("2006_01") }

// eventsAt returns events whose ids and times are of a moment.
func eventsAt(c *company.Company, at time.Time, n int) []activitylog.Event {
	events := c.Events(n)
	for i := range events {
		events[i].ID, events[i].Time = c.IDAt(at), at
	}
	return events
}

func TestPartitions(t *testing.T) {
	dsn := newLog(t)
	s, c := mustOpen(t, dsn), newCompany(time.Now())
	defer s.Close()
	for offset := range 3 {
		if _, made := partitions(t, dsn)[partition(offset)]; !made {
			t.Errorf("partition %s is not made ahead", partition(offset))
		}
	}
	batch := slices.Concat(
		eventsAt(c, time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), 1), // clocks that are wrong
		eventsAt(c, time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), 2),
		eventsAt(c, month(0), 3), // the first moment of a month and the last one
		eventsAt(c, month(0).Add(-time.Millisecond), 4),
		eventsAt(c, month(-30), 5),
	)
	mustAppend(t, s, batch)
	want := map[string]int{"events_default": 3, partition(0): 3, partition(-1): 4, partition(-30): 5}
	for name, n := range partitions(t, dsn) {
		if n != want[name] {
			t.Errorf("%d events in %s, want %d", n, name, want[name])
		}
	}
	checkStored(t, s, batch)
	if r, err := s.Append(t.Context(), batch); err != nil || r.Duplicates != len(batch) {
		t.Errorf("Append again = %+v, %v", r, err)
	}
}

// TestPartitionMoves makes a partition for events that the default one took,
// because somebody held a lock when they came.
func TestPartitionMoves(t *testing.T) {
	dsn := newLog(t)
	s, c := mustOpen(t, dsn), newCompany(time.Now())
	defer s.Close()
	events := eventsAt(c, month(-5).Add(time.Hour), 7)
	tx, err := connect(t, dsn).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "SELECT pg_advisory_xact_lock(hashtext('activitylog.partitions'))"); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, s, events) // after three seconds
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := partitions(t, dsn)["events_default"]; n != len(events) {
		t.Errorf("%d events in the default partition, want %d", n, len(events))
	}
	again := mustOpen(t, dsn)
	defer again.Close()
	more := eventsAt(c, month(-5).Add(2*time.Hour), 7)
	mustAppend(t, again, more)
	if got := partitions(t, dsn); got["events_default"] != 0 || got[partition(-5)] != 14 {
		t.Errorf("partitions are %v", got)
	}
	checkStored(t, s, slices.Concat(events, more))
	third := eventsAt(c, month(-5).Add(3*time.Hour), 7)
	mustAppend(t, s, third) // which still believes in the default partition
	checkStored(t, s, third)
}

// TestPartitionsDropped prunes: whole months go by dropping their partition,
// others event by event, and what is on hold stays.
func TestPartitionsDropped(t *testing.T) {
	defer postgres.SetStride(1)()
	dsn := newLog(t)
	s, c := mustOpen(t, dsn), newCompany(time.Now())
	defer s.Close()
	held := eventsAt(c, month(-3).Add(time.Hour), 10)
	held[4].Actor.ID = "usr_held"
	gone := slices.Concat(eventsAt(c, month(-4).Add(time.Hour), 9000), eventsAt(c, month(-2).Add(time.Hour), 10), eventsAt(c, month(0).Add(time.Minute), 10))
	mustAppend(t, s, slices.Concat(held, gone))
	waitForChunks(t, s, 2)
	time.Sleep(10 * time.Millisecond)
	before := time.Now()
	time.Sleep(10 * time.Millisecond)
	late := eventsAt(c, month(-2).Add(2*time.Hour), 10) // with an old id, but stored now
	mustAppend(t, s, late)
	if err := s.Hold(t.Context(), store.Hold{Name: "matter", Filter: parse(t, "actor:usr_held")}); err != nil {
		t.Fatal(err)
	}
	n, err := s.Prune(t.Context(), store.Prune{Before: before})
	if err != nil || n != len(gone)+9 {
		t.Errorf("Prune = %d, %v, want %d", n, err, len(gone)+9)
	}
	got := partitions(t, dsn)
	if _, is := got[partition(-4)]; is || got[partition(-3)] != 1 || got[partition(-2)] != 10 {
		t.Errorf("partitions are %v", got)
	}
	checkStored(t, s, append(late, held[4]))
	if n := mustCount(t, s, ""); n != 11 {
		t.Errorf("%d events are left, want 11", n)
	}
	if n := mustCount(t, s, "actor:usr_held"); n != 1 {
		t.Errorf("%d events on hold are found, want 1", n)
	}
	if n, err := s.Chunks(t.Context()); err != nil || n != 1 { // the newest one stays, to count on from
		t.Errorf("%d chunks are left, %v, want 1", n, err)
	}
	mustAppend(t, s, gone[:5]) // what is gone is new again, and so is its partition
	if n := partitions(t, dsn)[partition(-4)]; n != 5 {
		t.Errorf("%d events in the partition that was dropped, want 5", n)
	}
	deeds, err := s.Deeds(t.Context())
	total := 0
	for _, d := range deeds {
		total += d.Events
	}
	if err != nil || total != len(gone)+9 {
		t.Errorf("the deeds tell of %d events, %v: %+v", total, err, deeds)
	}
}

// TestDropPartitionName checks that nothing but a month is dropped.
func TestDropPartitionName(t *testing.T) {
	dsn := newLog(t)
	for _, name := range []string{"events_default", "events", "deeds", "events_2026_01; DROP TABLE x", `events_2026_01"`, ""} {
		_, err := connect(t, dsn).Exec(t.Context(), "SELECT activitylog.drop_partition('', '', '', $1, now())", name)
		if err == nil || !strings.Contains(err.Error(), "no partition of a month") {
			t.Errorf("drop_partition(%q): %v", name, err)
		}
	}
}

// TestPartitionDetached takes a partition out of the log, as somebody does who
// keeps it elsewhere: events that come for it are in the log, whether the
// exporter knew that partition or not.
func TestPartitionDetached(t *testing.T) {
	dsn := newLog(t)
	s, c := mustOpen(t, dsn), newCompany(time.Now())
	defer s.Close()
	kept := eventsAt(c, month(-5).Add(time.Hour), 7)
	mustAppend(t, s, kept)
	if _, err := connect(t, dsn).Exec(t.Context(), "ALTER TABLE activitylog.events DETACH PARTITION activitylog."+partition(-5)); err != nil {
		t.Fatal(err)
	}
	again := mustOpen(t, dsn)
	defer again.Close()
	for _, s := range []*postgres.Store{s, again} {
		more := eventsAt(c, month(-5).Add(2*time.Hour), 7)
		mustAppend(t, s, more)
		checkStored(t, s, more)
	}
	if n := scanOne[int](t, dsn, "SELECT count(*) FROM activitylog."+partition(-5)); n != len(kept) {
		t.Errorf("the detached partition has %d events, want %d", n, len(kept))
	}
}

// TestDropDeadlock drops a partition while somebody appends to it in a
// transaction that has appended to another one before.
func TestDropDeadlock(t *testing.T) {
	dsn := newLog(t)
	s, c := mustOpen(t, dsn), newCompany(time.Now())
	defer s.Close()
	mustAppend(t, s, eventsAt(c, month(-5).Add(time.Hour), 7))
	tx, err := connect(t, dsn).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lock := func(table, mode string) {
		t.Helper()
		if _, err := tx.Exec(t.Context(), "LOCK TABLE "+table+" IN "+mode+" MODE"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tx.Exec(t.Context(), "SET LOCAL deadlock_timeout = '30s'"); err != nil { // the other one is to notice
		t.Fatal(err)
	}
	lock("ONLY activitylog.events", "ACCESS SHARE") // which COPY takes of the table above a partition
	before := time.Now()
	var pruning sync.WaitGroup
	pruning.Go(func() {
		if n, err := s.Prune(t.Context(), store.Prune{Before: before}); err != nil || n != 7 {
			t.Errorf("Prune = %d, %v, want 7", n, err)
		}
	})
	for scanOne[int](t, dsn, "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'") == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	lock("activitylog."+partition(-5), "ROW EXCLUSIVE")
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	pruning.Wait()
}

// TestDropWaits drops a partition while an event on hold is on its way into it.
func TestDropWaits(t *testing.T) {
	dsn := newLog(t)
	s, c := mustOpen(t, dsn), newCompany(time.Now())
	defer s.Close()
	if err := s.Hold(t.Context(), store.Hold{Name: "matter", Filter: parse(t, "actor:usr_held")}); err != nil {
		t.Fatal(err)
	}
	gone, held := eventsAt(c, month(-5).Add(time.Hour), 7), eventsAt(c, month(-5).Add(2*time.Hour), 1)
	held[0].Actor.ID = "usr_held"
	mustAppend(t, s, gone)
	commit := postgres.AppendSlowly(t, s, held[0])
	var pruning sync.WaitGroup
	pruning.Go(func() {
		if n, err := s.Prune(t.Context(), store.Prune{Before: time.Now().Add(time.Hour)}); err != nil || n != len(gone) {
			t.Errorf("Prune = %d, %v, want %d", n, err, len(gone))
		}
	})
	for scanOne[int](t, dsn, "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ShareRowExclusiveLock'") == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	commit()
	pruning.Wait()
	checkStored(t, s, held)
}
