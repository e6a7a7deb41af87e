package postgres_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/store"
)

// TestAllAtOnce appends to months that are pruned away meanwhile, whole or event
// by event, while people are erased, holds begin and end, and others read. What
// is on hold stays; nobody is in anybody's way for good.
func TestAllAtOnce(t *testing.T) {
	defer postgres.SetStride(1)()
	dsn := newLog(t)
	stores := []*postgres.Store{mustOpen(t, dsn), mustOpen(t, dsn)}
	for _, s := range stores {
		defer s.Close()
	}
	ann := store.Authority{By: "ann", Reason: "test"}
	if err := stores[0].Hold(t.Context(), store.Hold{Name: "kept", Filter: parse(t, "actor:usr_held"), Authority: ann}); err != nil {
		t.Fatal(err)
	}
	var held [2][]activitylog.Event
	var appending, others sync.WaitGroup
	done := make(chan struct{})
	for i, s := range stores {
		c := newCompany(time.Now().Add(time.Duration(i) * time.Hour))
		appending.Go(func() {
			for n := range 60 {
				batch := slices.Concat(eventsAt(c, month(-3-n%3), 20), eventsAt(c, month(-2), 20), eventsAt(c, month(-9-n%2), 10))
				batch[n%40].Actor.ID = "usr_held" // of the last ten, partitions are dropped
				held[i] = append(held[i], batch[n%40])
				if r, err := s.Append(t.Context(), batch); err != nil || r.Added != len(batch) {
					t.Errorf("Append = %+v, %v", r, err)
				}
			}
		})
	}
	again := func(what string, do func() error) {
		others.Go(func() {
			for {
				if err := do(); err != nil {
					t.Errorf("%s: %v", what, err)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	again("prune", func() error {
		_, err := stores[0].Prune(t.Context(), store.Prune{Before: time.Now().Add(time.Hour), Authority: ann})
		return err
	})
	again("prune by filter", func() error {
		_, err := stores[1].Prune(t.Context(), store.Prune{Filter: parse(t, "tenant:org_0"), Before: time.Now(), Authority: ann})
		return err
	})
	again("erase", func() error {
		_, _, err := stores[1].Erase(t.Context(), store.Erasure{Person: "usr_1", Authority: ann})
		return err
	})
	again("hold and release", func() error {
		err := stores[0].Hold(t.Context(), store.Hold{Name: "passing", Filter: parse(t, "outcome:denied"), Authority: ann})
		if err == nil {
			err = stores[1].Release(t.Context(), "passing", ann)
		}
		return err
	})
	again("list", func() error {
		_, err := stores[0].List(t.Context(), store.Query{Filter: parse(t, "actor:usr_held")})
		return err
	})
	appending.Wait()
	close(done)
	others.Wait()
	for _, events := range held {
		checkStored(t, stores[0], events)
	}
}
