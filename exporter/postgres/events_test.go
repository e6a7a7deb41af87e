package postgres_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// newCompany returns one whose events begin at a time, and are others than
// those of one that begins at another.
func newCompany(at time.Time) *company.Company {
	return company.New(uint64(at.UnixNano()), at, 2*time.Millisecond)
}

func mustAppend(t testing.TB, s store.Store, events []activitylog.Event) {
	t.Helper()
	if r, err := s.Append(t.Context(), events); err != nil || r.Added != len(events) {
		t.Fatalf("Append = %+v, %v, want %d added", r, err, len(events))
	}
}

func parse(t testing.TB, text string) query.Query {
	t.Helper()
	q, err := query.Parse(text, query.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func mustCount(t testing.TB, s store.Store, text string) int {
	t.Helper()
	n, err := s.Count(t.Context(), parse(t, text), 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// checkStored checks that each of events is stored, and nothing twice.
func checkStored(t *testing.T, s store.Store, events []activitylog.Event) {
	t.Helper()
	stored := map[string]activitylog.Event{}
	q := store.Query{Limit: store.MaxLimit}
	for {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			if _, twice := stored[e.ID]; twice {
				t.Fatalf("event %s is stored twice", e.ID)
			}
			stored[e.ID] = e
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	for _, e := range events {
		if got, ok := stored[e.ID]; !ok || !store.Same(got, e) {
			t.Fatalf("event %s was acknowledged and is %+v, %v", e.ID, got, ok)
		}
	}
}

func connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	return conn
}

// scanOne runs a statement that returns one value.
func scanOne[T any](t testing.TB, dsn, sql string, args ...any) (v T) {
	t.Helper()
	if err := connect(t, dsn).QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func mustOpenReader(t testing.TB, dsn string) *postgres.Store {
	t.Helper()
	s, err := postgres.OpenReader(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
