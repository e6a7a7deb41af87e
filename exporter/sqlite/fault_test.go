package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
	"github.com/activitylog-go/activitylog/store"
)

// appendTo names the file to which a child process of a test appends.
const appendTo = "ACTIVITYLOG_TEST_APPEND_TO"

func TestMain(m *testing.M) {
	if file := os.Getenv(appendTo); file != "" {
		if err := appendForEver(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// appendForEver appends events and prints the ids of those that are
// acknowledged, until the process is killed.
func appendForEver(file string) error {
	s, err := sqlite.Open(context.Background(), file)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	for n := 1; ; n = 1 + rand.IntN(400) {
		events := make([]activitylog.Event, n)
		for i := range events {
			events[i] = activitylog.Event{ID: activitylog.NewID(), Time: time.Now(), Code: "org:updated"}
			events[i].Source.RequestID = events[i].ID
		}
		if _, err := s.Append(context.Background(), events); err != nil {
			return err
		}
		for _, e := range events {
			fmt.Fprintln(out, e.ID)
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
}

// startAppending starts a child process that appends to file until it is
// killed, and then hands over what was acknowledged.
func startAppending(t *testing.T, file string) (kill func() []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), appendTo+"="+file)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged, started := make(chan []string, 1), make(chan bool, 1)
	go func() {
		var ids []string
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if len(lines.Text()) == 36 { // the last line may be half a line
				ids = append(ids, lines.Text())
			}
			if len(ids) == 1 {
				started <- true
			}
		}
		close(started)
		acknowledged <- ids
	}()
	if !<-started {
		t.Error("the child process ended before it was killed")
	}
	return func() []string {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		ids := <-acknowledged
		cmd.Wait() // it was killed
		return ids
	}
}

// TestKill kills processes that append, also two at once, and checks that all
// that was acknowledged is there, once, and is found over the index.
func TestKill(t *testing.T) {
	defer sqlite.SetStride(1)()
	file := filepath.Join(t.TempDir(), "a.db")
	var acknowledged []string
	for round := range 6 {
		kills := []func() []string{startAppending(t, file)}
		if round%2 == 1 {
			kills = append(kills, startAppending(t, file))
		}
		time.Sleep(time.Duration(50+rand.IntN(200)) * time.Millisecond)
		for _, kill := range kills {
			acknowledged = append(acknowledged, kill()...)
		}
	}

	s := mustOpen(t, file)
	defer s.Close()
	var state string
	if err := s.Writer().QueryRow("PRAGMA integrity_check").Scan(&state); err != nil || state != "ok" {
		t.Errorf("integrity check: %s, %v", state, err)
	}
	for _, id := range acknowledged {
		if _, err := s.Get(t.Context(), id); err != nil {
			t.Fatalf("event %s was acknowledged: %v", id, err)
		}
	}
	for i := 0; i < len(acknowledged); i += 1 + len(acknowledged)/200 {
		page, err := s.List(t.Context(), store.Query{Filter: parse(t, "request:"+acknowledged[i])})
		if err != nil || len(page.Events) != 1 {
			t.Fatalf("event %s is found %d times, %v", acknowledged[i], len(page.Events), err)
		}
	}
	if n, chunks := count(t, s, "events"), count(t, s, "chunks"); chunks != n/sqlite.ChunkSize || n < len(acknowledged) {
		t.Errorf("%d events, %d acknowledged, %d chunks", n, len(acknowledged), chunks)
	}
}

// TestDiskFull fills the disk under the store, makes room and goes on.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	limit, room := "PRAGMA max_page_count = 400", "PRAGMA max_page_count = 1000000"
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err == nil {
		t.Cleanup(func() { syscall.Unmount(dir, 0) })
		limit, room = "", ""
	} // else not allowed to: SQLite itself limits the file
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o666); err != nil {
		t.Fatal(err)
	}
	s, c := mustOpen(t, filepath.Join(dir, "a.db")), newCompany()
	defer s.Close()
	if _, err := s.Writer().Exec(limit); err != nil {
		t.Fatal(err)
	}

	acknowledged, refused := 0, []activitylog.Event(nil)
	for refused == nil {
		events := c.Events(100)
		r, err := s.Append(t.Context(), events)
		switch {
		case err == nil:
			acknowledged += r.Added
		case errors.Is(err, store.ErrEvent) || !strings.Contains(err.Error(), "the disk is full"):
			t.Fatalf("Append on a full disk: %v", err)
		default:
			refused = events
		}
	}
	if n := count(t, s, "events"); n != acknowledged || n == 0 {
		t.Errorf("%d events, %d acknowledged", n, acknowledged)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Writer().Exec(room); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, s, refused)
}

// TestLocked appends while another process is writing.
func TestLocked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	s, c := mustOpen(t, file), newCompany()
	defer s.Close()
	lock := func() (unlock func()) {
		db, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate&_pragma=busy_timeout(5000)")
		if err != nil {
			t.Fatal(err)
		}
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		return func() { tx.Rollback(); db.Close() }
	}

	undo := sqlite.SetLockWait(150 * time.Millisecond)
	unlock := lock()
	events := c.Events(10)
	_, err := s.Append(t.Context(), events)
	if err == nil || errors.Is(err, store.ErrEvent) || !strings.Contains(err.Error(), "another process is writing") {
		t.Errorf("Append with the file locked: %v", err)
	}
	if page, err := s.List(t.Context(), store.Query{}); err != nil || len(page.Events) != 0 {
		t.Errorf("List with the file locked: %d events, %v", len(page.Events), err)
	}
	undo()

	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	if _, err := s.Append(ctx, events); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Append that must end before the lock does: %v", err)
	}
	time.AfterFunc(150*time.Millisecond, unlock)
	mustAppend(t, s, events) // waits
}

// TestCancelled cancels appends at any moment: all or none.
func TestCancelled(t *testing.T) {
	s, c := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), newCompany()
	defer s.Close()
	want := 0
	for i := range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i*i)*50*time.Microsecond)
		r, err := s.Append(ctx, c.Events(200))
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("Append: %v", err)
		}
		n := count(t, s, "events")
		if n != want && n != want+200 || err == nil && n != want+r.Added {
			t.Fatalf("%d events, were %d, Append = %+v, %v", n, want, r, err)
		}
		want = n
	}
	mustAppend(t, s, c.Events(200))
}

// TestCorrupt damages a file page by page: what is read is right or an error.
func TestCorrupt(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	s, c := mustOpen(t, good), newCompany()
	events := c.Events(300)
	mustAppend(t, s, events)
	s.Close()
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	bad, failed := filepath.Join(dir, "bad.db"), 0
	for page := 0; page < len(content); page += 8 * 4096 {
		damaged := append([]byte(nil), content...)
		for i := page; i < min(page+4096, len(content)); i++ {
			damaged[i] ^= 0xa5
		}
		if err := os.WriteFile(bad, damaged, 0o666); err != nil {
			t.Fatal(err)
		}
		failed += useDamaged(t, bad, events, c.Events(10))
	}
	if err := os.WriteFile(bad, content[:len(content)/2], 0o666); err != nil {
		t.Fatal(err)
	}
	if failed += useDamaged(t, bad, events, c.Events(10)); failed == 0 {
		t.Error("no damage was noticed")
	}
}

// useDamaged uses a damaged file and returns how many calls failed.
func useDamaged(t *testing.T, file string, events, more []activitylog.Event) (failed int) {
	s, err := sqlite.Open(t.Context(), file)
	if err != nil {
		return 1
	}
	defer s.Close()
	for _, e := range events {
		got, err := s.Get(t.Context(), e.ID)
		if err == nil && got.ID != e.ID {
			t.Errorf("Get(%q) returned event %q", e.ID, got.ID)
		}
		failed += isError(err)
	}
	_, err = s.List(t.Context(), store.Query{Filter: parse(t, "actor:usr_1")})
	failed += isError(err)
	_, err = s.Append(t.Context(), more)
	return failed + isError(err)
}

func isError(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

func TestDamagedBlock(t *testing.T) {
	defer sqlite.SetStride(1)()
	s, c := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), newCompany()
	defer s.Close()
	mustAppend(t, s, c.Events(sqlite.ChunkSize))
	if _, err := s.Writer().Exec("UPDATE blocks SET data = x'01020304ff'"); err != nil {
		t.Fatal(err)
	}
	_, err := s.List(t.Context(), store.Query{Filter: parse(t, "actor:usr_none")})
	if err == nil || !strings.Contains(err.Error(), "a block of the index is damaged") {
		t.Errorf("List over a damaged block: %v", err)
	}
}

// TestReadOnlyFolder reads a file where nothing can be written.
func TestReadOnlyFolder(t *testing.T) {
	dir := t.TempDir()
	protect := func() error { return os.Chmod(dir, 0o555) }
	if os.Geteuid() == 0 { // whom no rights stop: a file system does
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
			t.Skipf("root cannot mount a file system here: %v", err)
		}
		t.Cleanup(func() { syscall.Unmount(dir, 0) })
		protect = func() error {
			return syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, "")
		}
	} else {
		t.Cleanup(func() { os.Chmod(dir, 0o755) })
	}
	file := filepath.Join(dir, "a.db")
	s, c := mustOpen(t, file), newCompany()
	mustAppend(t, s, c.Events(20))
	s.Close()
	if err := protect(); err != nil {
		t.Fatal(err)
	}

	r, err := sqlite.OpenReader(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if page, err := r.List(t.Context(), store.Query{}); err != nil || len(page.Events) != 20 {
		t.Errorf("List in a folder that cannot be written: %d events, %v", len(page.Events), err)
	}
	for _, file := range []string{file, filepath.Join(dir, "new.db")} {
		if _, err := sqlite.Open(t.Context(), file); err == nil || !strings.Contains(err.Error(), "cannot be") {
			t.Errorf("Open in a folder that cannot be written: %v", err)
		}
	}
}
