package postgres_test

import (
	"os"
	"sync"
	"testing"

	"github.com/activitylog-go/activitylog/exporter/internal/pgtest"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestStore(t *testing.T) {
	var dsn string // of the test that is running
	storetest.Run(t, func(t *testing.T) store.Store {
		dsn = newLog(t)
		return mustOpen(t, dsn)
	}, storetest.Options{
		Reopen: func(t *testing.T, s store.Store) store.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return mustOpen(t, dsn)
		},
	})
}

var (
	template  sync.Once
	newestDSN string // what newLog has returned last
)

// newLog returns the DSN of a new database with an empty log.
func newLog(t testing.TB) string {
	t.Helper()
	server := pgtest.Shared(t)
	template.Do(func() {
		server.Exec(t, "postgres", "CREATE DATABASE empty_log")
		if err := mustOpen(t, server.DSN("empty_log")).Close(); err != nil {
			t.Fatal(err)
		}
	})
	newestDSN = server.Copy(t, "empty_log")
	return newestDSN
}

func mustOpen(t testing.TB, dsn string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
