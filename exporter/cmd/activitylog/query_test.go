package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/backend"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// newStore returns the DSN of a store with events.
func newStore(t *testing.T, events ...activitylog.Event) string {
	t.Helper()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "activitylog.db")
	s, err := backend.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Append(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	return dsn
}

// numbered returns n events, a second apart.
func numbered(n int) []activitylog.Event {
	events := make([]activitylog.Event, n)
	for i := range events {
		events[i] = activitylog.Event{
			ID: fmt.Sprintf("01990000-0000-7000-8000-%012d", i), Time: time.Unix(1790000000+int64(i), 5).UTC(),
			Code: "org.member:updated", Outcome: activitylog.Success, Tenant: "org_1", Summary: fmt.Sprintf("Ann Lee updated member %d", i),
			Actor:   activitylog.Actor{ID: "usr_1", Type: activitylog.User, Name: "Ann Lee"},
			Targets: []activitylog.Target{{Type: "member", ID: fmt.Sprint("mem_", i)}},
		}
	}
	return events
}

// ingested is the time that the store adds.
var ingested = regexp.MustCompile(`"ingested":"[-0-9]{10}T[:.0-9]+Z"`)

func TestQueryGolden(t *testing.T) {
	events := numbered(2)
	events = append(events, activitylog.Event{
		ID: "01990000-0000-7000-8000-00000000000f", Time: time.Unix(1790000100, 0).UTC(), Code: "user:login_failed",
		Outcome: activitylog.Denied, Actor: activitylog.Actor{Type: activitylog.Anonymous},
		Summary: "\x1b[2J gone\nnext\tcolumn \u202egnp\\ <b> Zoë 日本", HTTP: activitylog.HTTP{Method: "POST", Status: 401},
		Changes: []activitylog.Change{activitylog.NewChange("/tries", 1, 2)},
	})
	dsn := newStore(t, events...)
	for _, format := range []string{"table", "json", "ndjson", "tsv"} {
		status, stdout, stderr := runArgs("query", "--store", dsn, "--output", format)
		if status != 0 || stderr != "" {
			t.Errorf("%s: status %d, stderr %s", format, status, stderr)
		}
		got := ingested.ReplaceAll([]byte(stdout), []byte(`"ingested":"NOW"`))
		compare(t, filepath.Join("testdata", "query."+format+".golden"), got)
	}
}

func compare(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (rerun with -update if intended)\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

// TestQueryLimit checks that pages are followed up to the limit, newest first,
// and that each line is an event.
func TestQueryLimit(t *testing.T) {
	const total = 2300
	dsn := newStore(t, numbered(total)...)
	for limit, want := range map[string]int{"": 50, "1": 1, "1000": 1000, "1001": 1001, "5000": total, "0": total} {
		args := []string{"query", "--store", dsn, "--output", "ndjson", "actor:usr_1"}
		if limit != "" {
			args = append(args, "--limit", limit)
		}
		status, stdout, stderr := runArgs(args...)
		lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
		if status != 0 || len(lines) != want {
			t.Errorf("--limit %s: status %d, %d events, want %d\n%s", limit, status, len(lines), want, stderr)
			continue
		}
		for i, line := range lines {
			var e activitylog.Event
			if err := json.Unmarshal([]byte(line), &e); err != nil || e.Target().ID != fmt.Sprint("mem_", total-1-i) {
				t.Fatalf("--limit %s: line %d: %v\n%s", limit, i, err, line)
			}
		}
	}
}

func TestQueryEmpty(t *testing.T) {
	dsn := newStore(t)
	for format, want := range map[string]string{"table": "", "json": "[]\n", "ndjson": "", "tsv": ""} {
		if status, stdout, stderr := runArgs("query", "--store", dsn, "--output", format, "--", "-outcome:success"); status != 0 || stdout != want {
			t.Errorf("%s: status %d, got %q, want %q\n%s", format, status, stdout, want, stderr)
		}
	}
}

// TestQueryFault checks that the faulty part of a query is underlined.
func TestQueryFault(t *testing.T) {
	status, stdout, stderr := runArgs("query", "--store", newStore(t), "tenant:a acter:ann")
	want := "\ntenant:a acter:ann\n         ^^^^^"
	if status != 2 || stdout != "" || !strings.Contains(stderr, want) || !strings.Contains(stderr, `did you mean "actor"`) {
		t.Errorf("status %d\nstdout: %s\nstderr: %s", status, stdout, stderr)
	}
}
