package postgres_test

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/exporter/internal/pgtest"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/store"
)

// TestOpenAtOnce opens an empty database several times at once.
func TestOpenAtOnce(t *testing.T) {
	dsn := pgtest.Shared(t).Database(t)
	stores := make([]*postgres.Store, 6)
	var opening sync.WaitGroup
	for i := range stores {
		opening.Go(func() {
			var err error
			if stores[i], err = postgres.Open(t.Context(), dsn); err != nil {
				t.Error(err)
			}
		})
	}
	opening.Wait()
	if t.Failed() {
		return
	}
	c := newCompany(time.Now())
	for _, s := range stores {
		defer s.Close()
		mustAppend(t, s, c.Events(10))
	}
}

func TestOpenErrors(t *testing.T) {
	server := pgtest.Shared(t)
	empty, newer, older, lossy := server.Database(t), newLog(t), newLog(t), newLog(t)
	connect(t, newer).Exec(t.Context(), "INSERT INTO activitylog.schema_version (version_id, is_applied) VALUES (1000, true)")
	connect(t, older).Exec(t.Context(), "DELETE FROM activitylog.schema_version WHERE version_id > 1")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name string
		open func() (*postgres.Store, error)
		want string
	}{
		{"newer", func() (*postgres.Store, error) { return postgres.Open(t.Context(), newer) }, "use a newer program"},
		{"newer, existing", func() (*postgres.Store, error) { return postgres.OpenExisting(t.Context(), newer) }, "use a newer program"},
		{"newer, to read", func() (*postgres.Store, error) { return postgres.OpenReader(t.Context(), newer) }, "use a newer program"},
		{"older, to read", func() (*postgres.Store, error) { return postgres.OpenReader(t.Context(), older) }, "activitylog migrate"},
		{"older, existing", func() (*postgres.Store, error) { return postgres.OpenExisting(t.Context(), older) }, "activitylog migrate"},
		{"empty, to read", func() (*postgres.Store, error) { return postgres.OpenReader(t.Context(), empty) }, "has no activity log"},
		{"empty, existing", func() (*postgres.Store, error) { return postgres.OpenExisting(t.Context(), empty) }, "has no activity log"},
		{"may lose", func() (*postgres.Store, error) { return postgres.Open(t.Context(), lossy+"?synchronous_commit=off") }, "synchronous_commit is off"},
		{"nobody listens", func() (*postgres.Store, error) {
			return postgres.Open(t.Context(), "postgres://ann:s3cret@127.0.0.1:1/x")
		}, "127.0.0.1:1/x"},
		{"cancelled", func() (*postgres.Store, error) { return postgres.Open(cancelled, newer) }, "context canceled"},
	}
	for _, tt := range tests {
		s, err := tt.open()
		if err == nil || s != nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if n := scanOne[int](t, empty, "SELECT count(*) FROM pg_namespace WHERE nspname = 'activitylog'"); n != 0 {
		t.Error("a reader has made a schema")
	}
}

// TestSchema lets the owner run the printed statements, and a writer and a
// reader use what they make.
func TestSchema(t *testing.T) {
	dsn := pgtest.Shared(t).Database(t)
	if _, err := connect(t, dsn).Exec(t.Context(), postgres.Schema()); err != nil {
		t.Fatal(err)
	}
	s, err := postgres.OpenExisting(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	events := newCompany(time.Now()).Events(10)
	mustAppend(t, s, events)
	checkStored(t, mustOpenReader(t, dsn), events)
	again := mustOpen(t, dsn) // with nothing left to migrate
	defer again.Close()
	mustAppend(t, again, newCompany(time.Now().Add(time.Hour)).Events(10))
}

// TestReader checks that a store for reading changes nothing.
func TestReader(t *testing.T) {
	dsn := newLog(t)
	s := mustOpen(t, dsn)
	defer s.Close()
	events := newCompany(time.Now()).Events(10)
	mustAppend(t, s, events)
	r := mustOpenReader(t, dsn)
	checkStored(t, r, events)
	if _, err := r.Append(t.Context(), events); err == nil || errors.Is(err, store.ErrEvent) {
		t.Errorf("Append of a reader: %v", err)
	}
	if err := r.Quarantine(t.Context(), []byte("x"), "x"); err == nil {
		t.Error("Quarantine of a reader succeeded")
	}
}

// TestPlainOwner opens the log as a role that owns the database and has no other
// right, which is what the owner of a managed one is.
func TestPlainOwner(t *testing.T) {
	server := pgtest.Shared(t)
	database := path.Base(server.Database(t))
	role := "owner_of_" + database
	server.Exec(t, "postgres", "CREATE ROLE "+role+" LOGIN")
	server.Exec(t, "postgres", "ALTER DATABASE "+database+" OWNER TO "+role)
	t.Cleanup(func() {
		server.Exec(t, database, "REASSIGN OWNED BY "+role+" TO postgres")
		server.Exec(t, "postgres", "DROP ROLE "+role)
	})
	s, c := mustOpen(t, server.DSNOf(role, database)), newCompany(time.Now())
	defer s.Close()
	events := c.Events(5000)
	mustAppend(t, s, slices.Concat(events, eventsAt(c, month(-7), 1)))
	waitForChunks(t, s, 1)
	if err := s.Quarantine(t.Context(), []byte("x"), "x"); err != nil {
		t.Fatal(err)
	}
	if err := s.Discard(t.Context(), store.RecordID([]byte("x")), store.Authority{By: "ann"}); err != nil {
		t.Error(err)
	}
	if n, _, err := s.Erase(t.Context(), store.Erasure{Person: events[0].Targets[0].ID}); err != nil || n != 1 {
		t.Errorf("Erase = %d, %v, want 1", n, err)
	}
	for _, sql := range []string{"DELETE FROM activitylog.events", "TRUNCATE activitylog.deeds"} {
		if _, err := connect(t, server.DSNOf(role, database)).Exec(t.Context(), sql); err == nil {
			t.Errorf("the owner may: %s", sql)
		}
	}
	if n, err := s.Prune(t.Context(), store.Prune{Before: time.Now().Add(time.Hour)}); err != nil || n != 5001 {
		t.Errorf("Prune = %d, %v, want 5001", n, err)
	}
}
