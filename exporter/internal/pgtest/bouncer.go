package pgtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A Bouncer is a running pgbouncer in transaction mode.
type Bouncer struct{ port int }

// DSN returns the DSN of a database behind b, as the superuser.
func (b *Bouncer) DSN(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s", b.port, database)
}

// Few connections to the server, so that clients do share them.
const bouncerConfig = `[databases]
* = host=127.0.0.1 port=%d user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 100
`

func startBouncer(t testing.TB, s *Server, bin string) *Bouncer {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	// auth_type any takes the user from the database's line.
	config := fmt.Sprintf(bouncerConfig, s.port, port)
	file := filepath.Join(s.dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := s.command(bin, file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGINT)
		cmd.Wait()
	})
	b := &Bouncer{port: port}
	for range 200 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		conn, err := pgx.Connect(ctx, b.DSN("postgres"))
		if err == nil {
			conn.Close(ctx)
		}
		cancel()
		if err == nil {
			return b
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("pgbouncer does not answer")
	return nil
}
