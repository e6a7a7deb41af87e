package storetest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

func quarantiner(t *testing.T, s store.Store) store.Quarantiner {
	t.Helper()
	q, ok := s.(store.Quarantiner)
	if !ok {
		t.Fatalf("%T is no store.Quarantiner", s)
	}
	return q
}

// quarantined returns what is in quarantine by following the pages to the end.
func quarantined(t *testing.T, s store.Store, limit int) []store.Quarantined {
	t.Helper()
	var all []store.Quarantined
	after := ""
	for {
		page, err := quarantiner(t, s).Quarantined(t.Context(), after, limit)
		if err != nil {
			t.Fatalf("Quarantined after %q: %v", after, err)
		}
		if size := (store.Query{Limit: limit}).PageSize(); len(page) > size {
			t.Fatalf("Quarantined: %d records on a page of %d", len(page), size)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		after = page[len(page)-1].ID
	}
}

var hexID = regexp.MustCompile(`^[0-9a-f]{64}$`)

func testQuarantine(t *testing.T, s store.Store) {
	in := quarantiner(t, s)
	for _, raw := range []string{"\x0a\x00\xff", "other", "\x0a\x00\xff"} {
		must(t, in.Quarantine(t.Context(), []byte(raw), "poison: "+raw[1:2]))
	}
	got := quarantined(t, s, 0)
	if len(got) != 2 {
		t.Fatalf("%d records in quarantine, want 2: %+v", len(got), got)
	}
	if string(got[0].Raw) != "\x0a\x00\xff" || string(got[1].Raw) != "other" || got[1].Reason != "poison: t" {
		t.Errorf("in quarantine: %+v", got)
	}
	for _, q := range got {
		if !hexID.MatchString(q.ID) || q.Time.IsZero() || q.Time.Location() != time.UTC || q.Event.ID != "" {
			t.Errorf("in quarantine: %+v, want an id, a time in UTC and no event", q)
		}
	}
	checkList(t, s, query.Query{}, 0, nil)
}

// testQuarantinePages reads records of both kinds page by page, while more come.
func testQuarantinePages(t *testing.T, s store.Store) {
	g := newGenerator(9)
	var want []string
	for i := range 12 {
		if i%3 == 0 {
			e := g.event()
			forged := e
			forged.Reason = "forged"
			mustAppend(t, s, store.Result{Added: 1, Conflicts: 1}, e, forged)
			id, err := store.ConflictID(forged)
			must(t, err)
			want = append(want, id)
			continue
		}
		raw := []byte(fmt.Sprint("record ", 99-i))
		must(t, quarantiner(t, s).Quarantine(t.Context(), raw, "poison"))
		want = append(want, store.RecordID(raw))
	}
	for _, limit := range []int{0, 1, 5, 12, store.MaxLimit + 1} {
		var ids []string
		for _, q := range quarantined(t, s, limit) {
			ids = append(ids, q.ID)
		}
		if !slices.Equal(ids, want) {
			t.Errorf("by pages of %d: %q, want %q", limit, ids, want)
		}
	}
	for _, after := range []string{"x", store.RecordID([]byte("never sent")), want[0] + " "} {
		if got, err := quarantiner(t, s).Quarantined(t.Context(), after, 0); !errors.Is(err, store.ErrNotQuarantined) {
			t.Errorf("Quarantined after %q = %d records, %v, want ErrNotQuarantined", after, len(got), err)
		}
	}
}

func testDiscard(t *testing.T, s store.Store) {
	q := quarantiner(t, s)
	for _, raw := range []string{"a", "b", "c"} {
		must(t, q.Quarantine(t.Context(), []byte(raw), "poison"))
	}
	b := store.RecordID([]byte("b"))
	must(t, q.Discard(t.Context(), b, ann))
	for _, id := range []string{b, "", "x", b[1:], "'"} {
		if err := q.Discard(t.Context(), id, ann); !errors.Is(err, store.ErrNotQuarantined) {
			t.Errorf("Discard(%q): %v, want ErrNotQuarantined", id, err)
		}
	}
	if got := quarantined(t, s, 0); len(got) != 2 || string(got[0].Raw) != "a" || string(got[1].Raw) != "c" {
		t.Errorf("left in quarantine: %+v, want a and c", got)
	}
	checkDeeds(t, s, store.Deed{Kind: store.DeedDiscarded, What: b, Events: 1, Authority: ann})
	must(t, q.Quarantine(t.Context(), []byte("b"), "poison")) // it may come again
	if n := len(quarantined(t, s, 0)); n != 3 {
		t.Errorf("%d records in quarantine, want 3", n)
	}
}
