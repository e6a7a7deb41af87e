package pgtest_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog/exporter/internal/pgtest"
)

func mustCount(t *testing.T, dsn string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM a").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestServers checks that a crash loses nothing that was committed, that a
// standby has what its primary has, and that pgbouncer leads to it.
func TestServers(t *testing.T) {
	primary := pgtest.Start(t, pgtest.ForStandby...)
	primary.Exec(t, "postgres", "CREATE TABLE a (x int)")
	primary.Exec(t, "postgres", "INSERT INTO a VALUES (1)")
	primary.Crash()
	primary.Restart(t)
	if n := mustCount(t, primary.DSN("postgres")); n != 1 {
		t.Errorf("%d rows after a crash, want 1", n)
	}
	if n := mustCount(t, primary.Bouncer(t).DSN("postgres")); n != 1 {
		t.Errorf("%d rows through pgbouncer, want 1", n)
	}
	standby := primary.Standby(t)
	for range 100 { // until the standby is a synchronous one
		primary.Exec(t, "postgres", "INSERT INTO a VALUES (2)")
		if mustCount(t, standby.DSN("postgres")) > 1 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	primary.Exec(t, "postgres", "DELETE FROM a")
	primary.Kill()
	standby.Promote(t)
	if n := mustCount(t, standby.DSN("postgres")); n != 0 {
		t.Errorf("%d rows on the promoted standby, want 0", n)
	}
	standby.Exec(t, "postgres", "INSERT INTO a VALUES (3)")
}
