package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/activitylog-go/activitylog/exporter/sqlite"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// TestTakenIDs appends many events at once, some of which are there already, are
// there twice or contradict what is there. The others are found by what they are.
func TestTakenIDs(t *testing.T) {
	s, c := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), newCompany()
	defer s.Close()
	defer sqlite.SetStride(1)()
	events := c.Events(5000)
	for i := range events {
		events[i].Source.SessionID = ""
		if i%1000 == 999 {
			events[i].Source.SessionID = "ses_rare"
		}
	}
	mustAppend(t, s, events[70:71])
	mustAppend(t, s, events[4100:4102])
	events[1500], events[4000] = events[3], events[3999] // one far away, one beside itself
	events[4101].Actor.ID = "usr_liar"
	got, err := s.Append(t.Context(), events)
	want := store.Result{Added: 5000 - 5, Duplicates: 4, Conflicts: 1}
	if err != nil || got != want {
		t.Fatalf("append: %+v, %v, want %+v", got, err, want)
	}
	for range 3 { // more duplicates than a chunk has places
		if got, err := s.Append(t.Context(), events[:2000]); err != nil || got.Duplicates != 2000 {
			t.Fatalf("append again: %+v, %v", got, err)
		}
	}
	mustAppend(t, s, c.Events(5000)) // closes the second chunk
	if n := count(t, s, "events"); n != 9998 {
		t.Errorf("%d rows, want 9998", n)
	}
	if n := count(t, s, "chunks"); n != 2 {
		t.Errorf("%d chunks, want 2", n)
	}
	found, err := s.Found(t.Context(), query.Session, "ses_rare")
	if err != nil || len(found) != 5 {
		t.Errorf("the blocks find %v, %v", found, err)
	}
	page, err := s.List(t.Context(), store.Query{Filter: parse(t, "session:ses_rare")})
	if err != nil || len(page.Events) != 5 || page.Events[4].ID != events[999].ID {
		t.Errorf("list: %d events, %v", len(page.Events), err)
	}
}
