package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"testing"
)

// TestMain makes the test binary the program itself, for tests that kill it.
func TestMain(m *testing.M) {
	if os.Getenv("ACTIVITYLOG_TEST_PROGRAM") != "" {
		os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// runArgs runs the program and returns its exit status and what it prints.
func runArgs(args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = run(args, strings.NewReader(""), &out, &err)
	return status, out.String(), err.String()
}

// freeAddress returns an address at which nobody listens. It is below those
// that the system gives to clients, one of which would else take it while a
// program that is killed starts again.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprint("127.0.0.1:", 20000+rand.IntN(12000))
		if l, err := net.Listen("tcp", addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no address is free")
	return ""
}

func TestRun(t *testing.T) {
	tests := []struct {
		args           []string
		status         int
		stdout, stderr string // parts of the output
	}{
		{[]string{"version"}, 0, "activitylog ", ""},
		{[]string{"--help"}, 0, "Available Commands:", ""},
		{[]string{"collector", "--help"}, 0, "sqlite.yaml", ""},
		{[]string{"collector", "components"}, 0, "activitylog_viewer", ""},
		{[]string{"collector", "sqlite.yaml"}, 2, "", "--config sqlite.yaml"},
		{[]string{"nonsense"}, 2, "", `activitylog: unknown command "nonsense"`},
		{[]string{"version", "too", "much"}, 2, "", "activitylog: "},
		{[]string{"query", "--output", "xml"}, 2, "", "--output: must be table, json, ndjson or tsv"},
		{[]string{"query", "--limit", "-1"}, 2, "", "--limit: must be 0"},
		{[]string{"query", "-outcome:success"}, 2, "", "goes behind --"},
		{[]string{"query", "--store", "sqlite:/nowhere/at/all.db"}, 2, "", "/nowhere/at/all.db"},
	}
	for _, tt := range tests {
		status, stdout, stderr := runArgs(tt.args...)
		if status != tt.status || !strings.Contains(stdout, tt.stdout) || !strings.Contains(stderr, tt.stderr) {
			t.Errorf("%q: got status %d\nstdout: %s\nstderr: %s", tt.args, status, stdout, stderr)
		}
		if tt.status != 0 && (stdout != "" || strings.Contains(stderr, "Usage:")) {
			t.Errorf("%q: an error is on stderr alone and shows no usage\nstdout: %s\nstderr: %s", tt.args, stdout, stderr)
		}
	}
}
