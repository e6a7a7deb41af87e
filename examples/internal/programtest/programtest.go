// Package programtest runs a program as a user would, in tests.
package programtest

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A Program is a running program that serves HTTP.
type Program struct {
	t      *testing.T
	cmd    *exec.Cmd
	stderr bytes.Buffer
}

// Build compiles the package in the working directory.
func Build(t *testing.T) (binary string) {
	t.Helper()
	binary = filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// Start runs a binary and returns when it answers at addr.
func Start(t *testing.T, addr string, env []string, binary string, args ...string) *Program {
	t.Helper()
	p := &Program{t: t, cmd: exec.CommandContext(t.Context(), binary, args...)}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stderr = &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 500 {
		if resp, err := http.Get("http://" + addr); err == nil {
			resp.Body.Close()
			return p
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.cmd.Process.Kill()
	p.cmd.Wait()
	t.Fatalf("program does not answer at %s\n%s", addr, &p.stderr)
	return nil
}

// Interrupt asks the program to end and waits until it has.
func (p *Program) Interrupt() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("program: %v\n%s", err, &p.stderr)
	}
}

// FreeAddr returns a loopback address that nobody listens on.
func FreeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
