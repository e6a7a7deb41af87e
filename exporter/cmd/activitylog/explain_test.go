package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const explainYAML = `version: 1
routes:
  POST /orgs/{org}/members: {code: org.member:invited}
  POST /drafts: {ignore: "nobody's business"}
  POST /login: {cases: [{when: {status: 401}, code: user:login_failed}, {code: user:logged_in}]}
`

// explain runs the command and returns what it prints.
func explain(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	cmd := newExplainCommand()
	var out bytes.Buffer
	cmd.SetIn(strings.NewReader(stdin))
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(args)
	err := cmd.Execute()
	return out.String(), err
}

func writeMapping(t *testing.T, yaml string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "activitylog.yaml")
	if err := os.WriteFile(file, []byte(yaml), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestExplainText(t *testing.T) {
	file := writeMapping(t, explainYAML)
	tests := []struct {
		args []string
		want []string
	}{
		{[]string{"--mapping", file, "POST", "/orgs/:org/members"},
			[]string{"POST /orgs/{org}/members", file + ":3:3", "org.member:invited", "Team member invited", "Ann Lee invited"}},
		{[]string{"--mapping", file, "POST", "/drafts"}, []string{"nobody's business", "none"}},
		{[]string{"POST", "/orgs/{org}/members/{m}/deactivate"}, []string{"/orgs/{org} names the tenant", "org.member:deactivated"}},
		{[]string{"GET", "/orgs"}, []string{"only POST, PUT", "none"}},
		{[]string{"patch", "/orgs/{org}"}, []string{"PATCH /orgs/{org}", "org:updated", "PATCH /orgs/{org}: {code: org:updated}"}},
	}
	for _, tt := range tests {
		got, err := explain(t, "", tt.args...)
		if err != nil {
			t.Errorf("%q: %v", tt.args, err)
		}
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%q: want %q in\n%s", tt.args, want, got)
			}
		}
	}
}

func TestExplainLines(t *testing.T) {
	file := writeMapping(t, explainYAML)
	in := "POST\t/orgs/{org}/members\nGET\t/orgs\r\n\nPOST\t/drafts\nPOST\t/login\nDELETE\t/things/:id\n"
	got, err := explain(t, in, "--mapping", file, "--output", "tsv", "-")
	want := "POST\t/orgs/{org}/members\torg.member:invited\nGET\t/orgs\t\nPOST\t/drafts\t\nPOST\t/login\tuser:logged_in\nDELETE\t/things/:id\tthing:deleted\n"
	if err != nil || got != want {
		t.Errorf("got %v,\n%q, want\n%q", err, got, want)
	}
	got, err = explain(t, "POST\t/things\n", "--output", "tsv", "-")
	if err != nil || got != "POST\t/things\tthing:created\n" {
		t.Errorf("without a mapping: got %v, %q", err, got)
	}
}

func TestExplainErrors(t *testing.T) {
	bad := writeMapping(t, "version: 1\nroutez: {}\n")
	tests := []struct {
		stdin string
		args  []string
		want  string
	}{
		{"", []string{"POST"}, "takes METHOD and ROUTE"},
		{"", []string{"POST", "orgs/x"}, `begin with a slash, not "orgs/x"`},
		{"", []string{"--output", "tsv", "POST", "/a"}, `takes "-"`},
		{"", []string{"--output", "xml", "-"}, "--output"},
		{"", []string{"--mapping", bad, "POST", "/a"}, bad + `:2:1: mapping: unknown key "routez": did you mean "routes"?`},
		{"", []string{"--mapping", "none.yaml", "POST", "/a"}, "none.yaml"},
		{"POST\t/a\nPOST /b\n", []string{"--output", "tsv", "-"}, `stdin:2: must be METHOD<TAB>ROUTE`},
		{"POST\ta\n", []string{"--output", "tsv", "-"}, "stdin:1:"},
		{"POST\t/a\tx\n", []string{"--output", "tsv", "-"}, "stdin:1:"},
		{"POST\t/" + strings.Repeat("x", 1<<20), []string{"--output", "tsv", "-"}, "stdin:1:"},
	}
	for _, tt := range tests {
		if _, err := explain(t, tt.stdin, tt.args...); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want an error with %q", tt.args, err, tt.want)
		}
	}
}
