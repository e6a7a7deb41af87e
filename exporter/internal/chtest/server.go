// Package chtest starts real ClickHouse servers for tests: on loopback, in
// folders of their own, ended with the test or with the process.
package chtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// A Server is a running ClickHouse server, whose user default needs no password.
type Server struct {
	port    int
	dir     string // the data, and beside it configuration and program
	library string
	config  string

	cmd  *exec.Cmd
	stop io.Closer // what the server reads; it serves until that ends
	log  *bytes.Buffer
	done chan struct{}
}

// Start starts a server. The test is skipped if there is no libchdb.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartWith(t, freePort(t), "")
}

// StartWith starts a server on a port with a part of its configuration, in XML.
func StartWith(t testing.TB, port int, config string) *Server {
	t.Helper()
	s, err := start(needLibrary(t), port, config, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.remove)
	return s
}

// StartSmall starts a server whose disk has so many megabytes. The test is
// skipped if this process may not mount one.
func StartSmall(t testing.TB, megabytes int) *Server {
	t.Helper()
	var mounted error
	s, err := start(needLibrary(t), freePort(t), "", func(data string) error {
		mounted = errors.Join(os.Mkdir(data, 0o700), syscall.Mount("tmpfs", data, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)))
		return mounted
	})
	if mounted != nil {
		t.Skipf("only root can mount a small disk: %v", mounted)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.end()
		syscall.Unmount(s.Data(), syscall.MNT_DETACH)
		s.remove()
	})
	return s
}

// needLibrary returns the path of libchdb.
func needLibrary(t testing.TB) string {
	t.Helper()
	path := os.Getenv("ACTIVITYLOG_TEST_LIBCHDB")
	if path == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		path = filepath.Join(cache, "activitylog/libchdb/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so")
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("there is no ClickHouse: run scripts/libchdb, or set ACTIVITYLOG_TEST_CLICKHOUSE to the DSN of a server")
	}
	return path
}

// freePort returns a port that nobody listens on.
func freePort(t testing.TB) int {
	t.Helper()
	return FreePorts(t, 1)[0]
}

// FreePorts returns different ports that nobody listens on.
func FreePorts(t testing.TB, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

// start starts a server, in whose folder prepare may make that of the data.
func start(library string, port int, config string, prepare func(data string) error) (*Server, error) {
	dir, err := os.MkdirTemp("", "activitylog-clickhouse-")
	if err != nil {
		return nil, err
	}
	s := &Server{port: port, dir: dir, library: library, config: filepath.Join(dir, "config.xml")}
	build := exec.Command("go", "build", "-o", s.program(), "github.com/activitylog-go/activitylog/exporter/internal/chtest/chserver")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("build the server: %w: %s", err, out), os.RemoveAll(dir))
	}
	if err := os.WriteFile(s.config, []byte("<clickhouse>"+config+"</clickhouse>"), 0o600); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if prepare != nil {
		if err := prepare(s.Data()); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
	}
	if err := s.run(); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

func (s *Server) program() string { return filepath.Join(s.dir, "chserver") }

// Data returns the folder of the server's data.
func (s *Server) Data() string { return filepath.Join(s.dir, "data") }

// run starts the process and waits until it answers.
func (s *Server) run() error {
	s.cmd = exec.Command(s.program(), s.library, strconv.Itoa(s.port), "--config-file="+s.config, "--path="+s.Data())
	s.log, s.done = new(bytes.Buffer), make(chan struct{})
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = s.dir, s.log, s.log
	stdin, err := s.cmd.StdinPipe()
	if err != nil {
		return err
	}
	s.stop = stdin
	if err := s.cmd.Start(); err != nil {
		return err
	}
	go func() {
		fmt.Fprintln(s.log, s.cmd.Wait())
		close(s.done)
	}()
	return s.waitUntilReady()
}

func (s *Server) waitUntilReady() error {
	deadline := time.Now().Add(60 * time.Second)
	for {
		err := ping(s.DSN(""))
		if err == nil {
			return nil
		}
		select {
		case <-s.done:
			return fmt.Errorf("clickhouse ended: %s", s.log)
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("clickhouse does not answer: %w", err)
		}
	}
}

func ping(dsn string) error {
	conn, err := Connect(dsn)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Ping(context.Background())
}

// Connect opens a connection past the store.
func Connect(dsn string) (clickhouse.Conn, error) {
	options, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	return clickhouse.Open(options)
}

// DSN returns how the server's database of that name is reached.
func (s *Server) DSN(database string) string {
	return fmt.Sprintf("clickhouse://127.0.0.1:%d/%s", s.port, database)
}

// Kill kills the server as the loss of its machine would.
func (s *Server) Kill() {
	s.cmd.Process.Kill() // it may have ended
	<-s.done
}

// Pause stops the server without ending it, until Resume.
func (s *Server) Pause() { s.cmd.Process.Signal(syscall.SIGSTOP) }

// Resume lets the server go on.
func (s *Server) Resume() { s.cmd.Process.Signal(syscall.SIGCONT) }

// Restart starts the server again that Kill has killed, on what it left behind.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.run(); err != nil {
		t.Fatal(err)
	}
}

// ended reports whether the server has ended.
func (s *Server) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// end ends the server and waits until it has ended.
func (s *Server) end() {
	if s.cmd != nil && s.cmd.Process != nil {
		s.stop.Close()
		select {
		case <-s.done:
		case <-time.After(10 * time.Second):
			s.Kill()
		}
	}
}

func (s *Server) remove() {
	s.end()
	os.RemoveAll(s.dir)
}

// names makes databases of tests different.
var names atomic.Int64
