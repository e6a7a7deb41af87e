// Package pgtest starts real PostgreSQL servers, and pgbouncer, for tests: on
// loopback, in folders of their own, ended with the test or with the process.
package pgtest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A Server is a running PostgreSQL server. Its superuser is postgres, who needs
// no password.
type Server struct {
	dir  string // the socket and the log are here, the data in data/
	port int
	log  *bytes.Buffer
	cmd  *exec.Cmd
	done chan struct{}
}

// settings keep a test's server small. What is acknowledged survives a crash of
// the server as with any other; fsync guards against the loss of power, which
// no test here causes.
var settings = []string{
	"listen_addresses=127.0.0.1", "fsync=off", "max_connections=60", "shared_buffers=64MB",
	"max_wal_size=256MB", "autovacuum_naptime=5", "log_min_messages=warning",
}

// Start starts a server with more settings, as in "wal_level=replica". The test
// is skipped if PostgreSQL is not installed.
func Start(t testing.TB, more ...string) *Server {
	t.Helper()
	s, err := start(needBinaries(t), more)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.remove)
	return s
}

var shared struct {
	once   sync.Once
	server *Server
	err    error
	names  atomic.Int64
}

// Shared returns the one server of this process, which it starts if nobody did
// before. A package whose tests use it calls [Main].
func Shared(t testing.TB) *Server {
	t.Helper()
	bin := needBinaries(t)
	shared.once.Do(func() { shared.server, shared.err = start(bin, nil) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server
}

// Main runs the tests of a package and then ends the shared server.
func Main(m *testing.M) int {
	code := m.Run()
	if shared.server != nil {
		shared.server.remove()
	}
	return code
}

// needBinaries returns the folder of the server's programs.
func needBinaries(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("pg_config", "--bindir").Output()
	bin := strings.TrimSpace(string(out))
	if err == nil {
		_, err = os.Stat(filepath.Join(bin, "initdb"))
	}
	if err != nil {
		t.Skip("PostgreSQL is not installed: no pg_config or no initdb")
	}
	return bin
}

func start(bin string, more []string) (*Server, error) {
	s, err := newServer()
	if err != nil {
		return nil, err
	}
	if err := s.create(bin, more); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

func (s *Server) create(bin string, more []string) error {
	if err := s.run(filepath.Join(bin, "initdb"), "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"); err != nil {
		return err
	}
	if err := s.configure(append(settings, more...)); err != nil {
		return err
	}
	return s.start(bin)
}

func newServer() (*Server, error) {
	dir, err := os.MkdirTemp("/tmp", "activitylog-pg-") // short: a socket's path has 107 bytes at most
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, log: new(bytes.Buffer)}
	if s.port, err = freePort(); err != nil {
		return nil, err
	}
	if c := credential(); c != nil {
		return s, os.Chown(dir, int(c.Uid), int(c.Gid))
	}
	return s, nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// configure appends settings to those that the server reads when it starts.
func (s *Server) configure(settings []string) error {
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		fmt.Fprintf(f, "%s = '%s'\n", name, value)
	}
	_, err = fmt.Fprintf(f, "port = %d\nunix_socket_directories = '%s'\n", s.port, s.dir)
	return err
}

// command returns a program that runs as the server's user and dies with this
// process.
func (s *Server) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential(), Pdeathsig: syscall.SIGQUIT}
	return cmd
}

func (s *Server) run(name string, args ...string) error {
	if out, err := s.command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

// start starts the server and waits until it answers.
func (s *Server) start(bin string) error {
	s.cmd = s.command(filepath.Join(bin, "postgres"), "-D", s.data())
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	s.done = make(chan struct{})
	go func() {
		s.cmd.Wait()
		close(s.done)
	}()
	for range 600 {
		if s.answers() {
			return nil
		}
		select {
		case <-s.done:
			return fmt.Errorf("postgres ended at once:\n%s", s.log)
		case <-time.After(50 * time.Millisecond):
		}
	}
	s.kill()
	return fmt.Errorf("postgres does not answer:\n%s", s.log)
}

func (s *Server) answers() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return false
	}
	conn.Close(ctx)
	return true
}

// Address returns where the server listens: 127.0.0.1:PORT.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// DSN returns the DSN of a database, as the superuser.
func (s *Server) DSN(database string) string { return s.DSNOf("postgres", database) }

// DSNOf returns the DSN of a database for a role.
func (s *Server) DSNOf(role, database string) string {
	return "postgres://" + url.PathEscape(role) + "@" + s.Address() + "/" + database
}

// Database creates an empty database, which is dropped when the test ends, and
// returns its DSN.
func (s *Server) Database(t testing.TB) string { return s.Copy(t, "template1") }

// Copy is Database, but of a database that is a copy of another one, to which
// nobody may be connected.
func (s *Server) Copy(t testing.TB, of string) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", shared.names.Add(1))
	s.Exec(t, "postgres", "CREATE DATABASE "+name+" TEMPLATE "+of)
	t.Cleanup(func() { s.Exec(t, "postgres", "DROP DATABASE "+name+" WITH (FORCE)") })
	return s.DSN(name)
}

// Exec runs a statement as the superuser.
func (s *Server) Exec(t testing.TB, database, sql string) {
	t.Helper()
	ctx := context.Background() // also for what the end of a test cleans up
	conn, err := pgx.Connect(ctx, s.DSN(database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// Crash ends the server as "pg_ctl stop -m immediate" does: no transaction is
// finished and no checkpoint is made.
func (s *Server) Crash() { s.end(syscall.SIGQUIT) }

// Restart starts the server again after a Crash.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.start(needBinaries(t)); err != nil {
		t.Fatal(err)
	}
}

// Kill ends the server with SIGKILL.
func (s *Server) Kill() { s.end(syscall.SIGKILL) }

func (s *Server) end(signal syscall.Signal) {
	s.cmd.Process.Signal(signal) // it may have ended already
	<-s.done
}

func (s *Server) kill() {
	if s.cmd != nil {
		s.end(syscall.SIGQUIT)
	}
}

func (s *Server) remove() {
	s.kill()
	os.RemoveAll(s.dir)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
