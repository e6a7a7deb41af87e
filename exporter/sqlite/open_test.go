package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/activitylog-go/activitylog/exporter/sqlite"
	"github.com/activitylog-go/activitylog/store"
)

// execSQL runs statements on a file that may be anything, past the store.
func execSQL(t *testing.T, file string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	logFile := func(name string, statements ...string) string {
		file := filepath.Join(dir, name)
		s := mustOpen(t, file)
		mustAppend(t, s, newCompany().Events(10))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		execSQL(t, file, statements...)
		return file
	}
	other := filepath.Join(dir, "other.db")
	execSQL(t, other, "CREATE TABLE users (id INTEGER)")
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("This is no database.\n", 100)), 0o666); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty.db")
	if err := os.WriteFile(empty, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	newer := logFile("newer.db", "INSERT INTO schema_version (version_id, is_applied) VALUES (99, 1)")
	older := logFile("older.db", "DELETE FROM schema_version WHERE version_id > 0")

	tests := []struct {
		name, file   string
		open, reader string // what the error says; "" for none
	}{
		{"other application", other, "another application", "another application"},
		{"text", text, "no SQLite database", "no SQLite database"},
		{"empty", empty, "", "another application"},
		{"newer schema", newer, "version 99 and this program knows versions up to 1", "version 99"},
		{"older schema", older, "already exists", "version 0 and this program reads version 1"},
		{"folder", dir, "cannot be opened", "is a folder"},
		{"no folder", filepath.Join(dir, "no", "a.db"), "its folder: no such file", "no such file"},
		{"missing", filepath.Join(dir, "missing.db"), "", "no such file"},
	}
	for _, tt := range tests {
		r, err := sqlite.OpenReader(t.Context(), tt.file)
		checkOpen(t, "OpenReader of "+tt.name, r, err, tt.reader)
		if tt.name == "missing" {
			if _, err := os.Stat(tt.file); !errors.Is(err, fs.ErrNotExist) {
				t.Error("OpenReader created the file")
			}
		}
		s, err := sqlite.Open(t.Context(), tt.file)
		checkOpen(t, "Open of "+tt.name, s, err, tt.open)
	}
	if content, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(content), "This is no") {
		t.Errorf("Open changed a file that is not its own: %.20q, %v", content, err)
	}
}

func checkOpen(t *testing.T, what string, s *sqlite.Store, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v", what, err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("%s: %v, want %q", what, err, want)
	}
	if s != nil {
		s.Close()
	}
}

// TestOpenAtOnce opens a new file many times over: one of them makes the
// schema.
func TestOpenAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			s, err := sqlite.Open(t.Context(), file)
			if err != nil {
				t.Errorf("Open: %v", err)
				return
			}
			defer s.Close()
			if _, err := s.Append(t.Context(), newCompany().Events(5)); err != nil {
				t.Errorf("Append: %v", err)
			}
		})
	}
	wg.Wait()
	s := mustOpen(t, file)
	defer s.Close()
	if n := count(t, s, "events"); n != 5 {
		t.Errorf("%d events, want the 5 that all of them sent", n)
	}
}

func TestReader(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.db")
	s, c := mustOpen(t, file), newCompany()
	r, err := sqlite.OpenReader(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	events := c.Events(30)
	mustAppend(t, s, events) // while the reader is open
	page, err := r.List(t.Context(), store.Query{})
	if err != nil || len(page.Events) != 30 {
		t.Errorf("the reader sees %d events, %v, want 30", len(page.Events), err)
	}
	if _, err := r.Append(t.Context(), c.Events(1)); err == nil || !strings.Contains(err.Error(), "reading only") {
		t.Errorf("Append of a reader: %v", err)
	}
	if err := r.Quarantine(t.Context(), []byte("x"), "x"); err == nil {
		t.Error("Quarantine of a reader succeeded")
	}
	if err := errors.Join(s.Close(), r.Close()); err != nil {
		t.Error(err)
	}
}

func TestOpenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "a.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a cancelled context: %v", err)
	}
}

// TestForgottenNames appends more different texts than a process remembers.
func TestForgottenNames(t *testing.T) {
	defer sqlite.SetMaxNames(3)()
	s, c := mustOpen(t, filepath.Join(t.TempDir(), "a.db")), newCompany()
	defer s.Close()
	for range 5 {
		events := c.Events(20)
		mustAppend(t, s, events)
		for _, want := range events {
			got, err := s.Get(t.Context(), want.ID)
			if err != nil || !store.Same(got, want) {
				t.Fatalf("event came back as %+v, %v, want %+v", got, err, want)
			}
		}
	}
}

// TestOneFile copies the file of a store that was closed while another process
// still read it, as an operator does who makes a backup.
func TestOneFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log.db")
	s := mustOpen(t, file)
	mustAppend(t, s, newCompany().Events(10))
	viewer, err := sqlite.OpenReader(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer viewer.Close()
	if _, err := viewer.List(t.Context(), store.Query{}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := os.WriteFile(backup, data, 0o600); err != nil {
		t.Fatal(err)
	}
	restored := mustOpen(t, backup)
	defer restored.Close()
	page, err := restored.List(t.Context(), store.Query{})
	if err != nil || len(page.Events) != 10 {
		t.Errorf("the copy has %d events, %v; want 10", len(page.Events), err)
	}
}

// TestOwnerOnly checks that a log of people is not open to all on the machine.
func TestOwnerOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log.db")
	s := mustOpen(t, file)
	defer s.Close()
	mustAppend(t, s, newCompany().Events(1))
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %v, want 0600", filepath.Base(name), mode)
		}
	}
}
