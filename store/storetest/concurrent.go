package storetest

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// testConcurrent lets several goroutines append, each batch twice over, while
// others read. Each event must be added by one of them only.
func testConcurrent(t *testing.T, s store.Store) {
	const appenders, batches, size = 4, 12, 15
	var events []activitylog.Event
	g := newGenerator(40)
	for range appenders / 2 * batches {
		events = append(events, g.events(size)...)
	}

	var writers, readers sync.WaitGroup
	var total struct{ added, duplicates atomic.Int64 }
	for i := range appenders {
		mine := events[i/2*batches*size:][:batches*size] // two have the same
		writers.Go(func() {
			for b := range batches {
				r, err := s.Append(t.Context(), mine[b*size:(b+1)*size])
				if err != nil {
					t.Errorf("Append: %v", err)
				}
				total.added.Add(int64(r.Added))
				total.duplicates.Add(int64(r.Duplicates))
			}
		})
	}
	done := make(chan struct{})
	for range 2 {
		readers.Go(func() {
			for {
				readAll(t, s)
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()

	if added, duplicates := total.added.Load(), total.duplicates.Load(); added != int64(len(events)) || duplicates != added {
		t.Errorf("%d added and %d duplicates, want %d of each", added, duplicates, len(events))
	}
	checkList(t, s, query.Query{}, 100, events)
}

// readAll follows the pages and checks that no event comes twice, and that
// what is listed can be got.
func readAll(t *testing.T, s store.Store) {
	seen := map[string]bool{}
	q := store.Query{Limit: 50}
	for {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Errorf("List: %v", err)
			return
		}
		for _, e := range page.Events {
			if seen[e.ID] {
				t.Errorf("event %s was listed twice", e.ID)
			}
			seen[e.ID] = true
		}
		if page.Next == "" {
			return
		}
		if _, err := s.Get(t.Context(), page.Events[0].ID); err != nil {
			t.Errorf("Get of a listed event: %v", err)
		}
		q.Cursor = page.Next
	}
}
