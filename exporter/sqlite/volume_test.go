package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store/storetest"
)

// TestVolumes compares answers with query.Match where one volume is moved, the
// next one half, and some events are in no chunk.
func TestVolumes(t *testing.T) {
	defer sqlite.SetVolumeChunks(2)()
	defer sqlite.SetStride(1)()
	s := mustOpen(t, filepath.Join(t.TempDir(), "a.db"))
	defer s.Close()
	storetest.Compare(t, s, 7, 4*sqlite.ChunkSize+300, 10)
	if full, half := number(t, s, "SELECT parts FROM volumes WHERE volume = 0"), number(t, s, "SELECT parts FROM volumes WHERE volume = 1"); full != 256 || half != 128 {
		t.Errorf("%d and %d parts were moved, want 256 and 128", full, half)
	}
	if n := number(t, s, "SELECT count(*) FROM blocks WHERE block < 2 * 256 OR block % 256 < 128 AND block < 4 * 256"); n != 0 {
		t.Errorf("%d blocks were moved and are there still", n)
	}
}

// volumesOf returns a store with a volume that is moved and one that is half so.
func volumesOf(t *testing.T) (*sqlite.Store, []activitylog.Event) {
	t.Cleanup(sqlite.SetVolumeChunks(2))
	t.Cleanup(sqlite.SetStride(1))
	s := mustOpen(t, filepath.Join(t.TempDir(), "a.db"))
	t.Cleanup(func() { s.Close() })
	events := newCompany().Events(4 * sqlite.ChunkSize)
	for i := 100; i < len(events); i += 3000 {
		events[i].Actor.ID, events[i].Source.SessionID = "usr_ann", "ses_ann"
	}
	mustAppend(t, s, events)
	return s, events
}

// TestEraseVolumes checks that the hashes of what is erased leave volumes too.
func TestEraseVolumes(t *testing.T) {
	s, _ := volumesOf(t)
	if n := found(t, s, query.Session, "ses_ann"); n != 6 {
		t.Fatalf("the blocks know %d events of the session, want 6", n)
	}
	mustErase(t, s, "usr_ann", 6)
	for key, want := range map[query.Key]int{query.Session: 0, query.Actor: 6} {
		if n := found(t, s, key, map[query.Key]string{query.Session: "ses_ann", query.Actor: "usr_ann"}[key]); n != want {
			t.Errorf("the blocks know %d events by %s, want %d", n, key, want)
		}
	}
	if got := listIDs(t, s, `actor:usr_ann session:""`, 10); len(got) != 6 {
		t.Errorf("the erased events are found %d times by what they are now", len(got))
	}
}

// TestPruneVolumes checks that nothing of what is pruned stays in volumes, and
// that all else does.
func TestPruneVolumes(t *testing.T) {
	s, events := volumesOf(t)
	mustPrune(t, s, "actor:usr_ann", 6)
	if n := found(t, s, query.Session, "ses_ann"); n != 0 {
		t.Errorf("the blocks know %d pruned events", n)
	}
	for i := 0; i < len(events); i += 501 {
		if events[i].Actor.ID == "usr_ann" {
			continue
		}
		if n := found(t, s, query.Request, events[i].Source.RequestID); n != 1 {
			t.Fatalf("the blocks know request %d %d times", i, n)
		}
	}
	mustPrune(t, s, "", len(events)-6)
	for _, table := range []string{"volumes", "volume_blocks", "blocks", "chunks"} {
		if n := count(t, s, table); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
}

// TestSweepLater finishes what a process that died while it pruned has left.
func TestSweepLater(t *testing.T) {
	s, events := volumesOf(t)
	for _, statement := range []string{"DELETE FROM events WHERE actor = 'usr_ann' AND pos < 8192", "UPDATE volumes SET stale = 1 WHERE volume = 0"} {
		if _, err := s.Writer().Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	before := found(t, s, query.Session, "ses_ann")
	mustPrune(t, s, "actor:usr_nobody", 0)
	if n := found(t, s, query.Session, "ses_ann"); before != 6 || n != 3 {
		t.Errorf("the blocks know %d and then %d events of the session, want 6 and 3", before, n)
	}
	if n := number(t, s, "SELECT sum(stale) FROM volumes"); n != 0 {
		t.Errorf("volumes are stale %d times", n)
	}
	if n := count(t, s, "events"); n != len(events)-3 {
		t.Errorf("%d events are left", n)
	}
}
