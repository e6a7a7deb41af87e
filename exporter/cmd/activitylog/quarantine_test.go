package main

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/store"
)

// fillQuarantine puts aside a conflict, a record that can be stored and one
// that nobody can read, and leaves the store open until the test ends.
func fillQuarantine(t *testing.T, dsn string) store.Store {
	t.Helper()
	s, err := backend.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	kept := numbered(1)[0]
	forged := kept
	forged.Outcome, forged.Actor.Name = activitylog.Denied, "Eve\x1b[2J \u202eeE"
	forged.Targets = []activitylog.Target{{Type: "member", ID: "mem_0"}, {Type: "role", ID: "rol_1"}}
	for _, e := range []activitylog.Event{kept, forged} {
		if _, err := s.Append(t.Context(), []activitylog.Event{e}); err != nil {
			t.Fatal(err)
		}
	}
	for _, raw := range [][]byte{rawRecord(t), []byte("\xff\xff")} {
		if err := s.(store.Quarantiner).Quarantine(t.Context(), raw, "constraint failed\x07"); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func rawRecord(t *testing.T) []byte {
	t.Helper()
	logs := plog.NewLogs()
	r := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	r.SetEventName("org:created")
	r.SetTimestamp(pcommon.NewTimestampFromTime(time.Unix(1790000000, 0)))
	r.Attributes().PutStr(activitylog.KeyID, "01990000-0000-7000-8000-0000000000aa")
	raw, err := new(plog.ProtoMarshaler).MarshalLogs(logs)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// recordIDs returns the ids in quarantine, as list prints them.
func recordIDs(t *testing.T, dsn string) []string {
	t.Helper()
	status, stdout, stderr := runArgs("quarantine", "list", "--store", dsn, "--output", "tsv")
	if status != 0 || stderr != "" {
		t.Fatalf("list: status %d\n%s", status, stderr)
	}
	var ids []string
	for line := range strings.Lines(stdout) {
		id, _, _ := strings.Cut(line, "\t")
		ids = append(ids, id)
	}
	return ids
}

// What differs from run to run: the times at which records were put aside.
var runTimes = regexp.MustCompile(`20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z`)

func withoutTimes(text string) []byte {
	return runTimes.ReplaceAllFunc([]byte(text), func(at []byte) []byte {
		if strings.HasPrefix(string(at), "2026-09-21") { // of the events
			return at
		}
		return []byte("<TIME>")
	})
}

func quarantineGolden(t *testing.T, dsn string) {
	fillQuarantine(t, dsn)
	ids := recordIDs(t, dsn)
	if len(ids) != 3 {
		t.Fatalf("got %d records", len(ids))
	}
	for _, format := range formats {
		var all strings.Builder
		for _, args := range [][]string{{"list"}, {"show", ids[0]}, {"show", ids[1][:8]}, {"show", strings.ToUpper(ids[2])}} {
			status, stdout, stderr := runArgs(append(append([]string{"quarantine"}, args...), "--store", dsn, "--output", format)...)
			if status != 0 || stderr != "" {
				t.Errorf("%v: status %d\n%s", args, status, stderr)
			}
			all.WriteString("---- " + args[0] + "\n" + stdout)
		}
		if format == "table" || format == "tsv" {
			if strings.ContainsAny(all.String(), "\x1b\x07\u202e") {
				t.Errorf("%s: a terminal would obey %q", format, all.String())
			}
		}
		compare(t, filepath.Join("testdata", "quarantine."+format+".golden"), withoutTimes(all.String()))
	}
}

// quarantineRetry checks that what can be stored is, and leaves the
// quarantine with a note, and that the rest stays and is reported.
func quarantineRetry(t *testing.T, dsn string) {
	s := fillQuarantine(t, dsn)
	ids := recordIDs(t, dsn)
	status, stdout, stderr := runArgs("quarantine", "retry", "--all", "--by", "ann", "--store", dsn, "--output", "tsv")
	if status != 1 || stderr != "" {
		t.Errorf("status %d, want 1\n%s", status, stderr)
	}
	for i, want := range []string{"refused\t", "stored\torg:created\t", "refused\t"} {
		if !strings.Contains(stdout, ids[i]+"\t"+want) {
			t.Errorf("record %d: want %q in\n%s", i, want, stdout)
		}
	}
	if e, err := s.Get(t.Context(), "01990000-0000-7000-8000-0000000000aa"); err != nil || e.Code != "org:created" {
		t.Errorf("the event is %v, %v", e.Code, err)
	}
	if left := recordIDs(t, dsn); len(left) != 2 || left[0] != ids[0] || left[1] != ids[2] {
		t.Errorf("left are %v of %v", left, ids)
	}
	deeds, err := s.(store.Custodian).Deeds(t.Context())
	if err != nil || len(deeds) != 1 || deeds[0].By != "ann" || !strings.Contains(deeds[0].Reason, "retried: event 01990000") {
		t.Errorf("deeds: %+v, %v", deeds, err)
	}

	// The event that was in the way is gone, and the forged one free to come.
	if _, err := s.(store.Custodian).Prune(t.Context(), store.Prune{Before: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		status, stdout, stderr = runArgs("quarantine", "retry", ids[0][:10], "--store", dsn)
		if status == 2 {
			break // it is not there any more
		}
		if !strings.Contains(stdout, "stored") || status != 0 {
			t.Errorf("status %d\n%s%s", status, stdout, stderr)
		}
	}
	if status != 2 || !strings.Contains(stderr, "no record") {
		t.Errorf("a second time: status %d\n%s", status, stderr)
	}
}

// TestQuarantineRetryStored checks that a record whose event was stored before
// somebody could note it is no second event.
func TestQuarantineRetryStored(t *testing.T) {
	dsn := "memory:" + t.Name()
	s, err := backend.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, want := range []string{"stored", "duplicate"} {
		if err := s.(store.Quarantiner).Quarantine(t.Context(), rawRecord(t), "once"); err != nil {
			t.Fatal(err)
		}
		status, stdout, _ := runArgs("quarantine", "retry", "--all", "--store", dsn, "--output", "ndjson")
		var r struct{ Result, Code string }
		if err := json.Unmarshal([]byte(stdout), &r); err != nil || status != 0 || r.Result != want || r.Code != "org:created" {
			t.Fatalf("status %d, %v, want %s in\n%s", status, err, want, stdout)
		}
	}
	if page, err := s.List(t.Context(), store.Query{}); err != nil || len(page.Events) != 1 {
		t.Errorf("%d events, %v", len(page.Events), err)
	}
	if left := recordIDs(t, dsn); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}

// quarantineDrop checks that a record goes for a reason only, which is noted.
func quarantineDrop(t *testing.T, dsn string) {
	s := fillQuarantine(t, dsn)
	ids := recordIDs(t, dsn)
	if status, _, stderr := runArgs("quarantine", "drop", ids[2], "--store", dsn, "--reason", " "); status != 2 || !strings.Contains(stderr, "--reason") {
		t.Errorf("without a reason: status %d\n%s", status, stderr)
	}
	status, stdout, stderr := runArgs("quarantine", "drop", ids[2][:9], "--store", dsn, "--reason", "noise of a scanner")
	if status != 0 || !strings.Contains(stdout, ids[2][:shortID]) {
		t.Errorf("status %d\n%s%s", status, stdout, stderr)
	}
	if left := recordIDs(t, dsn); len(left) != 2 {
		t.Errorf("left are %v", left)
	}
	deeds, err := s.(store.Custodian).Deeds(t.Context())
	if err != nil || len(deeds) != 1 || deeds[0].By == "" || deeds[0].Reason != "noise of a scanner" || deeds[0].What != ids[2] {
		t.Errorf("deeds: %+v, %v", deeds, err)
	}
}

func TestQuarantineWrong(t *testing.T) {
	dsn := "memory:" + t.Name()
	s := fillQuarantine(t, dsn)
	for i := range 20 { // so that two ids begin alike
		if err := s.(store.Quarantiner).Quarantine(t.Context(), []byte{byte(i)}, "many"); err != nil {
			t.Fatal(err)
		}
	}
	first := make(map[byte]bool)
	twice := ""
	for _, id := range recordIDs(t, dsn) {
		if first[id[0]] {
			twice = id[:1]
		}
		first[id[0]] = true
	}
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"nonsense"}, "unknown command"},
		{[]string{"list", "--output", "xml"}, "--output: must be table, json, ndjson or tsv"},
		{[]string{"list", "--store", "sqlite:/nowhere/at/all.db"}, "/nowhere/at/all.db"},
		{[]string{"drop", "a", "--reason", "x", "--store", "sqlite:" + filepath.Join(t.TempDir(), "new.db")}, "no such file"},
		{[]string{"show"}, "accepts 1 arg"},
		{[]string{"show", "xyz", "--store", dsn}, `no record "xyz"`},
		{[]string{"show", "", "--store", dsn}, `no record ""`},
		{[]string{"show", twice, "--store", dsn}, "begins several ids"},
		{[]string{"retry"}, "--all"},
		{[]string{"retry", "a", "--all"}, "--all"},
		{[]string{"retry", "xyz", "--store", dsn}, `no record "xyz"`},
	}
	for _, tt := range tests {
		status, stdout, stderr := runArgs(append([]string{"quarantine"}, tt.args...)...)
		if status != 2 || stdout != "" || !strings.Contains(stderr, tt.want) {
			t.Errorf("%v: status %d, stdout %q, want %q in\n%s", tt.args, status, stdout, tt.want, stderr)
		}
	}
	if status, stdout, _ := runArgs("quarantine"); status != 0 || !strings.Contains(stdout, "retry") {
		t.Errorf("without a command: status %d\n%s", status, stdout)
	}
}
