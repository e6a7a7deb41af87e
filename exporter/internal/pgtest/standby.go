package pgtest

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// Standby starts a server that follows s, which must have been started with
// [ForStandby], and waits for it: what s commits from then on is on both.
func (s *Server) Standby(t testing.TB) *Server {
	t.Helper()
	bin := needBinaries(t)
	b, err := newServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.remove)
	err = b.run(filepath.Join(bin, "pg_basebackup"), "-D", b.data(), "-R", "-X", "stream", "-c", "fast",
		"-d", s.DSN("postgres")+"?application_name=standby")
	if err == nil {
		err = b.configure(nil)
	}
	if err == nil {
		err = b.start(bin)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Exec(t, "postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'")
	s.Exec(t, "postgres", "SELECT pg_reload_conf()")
	return b
}

// ForStandby is how a server is started that shall have a standby.
var ForStandby = []string{"wal_level=replica", "max_wal_senders=4", "synchronous_commit=on"}

// Promote makes a primary of a standby.
func (s *Server) Promote(t testing.TB) { s.Exec(t, "postgres", "SELECT pg_promote()") }

// Bouncer starts pgbouncer in transaction mode before s and returns where it
// listens. The test is skipped if pgbouncer is not installed.
func (s *Server) Bouncer(t testing.TB) *Bouncer {
	t.Helper()
	bin, err := exec.LookPath("pgbouncer")
	if err != nil {
		t.Skip("pgbouncer is not installed")
	}
	return startBouncer(t, s, bin)
}
