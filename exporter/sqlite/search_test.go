package sqlite_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/storetest"
)

// TestSearch compares answers from the blocks with query.Match, over several
// chunks and the events that are in none.
func TestSearch(t *testing.T) {
	for stride, events := range map[int]int{1: 2*sqlite.ChunkSize + 300, 20: 400} { // at once, and after a walk
		undo := sqlite.SetStride(stride)
		s := mustOpen(t, filepath.Join(t.TempDir(), "a.db"))
		storetest.Compare(t, s, uint64(stride), events, 10)
		if n := count(t, s, "chunks"); n != events/sqlite.ChunkSize {
			t.Errorf("%d chunks for %d events", n, events)
		}
		undo()
		s.Close()
	}
}

// TestSearchOrder finds events whose order is not that of the chunks: they
// arrive long after they happened, or all have the same time.
func TestSearchOrder(t *testing.T) {
	defer sqlite.SetStride(1)()
	const size = sqlite.ChunkSize
	for name, arrange := range map[string]func([]activitylog.Event) []activitylog.Event{
		"late": func(events []activitylog.Event) []activitylog.Event {
			return slices.Concat(events[size:], events[:size])
		},
		"equal": func(events []activitylog.Event) []activitylog.Event {
			for i := range events {
				events[i].Time = events[0].Time
			}
			return events
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, c := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), newCompany()
			defer s.Close()
			events := c.Events(2*size + 10)
			var want []string
			for i := range events {
				events[i].Actor.ID = "usr_other"
				if i%500 == 0 {
					events[i].Actor.ID = "usr_ann"
					want = append(want, events[i].ID)
				}
			}
			mustAppend(t, s, arrange(slices.Clone(events)))
			slices.Reverse(want) // ids are in the order of time, too
			if got := listIDs(t, s, "actor:usr_ann", 3); !slices.Equal(got, want) {
				t.Errorf("found %q, want %q", got, want)
			}
		})
	}
}

func listIDs(t *testing.T, s *sqlite.Store, text string, limit int) []string {
	t.Helper()
	var ids []string
	q := store.Query{Filter: parse(t, text), Limit: limit}
	for {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			ids = append(ids, e.ID)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return ids
		}
	}
}

// TestChunkOfTwoProcesses closes a chunk whose events were added by turns
// through two stores, and one after the file was opened again.
func TestChunkOfTwoProcesses(t *testing.T) {
	defer sqlite.SetStride(1)()
	file := filepath.Join(t.TempDir(), "a.db")
	a, b := mustOpen(t, file), mustOpen(t, file)
	c := newCompany()
	var all []activitylog.Event
	add := func(s *sqlite.Store, n int) {
		events := c.Events(n)
		mustAppend(t, s, events)
		all = append(all, events...)
	}
	add(a, 1000)
	add(b, 1000)
	add(a, 1000)
	add(b, 1000)
	a.Close()
	a = mustOpen(t, file)
	defer a.Close()
	defer b.Close()
	add(a, 500)
	if n := count(t, a, "chunks"); n != 1 {
		t.Fatalf("%d chunks, want 1", n)
	}
	for i := 0; i < len(all); i += 97 {
		text := "request:" + all[i].Source.RequestID + " tenant:" + all[i].Tenant
		page, err := b.List(t.Context(), store.Query{Filter: parse(t, text)})
		if err != nil || len(page.Events) != 1 || page.Events[0].ID != all[i].ID {
			t.Fatalf("%s: %d events, %v", text, len(page.Events), err)
		}
	}
}

// TestRolledBackChunk checks that events of a transaction that failed leave
// nothing in the index, and that those of another process, which take their
// places, are found.
func TestRolledBackChunk(t *testing.T) {
	defer sqlite.SetStride(1)()
	file := filepath.Join(t.TempDir(), "a.db")
	s, other, c := mustOpen(t, file), mustOpen(t, file), newCompany()
	defer s.Close()
	defer other.Close()
	mustAppend(t, s, c.Events(3000))
	lost, others := c.Events(500), c.Events(500)
	if err := s.AppendInVain(t.Context(), lost); err == nil || !strings.Contains(err.Error(), "in vain") {
		t.Fatalf("AppendInVain: %v", err)
	}
	mustAppend(t, other, others)
	mustAppend(t, s, c.Events(1000))
	if n := count(t, s, "chunks"); n != 1 {
		t.Fatalf("%d chunks, want 1", n)
	}
	for i := 0; i < 500; i += 10 {
		if ids := listIDs(t, s, "request:"+lost[i].Source.RequestID, 1); len(ids) != 0 {
			t.Fatalf("found %q, which was not committed", ids)
		}
		if ids := listIDs(t, s, "request:"+others[i].Source.RequestID, 1); len(ids) != 1 {
			t.Fatalf("found %q, want event %s of another process", ids, others[i].ID)
		}
	}
}

// TestPlans checks that no statement reads the whole table: each finds
// its rows over an index or by their pos.
func TestPlans(t *testing.T) {
	s, c := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), newCompany()
	defer s.Close()
	mustAppend(t, s, c.Events(100))
	for _, k := range query.Keys() {
		text := k.Example
		if k.Kind == query.KindTime {
			text += " actor:usr_ann"
		}
		if k.Kind == query.KindText {
			text = k.Name + ":exact"
		}
		filter := query.And(parse(t, text), parse(t, "after:2026-01-01 before:2027-01-01"))
		statements, err := s.Statements(t.Context(), filter)
		if err != nil || len(statements) < 6 {
			t.Fatalf("%s: %d statements, %v: the blocks do not know this key", text, len(statements), err)
		}
		for statement, args := range statements {
			checkPlan(t, s, text, statement, args)
		}
	}
}

func checkPlan(t *testing.T, s *sqlite.Store, text, statement string, args []any) {
	t.Helper()
	rows, err := s.Writer().Query("EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", text, err, statement)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		isSort := strings.Contains(step, "TEMP B-TREE") && !strings.Contains(statement, "json_each(?)") // of what blocks found
		if strings.HasPrefix(step, "SCAN events") || strings.HasPrefix(step, "SCAN names") || strings.HasPrefix(step, "SCAN blocks") || isSort {
			t.Errorf("%s: %s\n%s", text, step, statement)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func parse(t *testing.T, text string) query.Query {
	t.Helper()
	q, err := query.Parse(text, query.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func mustAppend(t *testing.T, s *sqlite.Store, events []activitylog.Event) {
	t.Helper()
	r, err := s.Append(t.Context(), events)
	if err != nil || r.Added != len(events) {
		t.Fatalf("Append of %d events = %+v, %v", len(events), r, err)
	}
}

func count(t *testing.T, s *sqlite.Store, table string) int {
	t.Helper()
	var n int
	if err := s.Writer().QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
