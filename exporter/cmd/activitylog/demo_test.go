package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/examples/payments/day/daytest"
	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/store"
)

// demoArgs returns the arguments of a demo that does not meet another one.
func demoArgs(t *testing.T, file string, more ...string) []string {
	t.Helper()
	return append([]string{
		"demo", "--store", file,
		"--api", freeAddress(t), "--viewer", freeAddress(t), "--otlp", freeAddress(t),
	}, more...)
}

// TestDemoOnce is the main job, end to end: the gin API, the SDK, OTLP, the
// Collector and SQLite, and then the whole story in the store.
func TestDemoOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "day.db")
	began := time.Now()
	status, stdout, stderr := runArgs(demoArgs(t, file, "--once")...)
	if status != 0 {
		t.Fatalf("status %d\n%s%s", status, stdout, stderr)
	}
	events := stored(t, file)
	daytest.Check(t, events, began)
	for _, e := range events {
		if e.Service != "payments" || e.Observed.Before(began) || e.HTTP.Route == "" {
			t.Errorf("%s: service %q, observed %v, route %q", e.Code, e.Service, e.Observed, e.HTTP.Route)
		}
	}
}

// stored returns all events in the file, in the order of time.
func stored(t *testing.T, file string) []activitylog.Event {
	t.Helper()
	s, err := backend.OpenReader(t.Context(), "sqlite:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	page, err := s.List(t.Context(), store.Query{Limit: store.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(page.Events)
	return page.Events
}

// TestDemoGuide does what the demo says: it runs the printed commands, looks
// at the log, and presses Ctrl-C.
func TestDemoGuide(t *testing.T) {
	file := filepath.Join(t.TempDir(), "day.db")
	demo := startDemo(t, demoArgs(t, file))
	guide := demo.waitFor(t, "Stop with Ctrl-C.")

	commands := regexp.MustCompile(`(?m)^  (curl .*)$`).FindAllStringSubmatch(guide, -1)
	if len(commands) != 2 {
		t.Fatalf("%d curl lines, want 2:\n%s", len(commands), guide)
	}
	before := len(stored(t, file))
	for _, c := range commands {
		if out, err := exec.CommandContext(t.Context(), "sh", "-c", c[1]+" -fsS").CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", c[1], err, out)
		}
	}
	viewer := regexp.MustCompile(`http://\S+/v1/events`).FindString(guide)
	eventually(t, "the invitation is in the viewer's API", func() bool {
		return strings.Contains(get(t, viewer+"?limit=2"), "Ann Lee invited Ada Obi to acme")
	})

	demo.Process.Signal(syscall.SIGINT)
	if err := demo.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v\n%s", err, demo.out.String())
	}
	if after := len(stored(t, file)); after != before+2 {
		t.Errorf("%d events after the commands, %d before", after, before)
	}
}

func TestDemoTakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, flag := range []string{"--api", "--viewer", "--otlp"} {
		args := demoArgs(t, filepath.Join(t.TempDir(), "day.db"), "--once", flag, taken.Addr().String())
		status, _, stderr := runArgs(args...)
		if status != 2 || !strings.Contains(stderr, flag+": ") || !strings.Contains(stderr, "address already in use") {
			t.Errorf("%s taken: status %d, %s", flag, status, stderr)
		}
	}
}

// A demoProcess is a demo in a process of its own.
type demoProcess struct {
	*exec.Cmd
	out lockedBuffer
}

func startDemo(t *testing.T, args []string) *demoProcess {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	d := &demoProcess{Cmd: exec.CommandContext(ctx, os.Args[0], args...)}
	d.Env = append(os.Environ(), "ACTIVITYLOG_TEST_PROGRAM=1")
	d.Stdout, d.Stderr = &d.out, &d.out
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); d.Wait() })
	return d
}

func (d *demoProcess) waitFor(t *testing.T, text string) (out string) {
	t.Helper()
	eventually(t, "the demo prints "+text, func() bool {
		out = d.out.String()
		return strings.Contains(out, text)
	})
	return out
}

// eventually waits for a condition; the wait is bounded, its length is not asserted.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 30 s: %s", what)
		}
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return body.String()
}

// A lockedBuffer is written to by a process and read meanwhile.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
