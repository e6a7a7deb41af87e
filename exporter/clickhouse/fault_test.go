package clickhouse_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/clickhouse"
	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// checkOnce checks that a store has exactly these events, each once, whichever
// way one asks.
func checkOnce(t *testing.T, s *clickhouse.Store, want []activitylog.Event) {
	t.Helper()
	listed := map[string]bool{}
	for q := (store.Query{Limit: store.MaxLimit}); ; {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			if listed[e.ID] {
				t.Errorf("event %s is listed twice", e.ID)
			}
			listed[e.ID] = true
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	for _, e := range want {
		if !listed[e.ID] {
			t.Fatalf("event %s was acknowledged and is not there", e.ID)
		}
	}
	if len(listed) != len(want) {
		t.Errorf("%d events are listed, want %d", len(listed), len(want))
	}
	if n, err := s.Count(t.Context(), query.Query{}, len(want)*2+2); err != nil || n != len(want) {
		t.Errorf("%d events are counted, %v, want %d", n, err, len(want))
	}
	if n, err := histogram(t, s, want); err != nil || n != len(want) {
		t.Errorf("%d events are in the histogram, %v, want %d", n, err, len(want))
	}
}

func histogram(t *testing.T, s *clickhouse.Store, events []activitylog.Event) (n int, err error) {
	byTime := func(a, b activitylog.Event) int { return a.Time.Compare(b.Time) }
	q := query.Query{Since: slices.MinFunc(events, byTime).Time, Until: slices.MaxFunc(events, byTime).Time.Add(1)}
	bars, err := s.Histogram(t.Context(), store.HistogramQuery{Filter: q, Width: 1 + q.Until.Sub(q.Since)/10 + time.Millisecond})
	for _, b := range bars {
		n += b.Events
	}
	return n, err
}

// appendAll appends events in batches of any size until each was acknowledged,
// as those do who send them again.
func appendAll(t *testing.T, s *clickhouse.Store, r *rand.Rand, events []activitylog.Event) {
	for len(events) > 0 {
		n := min(len(events), 1+r.IntN(300)) // cut anew whenever it is tried again
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := s.Append(ctx, events[:n])
		cancel()
		switch {
		case err == nil:
			events = events[n:]
		case errors.Is(err, store.ErrEvent):
			t.Errorf("the server's failure is put down to an event: %v", err)
			return
		case t.Context().Err() != nil:
			return
		default:
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// TestKill kills the server while events are added by two processes, starts it
// again on what it left, and checks that what was acknowledged is there, once.
func TestKill(t *testing.T) {
	server := chtest.Start(t)
	dsn := chtest.NewDatabase(t, server.DSN(""))
	events := newCompany().Events(6000)
	var wg sync.WaitGroup
	var stores []*clickhouse.Store
	for i := range uint64(2) {
		s := mustOpen(t, dsn)
		defer s.Close()
		stores = append(stores, s)
		wg.Go(func() { // the second half of the one is the first half of the other
			r := rand.New(rand.NewPCG(i, 0))
			appendAll(t, s, r, events[i*1500:][:4500])
		})
	}
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	for kills := 0; ; kills++ {
		select {
		case <-done:
			if kills == 0 {
				t.Error("the server was never killed")
			}
			checkOnce(t, stores[0], events)
			return
		case <-time.After(time.Duration(200+rand.IntN(500)) * time.Millisecond):
			if kills < 3 {
				server.Kill()
				server.Restart(t)
			}
		}
	}
}

// TestHang stops the server in the middle: the one who waits learns it in time,
// and sends again what the server goes on with.
func TestHang(t *testing.T) {
	server := chtest.Start(t)
	s := mustOpen(t, chtest.NewDatabase(t, server.DSN("")))
	defer s.Close()
	var all []activitylog.Event
	c := newCompany()
	for range 5 {
		events := c.Events(500)
		all = append(all, events...)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		timer := time.AfterFunc(time.Duration(rand.IntN(40))*time.Millisecond, server.Pause)
		if _, err := s.Append(ctx, events); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Append to a server that hangs: %v", err)
		}
		cancel()
		timer.Stop()
		server.Resume()
		appendAll(t, s, rand.New(rand.NewPCG(1, 1)), events)
	}
	checkOnce(t, s, all)
}

// TestTwoWriters lets two processes add the same events at once, one of them
// cut into other batches.
func TestTwoWriters(t *testing.T) {
	dsn := chtest.Database(t)
	events := newCompany().Events(1500)
	var wg sync.WaitGroup
	var last *clickhouse.Store
	for i := range uint64(3) {
		s := mustOpen(t, dsn)
		defer s.Close()
		last = s
		wg.Go(func() { appendAll(t, s, rand.New(rand.NewPCG(i/2, 0)), events) })
	}
	wg.Wait()
	checkOnce(t, last, events)
}

// TestRivals lets two processes add different events with the same ids at
// once: one of the two stays, the other is put aside.
func TestRivals(t *testing.T) {
	dsn := chtest.Database(t)
	a, b := mustOpen(t, dsn), mustOpen(t, dsn)
	defer a.Close()
	defer b.Close()
	var events []activitylog.Event
	c := newCompany()
	for range 5 {
		one := c.Events(5)
		two := slices.Clone(one)
		for i := range two {
			two[i].Tenant, two[i].Reason = "another", "rival"
			two[i].Time = two[i].Time.Add(90 * time.Minute)
		}
		var wg sync.WaitGroup
		for s, batch := range map[*clickhouse.Store][]activitylog.Event{a: one, b: two} {
			wg.Go(func() {
				if _, err := s.Append(t.Context(), batch); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		events = append(events, one...)
	}
	checkOnce(t, a, stored(t, a, events))
	aside, err := a.Quarantined(t.Context(), "", store.MaxLimit)
	if err != nil || len(aside) != len(events) {
		t.Fatalf("%d events were put aside, %v, want %d", len(aside), err, len(events))
	}
	for _, q := range aside {
		kept, err := a.Get(t.Context(), q.Event.ID)
		if err != nil || store.Same(kept, q.Event) || q.Reason != store.ReasonConflict {
			t.Errorf("event %s is both kept and put aside: %v", q.Event.ID, err)
		}
	}
}

// stored returns what s has under the ids of events.
func stored(t *testing.T, s *clickhouse.Store, events []activitylog.Event) []activitylog.Event {
	t.Helper()
	var all []activitylog.Event
	for _, e := range events {
		got, err := s.Get(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, got)
	}
	return all
}

func rows(t *testing.T, s *clickhouse.Store) (n uint64) {
	t.Helper()
	if err := s.Conn().QueryRow(t.Context(), "SELECT count() FROM events").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestUnclear adds events again whose first insert was not seen.
func TestUnclear(t *testing.T) {
	s := mustOpen(t, chtest.Database(t))
	defer s.Close()
	events := newCompany().Events(100)
	for _, step := range []struct {
		token string
		from  int
		rows  uint64
	}{{"a", 0, 100}, {"a", 0, 100}, {"b", 30, 170}, {"c", 0, 270}} {
		if err := s.Insert(t.Context(), step.token, events[step.from:]...); err != nil {
			t.Fatal(err)
		}
		if n := rows(t, s); n != step.rows {
			t.Fatalf("%d rows after token %s, want %d", n, step.token, step.rows)
		}
		checkOnce(t, s, events)
		if lost, err := s.Settle(t.Context(), events...); lost != 0 || err != nil {
			t.Errorf("of the same events %d gave way, %v", lost, err)
		}
	}
	if err := s.Conn().Exec(t.Context(), "OPTIMIZE TABLE events FINAL"); err != nil {
		t.Fatal(err)
	}
	if n := rows(t, s); n != 100 {
		t.Errorf("%d rows are left by merging, want 100", n)
	}
	checkOnce(t, s, events)
}

// TestFirstStays checks that of rivals the one that the server took first
// stays, whoever settles it, also when the other one's process is gone.
func TestFirstStays(t *testing.T) {
	s := mustOpen(t, chtest.Database(t))
	defer s.Close()
	first := newCompany().Event()
	second := first
	second.Summary = "something else"
	for i, e := range []activitylog.Event{first, second} {
		if err := s.Insert(t.Context(), strconv.Itoa(i), e); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Conn().Exec(t.Context(), "OPTIMIZE TABLE events FINAL"); err != nil {
		t.Fatal(err)
	}
	if n := rows(t, s); n != 2 {
		t.Fatalf("merging left %d of two different events", n)
	}
	if got, err := s.Get(t.Context(), first.ID); err != nil || !store.Same(got, first) {
		t.Errorf("Get returned %+v, %v, want the first one", got, err)
	}
	if lost, err := s.Settle(t.Context(), first); lost != 0 || err != nil {
		t.Errorf("the first one gave way %d times, %v", lost, err)
	}
	checkOnce(t, s, []activitylog.Event{first})
	aside, err := s.Quarantined(t.Context(), "", 0)
	if err != nil || len(aside) != 1 || !store.Same(aside[0].Event, second) {
		t.Errorf("put aside were %+v, %v", aside, err)
	}
	if r, err := s.Append(t.Context(), []activitylog.Event{first, second}); err != nil || r != (store.Result{Duplicates: 1, Conflicts: 1}) {
		t.Errorf("sent again: %+v, %v", r, err)
	}
}
