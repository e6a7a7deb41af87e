package clickhouse_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/exporter/clickhouse"
	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

var update = flag.Bool("update", false, "write the golden files")

// TestSchema shows the statements for one server and for a cluster.
func TestSchema(t *testing.T) {
	for name, cluster := range map[string]string{"one.sql": "", "cluster.sql": "main"} {
		statements, err := clickhouse.Statements("activity", cluster)
		if err != nil {
			t.Fatal(err)
		}
		got, file := strings.Join(statements, ";\n\n")+";\n", filepath.Join("testdata", name)
		if *update {
			if err := errors.Join(os.MkdirAll("testdata", 0o777), os.WriteFile(file, []byte(got), 0o666)); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || got != string(want) {
			t.Errorf("the statements are not those of %s, %v; see what changed with -update:\n%s", file, err, got)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	prepare := func(statements ...string) string {
		dsn := chtest.Database(t)
		conn, err := chtest.Connect(dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for _, s := range statements {
			if s == "open" {
				mustOpen(t, dsn).Close()
			} else if err := conn.Exec(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		return dsn
	}
	missing := prepare() + "_missing"
	tests := []struct {
		name, dsn    string
		open, reader string // what the error says; "" for none
	}{
		{"missing", missing, "", ""},
		{"newer", prepare("open", "INSERT INTO schema_version (version) VALUES (99)"),
			"version 99 and this program knows versions up to 1", "version 99"},
		{"older", prepare("open", "TRUNCATE TABLE schema_version"), "", ""},
		{"other application", prepare("CREATE TABLE events (n Int64) ENGINE = MergeTree ORDER BY n"), "another application", "another application"},
		{"empty", prepare(), "", ""},
		{"no server", "clickhouse://ann:s3cret@127.0.0.1:1/x?password=s3cret", "clickhouse store 127.0.0.1:1/x: dial", "clickhouse store 127.0.0.1:1/x: dial"},
		{"several servers", "clickhouse://ann:s3cret@127.0.0.1:1,127.0.0.1:2/x", "127.0.0.1:1,127.0.0.1:2/x: dial", "127.0.0.1:1,127.0.0.1:2/x: dial"},
		{"no URL", "clickhouse://ann:s3%cret@host", "dsn: ", "dsn: "},
		{"no host", "clickhouse:///x?password=s3cret", "dsn: ", "dsn: "},
		{"HTTP", "http://ann:s3cret@host", "native protocol", "native protocol"},
		{"bad cluster", "clickhouse://ann:s3cret@host/x?cluster=a+b", "cluster", "cluster"},
		{"bad ttl", "clickhouse://ann:s3cret@host/x?ttl=1y", "ttl", "ttl"},
		{"bad database", "clickhouse://ann:s3cret@host/a%20b", "database", "database"},
		{"bad parameter", "clickhouse://ann:s3cret@host/a?dial_timeout=s3cret", "dial timeout", "dial timeout"},
	}
	readers := map[string]string{"older": "activitylog migrate", "empty": "activitylog migrate"}
	for _, tt := range tests {
		want := tt.reader
		if want == "" {
			want = readers[tt.name]
		}
		if tt.name == "missing" { // libchdb aborts when somebody asks for a database that is not there
			s, err := clickhouse.Open(t.Context(), tt.dsn)
			checkOpen(t, "Open of "+tt.name, s, err, "")
			continue
		}
		r, err := clickhouse.OpenReader(t.Context(), tt.dsn)
		checkOpen(t, "OpenReader of "+tt.name, r, err, want)
		e, err := clickhouse.OpenExisting(t.Context(), tt.dsn)
		checkOpen(t, "OpenExisting of "+tt.name, e, err, want)
		s, err := clickhouse.Open(t.Context(), tt.dsn)
		checkOpen(t, "Open of "+tt.name, s, err, tt.open)
	}
	conn, err := chtest.Connect(chtest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Exec(t.Context(), "DROP DATABASE "+missing[strings.LastIndex(missing, "/")+1:]); err != nil {
		t.Errorf("Open did not create the database: %v", err)
	}
}

func checkOpen(t *testing.T, what string, s *clickhouse.Store, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v", what, err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("%s: %v, want %q", what, err, want)
	case err != nil && strings.Contains(err.Error(), "s3"):
		t.Errorf("%s shows the password: %v", what, err)
	}
	if s != nil {
		s.Close()
	}
}

// TestOpenAtOnce opens a new database many times over.
func TestOpenAtOnce(t *testing.T) {
	dsn := chtest.Database(t)
	events := newCompany().Events(5)
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			s, err := clickhouse.Open(t.Context(), dsn)
			if err != nil {
				t.Errorf("Open: %v", err)
				return
			}
			defer s.Close()
			if _, err := s.Append(t.Context(), events); err != nil {
				t.Errorf("Append: %v", err)
			}
		})
	}
	wg.Wait()
	s := mustOpen(t, dsn)
	defer s.Close()
	checkOnce(t, s, events)
}

func TestReader(t *testing.T) {
	dsn := chtest.Database(t)
	s, events := mustOpen(t, dsn), newCompany().Events(30)
	defer s.Close()
	r, err := clickhouse.OpenReader(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := s.Append(t.Context(), events); err != nil { // while the reader is open
		t.Fatal(err)
	}
	checkOnce(t, r, events)
	_, appended := r.Append(t.Context(), events)
	_, pruned := r.Prune(t.Context(), store.Prune{Before: time.Now()})
	_, _, erased := r.Erase(t.Context(), store.Erasure{Person: "x"})
	for what, err := range map[string]error{
		"Append": appended, "Prune": pruned, "Erase": erased,
		"Quarantine": r.Quarantine(t.Context(), []byte("x"), "x"),
		"Discard":    r.Discard(t.Context(), "x", store.Authority{}),
		"Hold":       r.Hold(t.Context(), store.Hold{Name: "x"}),
		"Release":    r.Release(t.Context(), "x", store.Authority{}),
	} {
		if err == nil || !strings.Contains(err.Error(), "reading only") {
			t.Errorf("%s of a reader: %v", what, err)
		}
	}
}

func TestOpenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := clickhouse.Open(ctx, chtest.Database(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a cancelled context: %v", err)
	}
}

// TestExpiry lets the server remove old events by itself, and not while there
// is a hold.
func TestExpiry(t *testing.T) {
	dsn := chtest.Database(t)
	s := mustOpen(t, dsn)
	events := newCompany().Events(10)
	if _, err := s.Append(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	if err := s.Hold(t.Context(), store.Hold{Name: "case", Filter: query.Query{}, Authority: store.Authority{By: "ann"}}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	time.Sleep(1100 * time.Millisecond) // the ttl

	s = mustOpen(t, dsn+"?ttl=1s")
	defer s.Close()
	merge(t, s)
	checkOnce(t, s, events)
	if err := s.Release(t.Context(), "case", store.Authority{By: "ann"}); err != nil {
		t.Fatal(err)
	}
	merge(t, s)
	if n := rows(t, s); n != 0 {
		t.Errorf("%d events are left after their time", n)
	}
	if err := s.Hold(t.Context(), store.Hold{Name: "again", Authority: store.Authority{By: "ann"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Append(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	merge(t, s)
	checkOnce(t, s, events)
	deeds, err := s.Deeds(t.Context())
	if err != nil || len(deeds) != 4 || deeds[1].Kind != store.DeedReleased || deeds[2].Kind != store.DeedPruned || !strings.Contains(deeds[2].What, "1s") {
		t.Errorf("deeds %+v, %v", deeds, err)
	}
}

// TestExpiryBesideHold lets one process begin to remove old events while
// another one holds them: the hold wins, whichever comes first.
func TestExpiryBesideHold(t *testing.T) {
	dsn := chtest.Database(t)
	holding, expiring := mustOpen(t, dsn), mustOpen(t, dsn+"?ttl=8760h")
	defer holding.Close()
	defer expiring.Close()
	by := store.Authority{By: "ann"}
	for i := range 8 {
		if err := holding.Hold(t.Context(), store.Hold{Name: "before", Authority: by}); err != nil { // without a ttl
			t.Fatal(err)
		}
		if err := holding.Release(t.Context(), "before", by); err != nil { // and still so
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := expiring.Expire(t.Context()); err != nil {
				t.Errorf("Expire: %v", err)
			}
		})
		wg.Go(func() {
			time.Sleep(time.Duration(i) * 5 * time.Millisecond)
			if err := holding.Hold(t.Context(), store.Hold{Name: "case", Authority: by}); err != nil {
				t.Errorf("Hold: %v", err)
			}
		})
		wg.Wait()
		var n uint64
		err := holding.Conn().QueryRow(t.Context(), `SELECT countIf(position(engine_full, 'TTL ') > 0) FROM system.tables
			WHERE database = currentDatabase() AND name = 'events'`).Scan(&n)
		if err != nil || n != 0 {
			t.Fatalf("round %d: events that are held expire, %v", i, err)
		}
		if err := holding.Release(t.Context(), "case", by); err != nil {
			t.Fatal(err)
		}
	}
}

func merge(t *testing.T, s *clickhouse.Store) {
	t.Helper()
	if err := s.Conn().Exec(t.Context(), "OPTIMIZE TABLE events FINAL"); err != nil {
		t.Fatal(err)
	}
}
