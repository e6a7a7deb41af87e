package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/exporter/internal/company"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/storetest"
)

func TestStore(t *testing.T) {
	var file string // of the test that is running
	storetest.Run(t, func(t *testing.T) store.Store {
		file = filepath.Join(t.TempDir(), "activity.db")
		return mustOpen(t, file)
	}, storetest.Options{
		Reopen: func(t *testing.T, s store.Store) store.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return mustOpen(t, file)
		},
	})
}

func mustOpen(t testing.TB, file string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newCompany returns one that always makes the same events.
func newCompany() *company.Company {
	return company.New(1, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 2*time.Millisecond)
}
