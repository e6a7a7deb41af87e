package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// testContext calls everything with a context that is done: it changes nothing.
func testContext(t *testing.T, s store.Store) {
	g := newGenerator(41)
	first := g.event()
	first.Actor.ID = "usr_ann"
	mustAppend(t, s, added(1), first)
	c, q := custodian(t, s), quarantiner(t, s)
	must(t, c.Hold(t.Context(), store.Hold{Name: "matter", Filter: mustParse(t, "actor:nobody")}))
	must(t, q.Quarantine(t.Context(), []byte("raw"), "poison"))
	span := query.Query{Since: base, Until: base.Add(time.Hour)}

	ctx := cancelled(t)
	for name, call := range map[string]func() error{
		"Append": func() error { _, err := s.Append(ctx, g.events(3)); return err },
		"List":   func() error { _, err := s.List(ctx, store.Query{}); return err },
		"Count":  func() error { _, err := s.Count(ctx, query.Query{}, 10); return err },
		"Facet":  func() error { _, err := s.Facet(ctx, store.FacetQuery{Key: query.Actor}); return err },
		"Histogram": func() error {
			_, err := s.Histogram(ctx, store.HistogramQuery{Filter: span, Width: time.Minute})
			return err
		},
		"Get":         func() error { _, err := s.Get(ctx, first.ID); return err },
		"Quarantine":  func() error { return q.Quarantine(ctx, []byte("more"), "poison") },
		"Quarantined": func() error { _, err := q.Quarantined(ctx, "", 0); return err },
		"Discard":     func() error { return q.Discard(ctx, store.RecordID([]byte("raw")), store.Authority{}) },
		"Prune":       func() error { _, err := c.Prune(ctx, store.Prune{Before: farFuture}); return err },
		"Hold":        func() error { return c.Hold(ctx, store.Hold{Name: "other"}) },
		"Release":     func() error { return c.Release(ctx, "matter", store.Authority{}) },
		"Holds":       func() error { _, err := c.Holds(ctx); return err },
		"Erase":       func() error { _, _, err := c.Erase(ctx, store.Erasure{Person: "usr_ann"}); return err },
		"Deeds":       func() error { _, err := c.Deeds(ctx); return err },
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a cancelled context: %v", name, err)
		}
	}
	checkList(t, s, query.Query{}, 0, []activitylog.Event{first})
	if n := len(quarantined(t, s, 0)); n != 1 {
		t.Errorf("%d records in quarantine, want 1", n)
	}
	if names := holdNames(t, c); len(names) != 1 || names[0] != "matter" {
		t.Errorf("holds %q, want matter", names)
	}
	if got := deeds(t, c); len(got) != 1 {
		t.Errorf("%d deeds, want that of the hold: %+v", len(got), got)
	}
	mustAppend(t, s, added(1), g.event()) // it goes on working
}
