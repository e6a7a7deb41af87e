package backend_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/store"
)

func event() activitylog.Event {
	return activitylog.Event{ID: activitylog.NewID(), Time: time.Now(), Code: "org:created"}
}

func mustOpen(t *testing.T, dsn string) store.Store {
	t.Helper()
	s, err := backend.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustAppend(t *testing.T, s store.Store) activitylog.Event {
	t.Helper()
	e := event()
	if _, err := s.Append(t.Context(), []activitylog.Event{e}); err != nil {
		t.Fatal(err)
	}
	return e
}

func has(t *testing.T, s store.Store, e activitylog.Event) bool {
	t.Helper()
	_, err := s.Get(t.Context(), e.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func TestOpenFile(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dsn := range []string{
		"sqlite:a.db", "b.db", "SQLite:./c.db", "./with:colon.db", "sqlite:x:y.db",
		"sqlite:" + filepath.Join(t.TempDir(), "with space?#%41.db"),
	} {
		s := mustOpen(t, dsn)
		e := mustAppend(t, s)
		r, err := backend.OpenReader(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		if !has(t, r, e) {
			t.Errorf("%s: a reader does not see what the writer added", dsn)
		}
		if _, err := r.Append(t.Context(), []activitylog.Event{event()}); err == nil {
			t.Errorf("%s: a reader can append", dsn)
		}
		if err := errors.Join(r.Close(), s.Close()); err != nil {
			t.Error(err)
		}
		_, file, ok := strings.Cut(dsn, "ite:")
		if !ok {
			file = dsn
		}
		if _, err := os.Stat(file); err != nil {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}

func TestMemory(t *testing.T) {
	a, b, c := mustOpen(t, "memory:shared"), mustOpen(t, "memory:shared"), mustOpen(t, "memory:other")
	reader, err := backend.OpenReader(t.Context(), "memory:shared")
	if err != nil {
		t.Fatal(err)
	}
	e := mustAppend(t, a)
	if !has(t, b, e) || !has(t, reader, e) || has(t, c, e) {
		t.Error("openers of one name must see the same events, those of another name not")
	}
	for range 2 { // closing twice gives up one share
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	if !has(t, b, e) {
		t.Error("the first opener took the events with it")
	}
	b.Close()
	reader.Close()
	c.Close()
	if again := mustOpen(t, "memory:shared"); has(t, again, e) {
		t.Error("the last opener left the events behind")
	} else {
		again.Close()
	}

	x, y := mustOpen(t, "memory:"), mustOpen(t, "memory:")
	if e := mustAppend(t, x); has(t, y, e) {
		t.Error("stores without a name are one")
	}
}

func TestOpenErrors(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing.db")
	tests := []struct{ dsn, want string }{
		{"", "file name is missing"},
		{"sqlite:", "file name is missing"},
		{"postgres://ann:s3cret@127.0.0.1:1/log", "postgres store 127.0.0.1:1/log: "},
		{"PostgreSQL://127.0.0.1:1,127.0.0.1:2/log?password=s3cret", "postgres store 127.0.0.1:1,127.0.0.1:2/log: "},
		{"postgresql:s3cret@db", "postgres store: its DSN"},
		{"postgres://ann:s3cr/et@db/log", "postgres store: its DSN"},
		{"postgres://ann:s3cret@db/log?sslmode=s3crX", "postgres store: its DSN: "},
		{"clickhouse://127.0.0.1:1/log?password=s3cret", "clickhouse store 127.0.0.1:1/log: "},
		{"ClickHouse://ann:s3cret@127.0.0.1:1", "clickhouse store 127.0.0.1:1/default: "},
		{"clickhouse:s3cret@db", "clickhouse: the dsn"},
		{"mysql://root:s3cret@db/x", `unknown kind "mysql"`},
		{"host:s3cret@x", `unknown kind "host"`},
		{"sqlite:" + filepath.Join(missing, "x.db"), "no such file"},
	}
	for _, tt := range tests {
		for name, open := range map[string]func(context.Context, string) (store.Store, error){
			"Open": backend.Open, "OpenReader": backend.OpenReader,
		} {
			s, err := open(t.Context(), tt.dsn)
			if err == nil || s != nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s(%q) = %v, %v, want %q", name, tt.dsn, s, err, tt.want)
				continue
			}
			if strings.Contains(err.Error(), "s3cr") || strings.Contains(err.Error(), "et@") {
				t.Errorf("%s(%q) shows the password: %v", name, tt.dsn, err)
			}
		}
	}
	if _, err := backend.OpenReader(t.Context(), missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("OpenReader of a missing file: %v", err)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("OpenReader created the file")
	}
}

func TestKind(t *testing.T) {
	for dsn, want := range map[string]string{
		"sqlite:a.db": "sqlite", "SQLite:a.db": "sqlite", "a.db": "sqlite",
		"postgres://db/log": "postgres", "postgresql://db/log": "postgres",
		"clickhouse://db": "clickhouse", "memory:": "memory",
		"sqlite:": "", "mysql://root:s3cret@db/x": "",
	} {
		kind, err := backend.Kind(dsn)
		if kind != want || (err == nil) != (want != "") || err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("Kind(%q) = %q, %v, want %q", dsn, kind, err, want)
		}
	}
}

func Example() {
	ctx := context.Background()
	exporter, _ := backend.Open(ctx, "memory:demo")
	defer exporter.Close()
	viewer, _ := backend.OpenReader(ctx, "memory:demo")
	defer viewer.Close()

	result, err := exporter.Append(ctx, []activitylog.Event{event()})
	fmt.Println(result.Added, err)
	page, err := viewer.List(ctx, store.Query{})
	fmt.Println(len(page.Events), err)

	_, err = backend.Open(ctx, "mysql://ann:secret@db/log")
	fmt.Println(err)
	// Output:
	// 1 <nil>
	// 1 <nil>
	// store mysql://...@db/log: unknown kind "mysql", want sqlite:FILE, postgres://..., clickhouse://... or memory:NAME; for a file with a colon in its name write sqlite: before it
}
