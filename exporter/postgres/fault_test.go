package postgres_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
	"github.com/activitylog-go/activitylog/exporter/internal/pgtest"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/store"
)

// A load appends to stores until it is stopped, each batch again until it is
// acknowledged, as an exporter does.
type load struct {
	t            *testing.T
	stopped      chan struct{}
	running      sync.WaitGroup
	mu           sync.Mutex
	acknowledged []activitylog.Event
	refused      int
}

func startLoad(t *testing.T, stores ...*postgres.Store) *load {
	l := &load{t: t, stopped: make(chan struct{})}
	for i, s := range stores {
		l.running.Go(func() { l.run(s, newCompany(time.Now().Add(time.Duration(i)*time.Hour))) })
	}
	return l
}

func (l *load) run(s *postgres.Store, c *company.Company) {
	for {
		batch := c.Events(1 + c.IntN(100))
		for acknowledged := false; !acknowledged; {
			select {
			case <-l.stopped:
				return
			default:
			}
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			_, err := s.Append(ctx, batch)
			cancel()
			if errors.Is(err, store.ErrEvent) {
				l.t.Errorf("a fault of the server is blamed on an event: %v", err)
			}
			acknowledged = err == nil
			l.note(batch, acknowledged)
			time.Sleep(10 * time.Millisecond) // the faults are what is tested
		}
	}
}

func (l *load) note(batch []activitylog.Event, acknowledged bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if acknowledged {
		l.acknowledged = append(l.acknowledged, batch...)
		return
	}
	l.refused++
}

// more waits until so many more events are acknowledged.
func (l *load) more(n int) {
	l.t.Helper()
	count := func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.acknowledged)
	}
	for from, i := count(), 0; count() < from+n; i++ {
		if i == 4000 {
			l.t.Fatal("no more events are acknowledged")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// stop ends the load and checks that all that was acknowledged is stored, and
// nothing twice.
func (l *load) stop(s *postgres.Store) {
	l.t.Helper()
	close(l.stopped)
	l.running.Wait()
	checkStored(l.t, s, l.acknowledged)
	for i := 0; i < len(l.acknowledged); i += 1 + len(l.acknowledged)/50 {
		if n := mustCount(l.t, s, "request:"+l.acknowledged[i].Source.RequestID); n != 1 {
			l.t.Fatalf("event %s is found %d times", l.acknowledged[i].ID, n)
		}
	}
	if q, err := s.Quarantined(l.t.Context(), "", 1); err != nil || len(q) > 0 {
		l.t.Errorf("in quarantine: %+v, %v", q, err)
	}
}

// TestServerCrash crashes the server and starts it again while two exporters append.
func TestServerCrash(t *testing.T) {
	defer postgres.SetStride(1)()
	server := pgtest.Start(t)
	dsn := server.Database(t)
	a, b := mustOpen(t, dsn), mustOpen(t, dsn)
	defer a.Close()
	defer b.Close()
	l := startLoad(t, a, b)
	l.more(1000)
	for range 3 {
		server.Crash()
		server.Restart(t)
		l.more(1000)
	}
	l.stop(a)
	if l.refused == 0 {
		t.Error("nobody has noticed the crashes")
	}
}

// TestTerminated ends connections while they are in use.
func TestTerminated(t *testing.T) {
	dsn := newLog(t)
	a, b := mustOpen(t, dsn), mustOpen(t, dsn)
	defer a.Close()
	defer b.Close()
	conn := connect(t, dsn)
	l := startLoad(t, a, a, b)
	for range 10 {
		l.more(300)
		_, err := conn.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		if err != nil {
			t.Fatal(err)
		}
	}
	l.more(300)
	l.stop(a)
}

// TestFailover kills a primary and promotes its synchronous standby: exporters
// that know both go on with it and nothing that was acknowledged is missing.
func TestFailover(t *testing.T) {
	primary := pgtest.Start(t, pgtest.ForStandby...)
	const database = "log" // which is not dropped: its server is
	primary.Exec(t, "postgres", "CREATE DATABASE "+database)
	standby := primary.Standby(t)
	dsn := "postgres://postgres@" + standby.Address() + "," + primary.Address() + "/" + database
	a, b := mustOpen(t, dsn), mustOpen(t, dsn+"?target_session_attrs=read-write")
	defer a.Close()
	defer b.Close()
	l := startLoad(t, a, b)
	l.more(2000)
	r := mustOpenReader(t, standby.DSN(database)) // a standby is good for reading
	if n := mustCount(t, r, ""); n == 0 {
		t.Error("the standby has no events")
	}
	primary.Kill()
	standby.Promote(t)
	standby.Exec(t, "postgres", "ALTER SYSTEM RESET synchronous_standby_names")
	standby.Exec(t, "postgres", "SELECT pg_reload_conf()")
	l.more(2000)
	l.stop(a)
}

// TestBouncer has several exporters and readers share three connections to the
// server, each transaction another one.
func TestBouncer(t *testing.T) {
	defer postgres.SetStride(1)()
	server := pgtest.Start(t)
	database := path.Base(server.Database(t))
	dsn := server.Bouncer(t).DSN(database)
	a, b := mustOpen(t, dsn), mustOpen(t, dsn) // which make the schema
	defer a.Close()
	defer b.Close()
	r := mustOpenReader(t, dsn)
	l := startLoad(t, a, a, a, b, b, b)
	for range 10 {
		if _, err := r.List(t.Context(), store.Query{Filter: parse(t, "tenant:org_1 -outcome:denied")}); err != nil {
			t.Error(err)
		}
		if _, err := r.Facet(t.Context(), store.FacetQuery{Key: "target"}); err != nil {
			t.Error(err)
		}
	}
	l.more(10_000)
	if n, err := a.Prune(t.Context(), store.Prune{Filter: parse(t, "actor:nobody"), Before: time.Now()}); err != nil || n != 0 {
		t.Errorf("Prune = %d, %v", n, err)
	}
	l.stop(a)
	waitForChunks(t, a, 2)
	if l.refused > 0 {
		t.Errorf("%d batches were refused", l.refused)
	}
}

// TestSameBatches has two exporters append the same events at once.
func TestSameBatches(t *testing.T) {
	dsn := newLog(t)
	events := newCompany(time.Now()).Events(6000)
	var total [2]store.Result
	var running sync.WaitGroup
	for i := range total {
		s := mustOpen(t, dsn)
		defer s.Close()
		running.Go(func() {
			for from := 0; from < len(events); from += 100 {
				batch := events[from : from+100]
				if i == 1 { // cut differently, and from the other end
					batch = events[max(0, from-30):][:100]
				}
				r, err := s.Append(t.Context(), batch)
				if err != nil {
					t.Error(err)
				}
				total[i].Added += r.Added
				total[i].Duplicates += r.Duplicates
				total[i].Conflicts += r.Conflicts
			}
		})
	}
	running.Wait()
	if total[0].Added+total[1].Added != len(events) || total[0].Conflicts+total[1].Conflicts > 0 {
		t.Errorf("%+v of %d events", total, len(events))
	}
	s := mustOpenReader(t, dsn)
	checkStored(t, s, events)
	if n := mustCount(t, s, ""); n != len(events) {
		t.Errorf("%d events, want %d", n, len(events))
	}
}

// TestPoison checks which errors lie in an event.
func TestPoison(t *testing.T) {
	s, c := mustOpen(t, newLog(t)), newCompany(time.Now())
	defer s.Close()
	for _, text := range []string{"a\x00b", "\xff"} {
		events := c.Events(5)
		events[3].Summary = text
		if _, err := s.Append(t.Context(), events); !errors.Is(err, store.ErrEvent) {
			t.Errorf("Append of %q: %v, want ErrEvent", text, err)
		}
		events[3].Summary, events[3].Code = "", activitylog.Code(text)
		if _, err := s.Append(t.Context(), events); !errors.Is(err, store.ErrEvent) {
			t.Errorf("Append of the code %q: %v, want ErrEvent", text, err)
		}
	}
	if n := mustCount(t, s, ""); n != 0 {
		t.Errorf("%d events were added", n)
	}
	mustAppend(t, s, c.Events(5))
}

// mustPass checks that an error says that it may pass, and what it is.
func mustPass(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || errors.Is(err, store.ErrEvent) || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q and that it may pass", err, want)
	}
}

// TestLocked appends and reads while somebody holds the table.
func TestLocked(t *testing.T) {
	dsn := newLog(t)
	s, c := mustOpen(t, dsn), newCompany(time.Now())
	defer s.Close()
	mustAppend(t, s, c.Events(5))
	tx, err := connect(t, dsn).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "LOCK TABLE activitylog.events"); err != nil {
		t.Fatal(err)
	}
	events := c.Events(5)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.Append(ctx, events); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Append that must end before the lock does: %v", err)
	}
	impatient := mustOpen(t, dsn+"?lock_timeout=100")
	defer impatient.Close()
	_, err = impatient.Append(t.Context(), events)
	mustPass(t, err, "somebody holds a lock")
	var unlocking sync.WaitGroup
	unlocking.Go(func() {
		time.Sleep(200 * time.Millisecond)
		tx.Rollback(context.Background())
	})
	mustAppend(t, s, events) // waits
	unlocking.Wait()
}

// TestReadOnly makes the database read-only for a time.
func TestReadOnly(t *testing.T) {
	dsn := newLog(t)
	s, c := mustOpen(t, dsn), newCompany(time.Now())
	defer s.Close()
	mustAppend(t, s, c.Events(5))
	u, _ := url.Parse(dsn)
	database, server := path.Base(u.Path), pgtest.Shared(t)
	server.Exec(t, "postgres", "ALTER DATABASE "+database+" SET default_transaction_read_only = on")
	endAll := "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'"
	server.Exec(t, "postgres", endAll)
	events := c.Events(5)
	var err error
	for range 5 { // until the connections are found to be dead
		if _, err = s.Append(t.Context(), events); err != nil && strings.Contains(err.Error(), "read-only") {
			break
		}
	}
	mustPass(t, err, "takes no writes now")
	server.Exec(t, "postgres", "ALTER DATABASE "+database+" RESET default_transaction_read_only")
	mustAppend(t, s, events)
}

// TestDiskFull fills the disk under the server, makes room and goes on.
func TestDiskFull(t *testing.T) {
	server := pgtest.Start(t)
	dir := server.SmallDisk(t, 40)
	server.Exec(t, "postgres", "CREATE TABLESPACE small LOCATION '"+dir+"'")
	server.Exec(t, "postgres", "CREATE DATABASE small TABLESPACE small")
	s, c := mustOpen(t, server.DSN("small")), newCompany(time.Now())
	defer s.Close()
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 10<<20), 0o666); err != nil {
		t.Fatal(err)
	}
	var acknowledged, refused []activitylog.Event
	for refused == nil {
		events := c.Events(500)
		_, err := s.Append(t.Context(), events)
		if err == nil {
			acknowledged = append(acknowledged, events...)
			continue
		}
		mustPass(t, err, "the disk is full")
		refused = events
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, s, refused)
	checkStored(t, s, append(acknowledged, refused...))
}

// TestContext cancels appends at any moment: all or none.
func TestContext(t *testing.T) {
	s, c := mustOpen(t, newLog(t)), newCompany(time.Now())
	defer s.Close()
	want := 0
	for i := range 30 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i*i)*50*time.Microsecond)
		_, err := s.Append(ctx, c.Events(200))
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("Append: %v", err)
		}
		// An append that was cut off may still be about to commit.
		n := mustCount(t, s, "")
		if n%200 != 0 || n < want || err == nil && n < want+200 {
			t.Fatalf("%d events, were %d: %v", n, want, err)
		}
		want = n
	}
}
