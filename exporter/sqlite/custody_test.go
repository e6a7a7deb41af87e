package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

func mustPrune(t *testing.T, s *sqlite.Store, text string, want int) {
	t.Helper()
	n, err := s.Prune(t.Context(), store.Prune{Filter: parse(t, text), Before: time.Now().Add(time.Hour)})
	if err != nil || n != want {
		t.Fatalf("Prune of %q = %d, %v, want %d", text, n, err, want)
	}
}

func mustErase(t *testing.T, s *sqlite.Store, person string, want int) {
	t.Helper()
	n, _, err := s.Erase(t.Context(), store.Erasure{Person: person})
	if err != nil || n != want {
		t.Fatalf("Erase of %q = %d, %v, want %d", person, n, err, want)
	}
}

func number(t *testing.T, s *sqlite.Store, query string) (n int) {
	t.Helper()
	if err := s.Writer().QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// found returns how many events the blocks know under a text.
func found(t *testing.T, s *sqlite.Store, key query.Key, text string) int {
	t.Helper()
	pos, err := s.Found(t.Context(), key, text)
	if err != nil {
		t.Fatal(err)
	}
	return len(pos)
}

// TestPruneChunks checks that what is pruned leaves the index and the file,
// and that its places stay empty.
func TestPruneChunks(t *testing.T) {
	const n = sqlite.ChunkSize + 100
	s, c := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), newCompany()
	defer s.Close()
	fill := func() {
		events := c.Events(n)
		for i := range events {
			events[i].Tenant = []string{"keep", "drop"}[i%2]
		}
		events[0].Source.SessionID = "ses_keep"
		events[1].Source.SessionID = "ses_drop"
		mustAppend(t, s, events)
	}
	fill()
	blocks := number(t, s, "SELECT sum(length(data)) FROM blocks")
	mustPrune(t, s, "tenant:drop", n/2)
	if left := number(t, s, "SELECT sum(length(data)) FROM blocks"); left > blocks*2/3 {
		t.Errorf("the blocks have %d bytes after half of the events were pruned, had %d", left, blocks)
	}
	if keep, drop := found(t, s, query.Session, "ses_keep"), found(t, s, query.Session, "ses_drop"); keep != 1 || drop != 0 {
		t.Errorf("the blocks know %d events that were kept and %d that were pruned, want 1 and 0", keep, drop)
	}
	mustPrune(t, s, "", n/2)
	if chunks, blocks := count(t, s, "chunks"), count(t, s, "blocks"); chunks != 0 || blocks != 0 {
		t.Errorf("%d chunks and %d blocks of no event", chunks, blocks)
	}

	pages := number(t, s, "SELECT page_count FROM pragma_page_count")
	for range 2 {
		fill()
		if first := number(t, s, "SELECT min(pos) FROM events"); first <= n {
			t.Errorf("place %d was used again", first)
		}
		mustPrune(t, s, "", n)
	}
	if now := number(t, s, "SELECT page_count FROM pragma_page_count"); now > pages*5/4 {
		t.Errorf("the file has %d pages, had %d when it was as full before", now, pages)
	}
}

// TestPruneTight checks that what holds keep does not make later prunes and
// lists look at chunks in vain.
func TestPruneTight(t *testing.T) {
	s, c := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), newCompany()
	defer s.Close()
	events := c.Events(sqlite.ChunkSize)
	events[100].Actor.ID = "usr_held"
	mustAppend(t, s, events)
	if err := s.Hold(t.Context(), store.Hold{Name: "matter", Filter: parse(t, "actor:usr_held")}); err != nil {
		t.Fatal(err)
	}
	mustPrune(t, s, "", sqlite.ChunkSize-1)
	at := events[100].Time.UnixNano()
	if oldest, newest := number(t, s, "SELECT oldest FROM chunks"), number(t, s, "SELECT newest FROM chunks"); int64(oldest) != at || int64(newest) != at {
		t.Errorf("the chunk reaches from %d to %d, its one event is at %d", oldest, newest, at)
	}
	mustPrune(t, s, "", 0)
	if got := listIDs(t, s, "actor:usr_held", 10); len(got) != 1 || got[0] != events[100].ID {
		t.Errorf("found %q", got)
	}
}

// TestEraseBlocks checks that the hashes of what is erased leave the index:
// there are few enough addresses to try them all.
func TestEraseBlocks(t *testing.T) {
	defer sqlite.SetStride(1)()
	s, c := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), newCompany()
	defer s.Close()
	events := c.Events(sqlite.ChunkSize)
	e := &events[1000]
	e.Actor.ID, e.Source.ClientAddress, e.Source.SessionID = "usr_ann", "203.0.113.77", "ses_ann"
	e.Source.RequestID = "ses_ann" // which stays
	mustAppend(t, s, events)
	if n := found(t, s, query.Address, "203.0.113.77"); n != 1 {
		t.Fatalf("the blocks know %d events from the address, want 1", n)
	}
	mustErase(t, s, "usr_ann", 1)
	for key, want := range map[query.Key]int{query.Address: 0, query.Session: 0, query.Request: 1, query.Actor: 1} {
		text := key.Texts(e)[0]
		if n := found(t, s, key, text); n != want {
			t.Errorf("the blocks know %d events with %s %s, want %d", n, key, text, want)
		}
	}
	if got := listIDs(t, s, `actor:usr_ann address:"" session:""`, 10); len(got) != 1 {
		t.Errorf("the erased event is found %d times by what it is now", len(got))
	}
}

// TestEraseOpenChunk erases an event, in another process, whose terms this one
// still remembers for the index.
func TestEraseOpenChunk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	s, other, c := mustOpen(t, file), mustOpen(t, file), newCompany()
	defer s.Close()
	defer other.Close()
	events := c.Events(sqlite.ChunkSize)
	for i := range 10 {
		events[i].Actor.ID, events[i].Source.SessionID = "usr_ann", "ses_ann"
	}
	mustAppend(t, s, events[:2000])
	mustErase(t, other, "usr_ann", 10)
	mustAppend(t, s, events[2000:])
	if n := found(t, s, query.Session, "ses_ann"); n != 0 {
		t.Errorf("the blocks know %d events of an erased session", n)
	}
	if n := found(t, s, query.Actor, "usr_ann"); n != 10 {
		t.Errorf("the blocks know %d events of the actor, want 10", n)
	}
}

// TestGoneFromFile looks for what was erased and pruned in the bytes on disk.
func TestGoneFromFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	s, c := mustOpen(t, file), newCompany()
	defer s.Close()
	events := c.Events(300)
	const mark = "unmistakable"
	for i := range events {
		e := &events[i]
		e.Actor.ID = "usr_ann"
		e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name = mark, mark, mark
		e.Summary, e.Reason, e.HTTP.Path, e.Source.SessionID, e.Source.ClientAddress = mark, mark, mark, mark, mark
		e.Targets[0].Name, e.Changes[0] = mark, activitylog.NewChange("/role", mark, mark)
		e.Attributes.Set("name", mark)
	}
	mustAppend(t, s, events)
	forged := events[0]
	forged.Code = "org:forged"
	if _, err := s.Append(t.Context(), []activitylog.Event{forged}); err != nil {
		t.Fatal(err)
	}
	if !onDisk(t, file, mark) {
		t.Fatal("the mark is not on disk: this test cannot fail")
	}
	mustErase(t, s, "usr_ann", 301)
	if onDisk(t, file, mark) {
		t.Error("what was erased is on disk")
	}
	if !onDisk(t, file, "usr_ann") {
		t.Fatal("the pseudonym is not on disk: this test cannot fail")
	}
	mustPrune(t, s, "", 300)
	if onDisk(t, file, events[0].Source.RequestID) {
		t.Error("what was pruned is on disk")
	}
}

func onDisk(t *testing.T, file, text string) bool {
	t.Helper()
	for _, name := range []string{file, file + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			return true
		}
	}
	return false
}
