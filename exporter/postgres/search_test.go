package postgres_test

import (
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/storetest"
)

// TestSearch compares what the index finds with what is there.
func TestSearch(t *testing.T) {
	defer postgres.SetStride(1)()
	s := mustOpen(t, newLog(t))
	defer s.Close()
	storetest.Compare(t, s, 7, 10_000, 60)
	waitForChunks(t, s, 2)
}

// TestIndexOfOthers indexes what processes have added that forgot it, or ended.
func TestIndexOfOthers(t *testing.T) {
	defer postgres.SetStride(1)()
	defer postgres.SetMaxRecent(100)()
	dsn, c := newLog(t), newCompany(time.Now())
	events := c.Events(10_000)
	for from := 0; from < len(events); from += 1000 {
		s := mustOpen(t, dsn)
		mustAppend(t, s, events[from:from+1000])
		s.Close()
	}
	s := mustOpen(t, dsn)
	defer s.Close()
	mustAppend(t, s, c.Events(1))
	waitForChunks(t, s, 2)
	for i := 0; i < len(events); i += 97 {
		e := &events[i]
		for _, text := range []string{
			"request:" + e.Source.RequestID, "target:" + e.Target().ID, "trace:" + e.TraceID,
			"session:" + e.Source.SessionID + " address:" + e.Source.ClientAddress + " changed:/role",
		} {
			page, err := s.List(t.Context(), store.Query{Filter: parse(t, text)})
			if err != nil || len(page.Events) != 1 || page.Events[0].ID != e.ID {
				t.Fatalf("%q finds %d events, %v", text, len(page.Events), err)
			}
		}
	}
}

// TestNotYetSettled holds a transaction open that has added events: they must
// not be passed over by the index.
func TestNotYetSettled(t *testing.T) {
	defer postgres.SetStride(1)()
	dsn, c := newLog(t), newCompany(time.Now())
	s := mustOpen(t, dsn)
	defer s.Close()
	late := c.Event()
	commit := postgres.AppendSlowly(t, s, late)
	mustAppend(t, s, c.Events(9000))
	time.Sleep(200 * time.Millisecond)
	if n, err := s.Chunks(t.Context()); err != nil || n != 0 {
		t.Errorf("%d chunks are indexed while one of their events may still come, %v", n, err)
	}
	commit()
	waitForChunks(t, s, 2)
	page, err := s.List(t.Context(), store.Query{Filter: parse(t, "request:"+late.Source.RequestID)})
	if err != nil || len(page.Events) != 1 {
		t.Errorf("the late event is found %d times, %v", len(page.Events), err)
	}
}

func TestDamagedBlock(t *testing.T) {
	defer postgres.SetStride(1)()
	dsn := newLog(t)
	s := mustOpen(t, dsn)
	defer s.Close()
	mustAppend(t, s, newCompany(time.Now()).Events(5000))
	waitForChunks(t, s, 1)
	if _, err := connect(t, dsn).Exec(t.Context(), `UPDATE activitylog.blocks SET data = '\x01020304ff'`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.List(t.Context(), store.Query{Filter: parse(t, "actor:usr_none")}); err == nil {
		t.Error("List over a damaged block succeeded")
	}
}

// TestForgottenNames appends more different names than a process remembers.
func TestForgottenNames(t *testing.T) {
	defer postgres.SetMaxNames(3)()
	s, c := mustOpen(t, newLog(t)), newCompany(time.Now())
	defer s.Close()
	for range 5 {
		mustAppend(t, s, c.Events(50))
	}
	if n := mustCount(t, s, "tenant:org_* event:org.*"); n != 250 {
		t.Errorf("%d events are found by patterns, want 250", n)
	}
}

// TestLostNames loses names as a fail-over does to a standby that was behind:
// the connections end and what was committed last is not there.
func TestLostNames(t *testing.T) {
	defer postgres.SetStride(1)()
	dsn, c := newLog(t), newCompany(time.Now())
	s := mustOpen(t, dsn)
	defer s.Close()
	mustAppend(t, s, c.Events(50))
	conn := connect(t, dsn)
	for _, sql := range []string{
		"DELETE FROM activitylog.names",
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	events := c.Events(5000)
	for i := 0; ; i++ {
		if _, err := s.Append(t.Context(), events); err == nil {
			break
		} else if i == 10 {
			t.Fatal(err)
		}
	}
	waitForChunks(t, s, 1)
	if n := mustCount(t, s, "service:pay* request:"+events[0].Source.RequestID); n != 1 {
		t.Errorf("an event is found %d times by a pattern, want once", n)
	}
}

// TestLeftToIndex closes a store before it could index what it has added. The
// next one does so, although nobody appends to it, and goes on after an error.
func TestLeftToIndex(t *testing.T) {
	dsn, c := newLog(t), newCompany(time.Now())
	slow, closed := mustOpen(t, dsn), mustOpen(t, dsn)
	defer slow.Close()
	commit := postgres.AppendSlowly(t, slow, c.Event())
	mustAppend(t, closed, c.Events(5000))
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	commit()
	conn := connect(t, dsn)
	rename := func(from, to string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), "ALTER TABLE activitylog."+from+" RENAME TO "+to); err != nil {
			t.Fatal(err)
		}
	}
	rename("blocks", "away")
	s := mustOpen(t, dsn)
	defer s.Close()
	time.Sleep(time.Second) // in which it tries
	rename("away", "blocks")
	waitForChunks(t, s, 1)
}
