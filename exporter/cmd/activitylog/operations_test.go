package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/store"
)

// TestOperations runs the commands of those who operate a store on each kind.
func TestOperations(t *testing.T) {
	tests := []struct {
		name string
		test func(t *testing.T, dsn string)
	}{
		{"migrate", migrates},
		{"migrate at once", migratesAtOnce},
		{"missing", refusesMissing},
		{"newer", refusesNewer},
		{"quarantine list and show", quarantineGolden},
		{"quarantine retry", quarantineRetry},
		{"quarantine drop", quarantineDrop},
		{"hold", holds},
		{"hold replaced", holdReplaced},
		{"erase", erases},
		{"erase at once", erasesAtOnce},
		{"retention", retains},
		{"retention at once", retainsAtOnce},
	}
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) {
			newDSN := s.open(t)
			for _, tt := range tests {
				t.Run(tt.name, func(t *testing.T) { tt.test(t, newDSN(t)) })
			}
		})
	}
}

// mustRun runs the program, which must end with the status.
func mustRun(t *testing.T, status int, args ...string) (stdout, stderr string) {
	t.Helper()
	got, stdout, stderr := runArgs(args...)
	if got != status {
		t.Fatalf("%q: status %d, want %d\n%s%s", args, got, status, stdout, stderr)
	}
	return stdout, stderr
}

// fillStore adds events, a conflict with the first one and a record that nobody
// can read and that has the actor's id in it.
func fillStore(t *testing.T, dsn string, n int) {
	t.Helper()
	s, err := backend.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	events := numbered(n)
	forged := events[0]
	forged.Actor.Name = "Eve"
	for _, batch := range [][]activitylog.Event{events, {forged}} {
		if _, err := s.Append(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.(store.Quarantiner).Quarantine(t.Context(), []byte("\xff usr_1"), "unreadable"); err != nil {
		t.Fatal(err)
	}
}

// left returns how many events a query selects.
func left(t *testing.T, dsn, query string) int {
	t.Helper()
	stdout, _ := mustRun(t, 0, "query", "--store", dsn, "--limit", "0", "--output", "ndjson", query)
	return strings.Count(stdout, "\n")
}

// deedsOf returns the deeds of a kind and how many events they say.
func deedsOf(t *testing.T, dsn, kind string) (deeds []deedEntry, events int) {
	t.Helper()
	stdout, _ := mustRun(t, 0, "deeds", "--store", dsn, "--output", "json")
	var all []deedEntry
	if err := json.Unmarshal([]byte(stdout), &all); err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Kind == kind {
			deeds, events = append(deeds, d), events+d.Events
		}
	}
	return deeds, events
}

// atOnce runs the program several times at once, each with a store of its own.
func atOnce(t *testing.T, args ...string) []string {
	t.Helper()
	type result struct {
		status         int
		stdout, stderr string
	}
	results := make(chan result)
	for range 3 {
		go func() {
			status, stdout, stderr := runArgs(args...)
			results <- result{status, stdout, stderr}
		}()
	}
	var all []string
	for range 3 {
		r := <-results
		if r.status != 0 {
			t.Errorf("%q: status %d\n%s%s", args, r.status, r.stdout, r.stderr)
		}
		all = append(all, r.stdout)
	}
	return all
}

// inEachFormat returns what a command prints in each format, which changes nothing.
func inEachFormat(t *testing.T, status int, args ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, format := range formats {
		all[format], _ = mustRun(t, status, append(args, "--output", format)...)
	}
	return all
}

// compareEach compares what was printed with the golden files of a name.
func compareEach(t *testing.T, name, dsn string, parts ...map[string]string) {
	t.Helper()
	for _, format := range formats {
		var all strings.Builder
		for _, part := range parts {
			all.WriteString(part[format] + "----\n")
		}
		text := strings.ReplaceAll(all.String(), backend.Redact(dsn), "<STORE>")
		compare(t, filepath.Join("testdata", name+"."+format+".golden"), withoutTimes(text))
	}
}

func holds(t *testing.T, dsn string) {
	fillStore(t, dsn, 3)
	by := []string{"--store", dsn, "--by", "ann", "--reason", "letter of 3 May"}
	stdout, stderr := mustRun(t, 0, append(by, "hold", "add", "case-1", "target:mem_0,mem_1 tenant:org_1")...)
	if !strings.Contains(stdout, "case-1") || stderr != "" {
		t.Errorf("got %s%s", stdout, stderr)
	}
	if _, stderr = mustRun(t, 0, append(by, "hold", "add", "case-2", "actor:usr_9 last:1d")...); !strings.Contains(stderr, "keeps no event that there is now") {
		t.Errorf("a hold of nothing: %s", stderr)
	}
	list := inEachFormat(t, 0, "hold", "list", "--store", dsn)

	_, stderr = mustRun(t, 2, "hold", "release", "case-3", "--store", dsn, "--by", "bob")
	if want := `hold "case-3": hold not found; in force: "case-1", "case-2"`; !strings.Contains(stderr, want) {
		t.Errorf("got %s, want %s", stderr, want)
	}
	mustRun(t, 0, "hold", "release", "case-2", "--store", dsn, "--by", "bob", "--reason", "closed")
	compareEach(t, "hold", dsn, list, inEachFormat(t, 0, "hold", "list", "--store", dsn), inEachFormat(t, 0, "deeds", "--store", dsn))
}

// holdReplaced checks that a hold does not go because another one has its name.
func holdReplaced(t *testing.T, dsn string) {
	fillStore(t, dsn, 3)
	add := []string{"hold", "add", "--store", dsn, "--by", "ann", "--reason", "r"}
	mustRun(t, 0, append(add, "x", "target:mem_0")...)
	_, stderr := mustRun(t, 2, append(add, "x", "target:mem_1")...)
	if !strings.Contains(stderr, `hold "x": is in force`) || !strings.Contains(stderr, "target:mem_0") {
		t.Errorf("got %s", stderr)
	}
	stdout, _ := mustRun(t, 0, append(add, "x", "*", "--replace", "--output", "tsv")...)
	if !strings.HasSuffix(stdout, "\t3\tann\tr\t*\n") {
		t.Errorf("got %s", stdout)
	}
}

// erases checks that nothing is erased before --yes, then all that no hold
// keeps, and that what stays is told.
func erases(t *testing.T, dsn string) {
	fillStore(t, dsn, 3)
	mustRun(t, 0, "hold", "add", "case-1", "target:mem_2", "--store", dsn, "--by", "ann", "--reason", "letter")
	yes := []string{"erase", "usr_1", "--store", dsn, "--yes", "--by", "ann", "--reason", "request of 3 May"}

	found := inEachFormat(t, 1, "erase", "usr_1", "--store", dsn)
	if got := left(t, dsn, "actor:usr_1"); got != 3 {
		t.Fatalf("%d events", got)
	}
	if deeds, _ := deedsOf(t, dsn, store.DeedErased); len(deeds) > 0 {
		t.Errorf("looking left deeds: %v", deeds)
	}
	stdout, _ := mustRun(t, 1, yes...)
	done := map[string]string{"table": stdout}
	again := inEachFormat(t, 1, yes...)
	compareEach(t, "erase", dsn, found, done, again)
	if deeds, events := deedsOf(t, dsn, store.DeedErased); events != 3 || deeds[0].By != "ann" || deeds[0].Reason != "request of 3 May" {
		t.Errorf("deeds %+v", deeds) // two events and a conflict
	}
	text, _ := mustRun(t, 0, "query", "--store", dsn, "--output", "ndjson")
	if got := strings.Count(text, "Ann Lee"); got != 2 { // name and summary of the one on hold
		t.Errorf("%d times her name in\n%s", got, text)
	}

	mustRun(t, 0, "hold", "release", "case-1", "--store", dsn, "--by", "ann")
	mustRun(t, 0, "quarantine", "drop", recordIDs(t, dsn)[0], "--store", dsn, "--reason", "unreadable")
	stdout, _ = mustRun(t, 0, yes...)
	if strings.Contains(stdout, "stay") {
		t.Errorf("nothing stays:\n%s", stdout)
	}
	if text, _ := mustRun(t, 0, "query", "--store", dsn, "--output", "ndjson"); strings.Contains(text, "Ann Lee") {
		t.Errorf("her name is still there:\n%s", text)
	}
	for _, args := range [][]string{{"erase", "Ann Lee", "--store", dsn}, append(yes[:1:1], append([]string{"Ann Lee"}, yes[2:]...)...)} {
		if _, stderr := mustRun(t, 1, args...); !strings.Contains(stderr, `no event has "Ann Lee" as actor or target: is it the id?`) {
			t.Errorf("somebody who is not there: %s", stderr)
		}
	}
}

func erasesAtOnce(t *testing.T, dsn string) {
	fillStore(t, dsn, 1500)
	mustRun(t, 0, "quarantine", "drop", recordIDs(t, dsn)[1], "--store", dsn, "--reason", "unreadable")
	atOnce(t, "erase", "usr_1", "--store", dsn, "--yes", "--by", "ann", "--reason", "r")
	stdout, _ := mustRun(t, 0, "erase", "usr_1", "--store", dsn, "--output", "json")
	var found trace
	if err := json.Unmarshal([]byte(stdout), &found); err != nil || found.Before != 1500 || found.Events != 0 || found.Conflicts != 0 {
		t.Errorf("%v in %s", err, stdout)
	}
	if strings.HasPrefix(dsn, "clickhouse") { // no transaction: each of them says what it found
		return
	}
	if _, events := deedsOf(t, dsn, store.DeedErased); events != 1501 {
		t.Errorf("the deeds say %d events", events)
	}
}

// retains checks that nothing is removed before --yes, then what is due and on
// no hold.
func retains(t *testing.T, dsn string) {
	fillStore(t, dsn, 3)
	mustRun(t, 0, "hold", "add", "case-1", "target:mem_2", "--store", dsn, "--by", "ann", "--reason", "letter")
	time.Sleep(1100 * time.Millisecond) // the least that a rule can say, in which all of this has come
	config := filepath.Join(t.TempDir(), "collector.yaml")
	t.Setenv("ACTIVITYLOG_TEST_STORE", dsn)
	text := `{exporters: {debug: {}, activitylog: {store: {dsn: "${env:ACTIVITYLOG_TEST_STORE}"}, retention: [{tenant: org_2, keep: 1s}, {code: "org.*", keep: 1s}, {keep: 90d}]}}}`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	rules := []string{"retention", "--store", dsn, "--rule", "{tenant: org_2, keep: 1s}", "--rule", "{code: org.*, keep: 1s}", "--rule", "{keep: 90d}"}

	shown := inEachFormat(t, 0, rules...)
	fromFile := inEachFormat(t, 0, "retention", "--config", config)
	if string(withoutTimes(shown["json"])) != string(withoutTimes(fromFile["json"])) {
		t.Errorf("flags and file differ:\n%s\n%s", shown["json"], fromFile["json"])
	}
	if got := left(t, dsn, ""); got != 3 {
		t.Fatalf("%d events", got)
	}
	stdout, _ := mustRun(t, 0, append(rules, "--yes", "--by", "ann")...)
	done := map[string]string{"table": stdout}
	compareEach(t, "retention", dsn, shown, done, inEachFormat(t, 0, append(rules, "--yes", "--by", "ann")...))
	if got := left(t, dsn, ""); got != 1 {
		t.Errorf("%d events, want the one on hold", got)
	}
	deeds, events := deedsOf(t, dsn, store.DeedPruned)
	if events != 2 || deeds[0].By != "ann" || deeds[0].Reason != "keep 1s of event:org.*" {
		t.Errorf("deeds %+v", deeds)
	}
}

func retainsAtOnce(t *testing.T, dsn string) {
	fillStore(t, dsn, 1500)
	time.Sleep(1100 * time.Millisecond)
	atOnce(t, "retention", "--store", dsn, "--rule", "{keep: 1s}", "--yes", "--by", "ann")
	if got := left(t, dsn, ""); got != 0 {
		t.Errorf("%d events", got)
	}
	if strings.HasPrefix(dsn, "clickhouse") { // no transaction: each of them says what it found
		return
	}
	if _, events := deedsOf(t, dsn, store.DeedPruned); events != 1500 {
		t.Errorf("the deeds say %d events", events)
	}
}

// refusesMissing checks that no command but migrate makes a store.
func refusesMissing(t *testing.T, dsn string) {
	for _, args := range [][]string{
		{"hold", "list"}, {"hold", "add", "x", "*", "--by", "a", "--reason", "r"}, {"hold", "release", "x", "--by", "a"},
		{"deeds"}, {"erase", "usr_1"}, {"erase", "usr_1", "--yes", "--by", "a", "--reason", "r"},
		{"retention", "--rule", "{keep: 1d}"}, {"retention", "--rule", "{keep: 1d}", "--yes", "--by", "a"},
		{"quarantine", "list"}, {"quarantine", "retry", "--all"}, {"quarantine", "drop", "x", "--reason", "r"},
	} {
		stdout, stderr := mustRun(t, 2, append(args, "--store", dsn)...)
		if stdout != "" || !strings.Contains(stderr, "no such file") && !strings.Contains(stderr, "no activity log") {
			t.Errorf("%q: %s%s", args, stdout, stderr)
		}
	}
	if versions, err := backend.Version(t.Context(), dsn); err != nil || versions.Found != 0 {
		t.Errorf("there is a schema now: %v, %v", versions, err)
	}
}
