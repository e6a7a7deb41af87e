package clickhouse_test

import (
	"os"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/exporter/clickhouse"
	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(chtest.Main(m)) }

func TestStore(t *testing.T) {
	var dsn string // of the test that is running
	storetest.Run(t, func(t *testing.T) store.Store {
		dsn = chtest.Database(t)
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

func mustOpen(t testing.TB, dsn string) *clickhouse.Store {
	t.Helper()
	s, err := clickhouse.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newCompany returns one that always makes the same events.
func newCompany() *company.Company {
	return company.New(1, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 15*time.Second)
}
