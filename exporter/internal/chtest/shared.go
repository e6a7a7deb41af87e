package chtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
)

var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Database returns the DSN of a new database, which is dropped with the test,
// on the server that ACTIVITYLOG_TEST_CLICKHOUSE names, else on the one that
// all tests of this process share. A package whose tests use it calls [Main].
func Database(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv("ACTIVITYLOG_TEST_CLICKHOUSE")
	if dsn == "" {
		library, port := needLibrary(t), freePort(t)
		shared.once.Do(func() { shared.server, shared.err = start(library, port, "", nil) })
		if shared.err != nil {
			t.Fatal(shared.err)
		}
		dsn = shared.server.DSN("")
	}
	return NewDatabase(t, dsn)
}

// NewDatabase makes a database on the server of dsn, returns its DSN and drops
// it with the test.
func NewDatabase(t testing.TB, dsn string) string {
	t.Helper()
	name := fmt.Sprintf("activitylog_test_%d_%d", os.Getpid(), names.Add(1))
	conn, err := Connect(dsn)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Exec(t.Context(), "CREATE DATABASE "+name+" ENGINE = Atomic"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Exec(context.Background(), "DROP DATABASE IF EXISTS "+name+" SYNC"); err != nil {
			t.Logf("drop the test's database: %v", err) // a killed server has none
		}
		conn.Close()
	})
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// Main runs the tests of a package and then ends the shared server.
func Main(m *testing.M) int {
	code := m.Run()
	if shared.server != nil {
		if shared.server.ended() {
			fmt.Fprintf(os.Stderr, "clickhouse ended before the tests: %s\n", shared.server.log)
			code = 1
		}
		shared.server.remove()
	}
	return code
}
