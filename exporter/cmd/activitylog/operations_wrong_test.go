package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOperationsWrong checks what is said of arguments that are wrong, before
// a store is touched.
func TestOperationsWrong(t *testing.T) {
	dsn := newStore(t, numbered(1)...)
	who := []string{"--store", dsn, "--by", "ann", "--reason", "r"}
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"hold", "nonsense"}, "unknown command"},
		{[]string{"hold", "add", "x", "*", "--by", "a", "--reason", "r"}, "--store: name the store"},
		{append([]string{"hold", "add", "x"}, who...), "accepts 2 arg"},
		{append([]string{"hold", "add", "", "*"}, who...), "a name is visible"},
		{append([]string{"hold", "add", " x", "*"}, who...), "no space around"},
		{append([]string{"hold", "add", "x\x1b[2J", "*"}, who...), "a name is visible"},
		{append([]string{"hold", "add", "x", " "}, who...), `"*" holds all events`},
		{append([]string{"hold", "add", "x", "-outcome:success"}, who...), "goes behind --"},
		{append([]string{"hold", "add", "x", "tenant:a acter:b"}, who...), "\ntenant:a acter:b\n         ^^^^^"},
		{[]string{"hold", "add", "x", "*", "--store", dsn}, "--by: say who wants it, which the store keeps\n--reason: say why"},
		{[]string{"hold", "release", "x", "--store", dsn}, "--by: say who"},
		{[]string{"hold", "release", "x", "--store", dsn, "--by", "a"}, "hold not found; there is none"},
		{[]string{"hold", "list", "--store", dsn, "--output", "xml"}, "--output: must be"},
		{[]string{"deeds", "--store", dsn, "--output", "xml"}, "--output: must be"},
		{[]string{"erase", "--store", dsn}, "accepts 1 arg"},
		{[]string{"erase", "", "--store", dsn}, "needs the id of a person"},
		{[]string{"erase", "usr_1"}, "--store: name the store"},
		{[]string{"erase", "usr_1", "--store", dsn, "--yes", "--by", " "}, "--by: say who wants it, which the store keeps\n--reason: say why"},
		{[]string{"retention", "--store", dsn}, "either by --config or by --rule"},
		{[]string{"retention", "--store", dsn, "--config", "x", "--rule", "{keep: 1d}"}, "either by --config or by --rule"},
		{[]string{"retention", "--rule", "{keep: 1d}"}, "--store: name the store"},
		{[]string{"retention", "--store", dsn, "--rule", "{keep: 1d}", "--yes"}, "--by: say who"},
		{[]string{"retention", "--store", dsn, "--rule", "{keep: 1d}", "--rule", "{keep: 30}", "--rule", "keep 1d"}, "got unconvertible type 'int'\n--rule keep 1d: must be"},
		{[]string{"retention", "--store", dsn, "--rule", "{keep: 1d}", "--rule", "keep 1d"}, "--rule keep 1d: must be as in the configuration"},
		{[]string{"retention", "--store", dsn, "--rule", "{keep: 1d, tenants: a}"}, "tenants"},
		{[]string{"retention", "--store", dsn, "--rule", "{keep: 1d}", "--rule", "{tenant: a, keep: 1d}"}, "the rules before it name all of its events"},
		{[]string{"retention", "--store", dsn, "--rule", "{keep: 1d"}, "--rule {keep: 1d"},
		{[]string{"retention", "--config", filepath.Join(t.TempDir(), "none.yaml")}, "none.yaml"},
		{[]string{"migrate"}, "--store: name the store"},
		{[]string{"migrate", "--store", "memory:"}, "has no schema"},
		{[]string{"migrate", "--store", "memory:", "--print"}, "has no schema"},
		{[]string{"migrate", "--store", "mysql://u:s3cret@h/x", "--print"}, `unknown kind "mysql"`},
		{[]string{"migrate", "--store", "sqlite:" + filepath.Join(t.TempDir(), "a", "b.db")}, "no such file"},
	}
	for _, tt := range tests {
		stdout, stderr := mustRun(t, 2, tt.args...)
		if stdout != "" || !strings.Contains(stderr, tt.want) || strings.Contains(stderr, "s3cret") {
			t.Errorf("%q: want %q in\n%s%s", tt.args, tt.want, stdout, stderr)
		}
	}
	if deeds, _ := mustRun(t, 0, "deeds", "--store", dsn); deeds != "" {
		t.Errorf("something was done:\n%s", deeds)
	}
}

func TestRetentionConfigWrong(t *testing.T) {
	tests := []struct{ config, want string }{
		{"exporters: {debug: {}}", "must have one of the type activitylog, not 0"},
		{"exporters: {activitylog: {}, activitylog/2: {}}", "must have one of the type activitylog, not 2"},
		{"exporters: {activitylog: {}}", "exporters::activitylog::retention has no rules"},
		{"exporters: {activitylog: {retention: [{keep: 30 days}]}}", "retention::0: keep: "},
		{"exporters: {activitylog: {retention: [{kept: 30d}]}}", "kept"},
		{"exporters: {activitylog: {retention: [{keep: 1d}], accept: none}}", "accept: must be"},
		{"exporters: [", "collector.yaml"},
		{"receivers: {}", "must have one of the type activitylog, not 0"},
	}
	file := filepath.Join(t.TempDir(), "collector.yaml")
	for _, tt := range tests {
		if err := os.WriteFile(file, []byte(tt.config), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, stderr := mustRun(t, 2, "retention", "--config", file); !strings.Contains(stderr, tt.want) {
			t.Errorf("%s: want %q in\n%s", tt.config, tt.want, stderr)
		}
	}
}

// TestOperationsCompletion checks that a shell completes the formats.
func TestOperationsCompletion(t *testing.T) {
	for _, args := range [][]string{{"hold", "list"}, {"hold", "add"}, {"erase"}, {"retention"}, {"migrate"}, {"deeds"}, {"quarantine", "list"}} {
		stdout, _ := mustRun(t, 0, append([]string{"__complete"}, append(args, "--output", "")...)...)
		if !strings.HasPrefix(stdout, "table\njson\nndjson\ntsv\n") {
			t.Errorf("%q: got %s", args, stdout)
		}
	}
}
