package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/lint"
)

// compareGolden compares text with a file of testdata/lint, which -update rewrites.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "lint", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (rerun with -update if intended)\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

// transcript is what a command prints, as one sees it, and its exit status.
func transcript(args ...string) string {
	status, stdout, stderr := runArgs(args...)
	return fmt.Sprintf("%s-- stderr --\n%s-- exit status %d --\n", stdout, stderr, status)
}

// TestLintGolden pins the forms that people and CI systems read.
func TestLintGolden(t *testing.T) {
	for _, format := range []string{"text", "json", "github", "gitlab", "sarif"} {
		got := transcript("lint", "--mapping", "testdata/lint/activity.yaml", "--routes", "testdata/lint/routes.txt", "--output", format)
		compareGolden(t, "lint."+format+".golden", got)
		got = transcript("lint", "--mapping", "testdata/lint/broken.yaml", "--output", format)
		compareGolden(t, "broken."+format+".golden", got)
	}
}

func TestDiffGolden(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		got := transcript("diff", "testdata/lint/old.yaml", "testdata/lint/new.yaml", "--routes", "testdata/lint/routes.txt", "--output", format)
		compareGolden(t, "diff."+format+".golden", got)
	}
}

func TestCatalogGolden(t *testing.T) {
	for _, format := range []string{"text", "markdown", "json"} {
		compareGolden(t, "catalog."+format+".golden", transcript("catalog", "--mapping", "testdata/lint/catalog.yaml", "--output", format))
	}
}

func TestExplainJSONGolden(t *testing.T) {
	const file = "testdata/lint/activity.yaml"
	got := transcript("explain", "--mapping", file, "--output", "json", "PATCH", "/orgs/{org}/members/:id") +
		transcript("explain", "--mapping", file, "--output", "json", "post", "/orgs/{org}/members/search")
	compareGolden(t, "explain.json.golden", got)
}

// TestMappingCommands checks the exit status and what scripts look for.
func TestMappingCommands(t *testing.T) {
	const (
		fine   = "testdata/lint/catalog.yaml"
		found  = "testdata/lint/activity.yaml"
		broken = "testdata/lint/broken.yaml"
		list   = "testdata/lint/routes.txt"
		api    = "testdata/lint/openapi.yaml"
	)
	tests := []struct {
		args           []string
		status         int
		stdout, stderr string // parts of the output
	}{
		{[]string{"lint", "--mapping", fine}, 0, "", "catalog.yaml: no findings (not looked for without --routes or --openapi: unmapped,"},
		{[]string{"lint", "--mapping", fine, "--output", "json"}, 0, "[]", ""},
		{[]string{"lint", "--mapping", fine, "--openapi", api}, 0, "", "no findings (with 1 route of the API)"},
		{[]string{"lint", "--mapping", fine, "--openapi", api, "--routes", list}, 1, "routes.txt:5:1: ", "findings: "},
		{[]string{"lint", "--mapping", found}, 1, "(unclassified)", "findings: "},
		{[]string{"lint", "--mapping", broken}, 2, broken + ":2:8: infer: ", "activitylog: lint: " + broken + " does not load: 3 problems"},
		{[]string{"lint", "--mapping", "none.yaml"}, 2, "", "none.yaml"},
		{[]string{"lint"}, 2, "", "--mapping"},
		{[]string{"lint", "--mapping", fine, "--output", "xml"}, 2, "", "github, gitlab, json, sarif, text"},
		{[]string{"lint", "--mapping", fine, "--routes", "none.txt"}, 2, "", "none.txt"},
		{[]string{"lint", "--mapping", fine, "--routes", broken}, 2, "", broken + ":2: "},
		{[]string{"lint", "--mapping", fine, "--routes", "-"}, 2, "", "the list has no routes"},
		{[]string{"lint", "--mapping", fine, "--openapi", list}, 2, "", "openapi: "},
		{[]string{"diff", fine, fine}, 0, "", "0 routes with other codes"},
		{[]string{"diff", fine, fine, "--output", "json"}, 0, "[]", ""},
		{[]string{"diff", fine, broken}, 2, "", broken + ":2:8"},
		{[]string{"diff", fine}, 2, "", "the OLD and the NEW"},
		{[]string{"diff", fine, fine, "--output", "tsv"}, 2, "", "text or json"},
		{[]string{"catalog"}, 0, "org.member:invited", ""},
		{[]string{"catalog", "--markdown"}, 0, "| `org.member:invited`", ""},
		{[]string{"catalog", "--markdown", "--output", "json"}, 2, "", "markdown"},
		{[]string{"catalog", "--output", "xml"}, 2, "", "json, markdown, text"},
		{[]string{"catalog", "--mapping", broken}, 2, "", broken + ":2:8"},
		{[]string{"schema"}, 0, string(mapping.Schema()), ""},
		{[]string{"explain", "--output", "json", "POST"}, 2, "", "takes METHOD and ROUTE"},
	}
	for _, tt := range tests {
		status, stdout, stderr := runArgs(tt.args...)
		if status != tt.status || !strings.Contains(stdout, tt.stdout) || !strings.Contains(stderr, tt.stderr) {
			t.Errorf("%q: got status %d\nstdout: %s\nstderr: %s", tt.args, status, stdout, stderr)
		}
	}
}

// TestGitHubEscapes checks that no text ends a workflow command or begins another.
func TestExcerptOfWholeFile(t *testing.T) {
	read := make(excerpts)
	if text := read.excerpt(mapping.Pos{File: "testdata/lint/broken.yaml"}); text != "" || len(read) > 0 {
		t.Errorf("got %q of %d files, want nothing read: it may be of any length", text, len(read))
	}
}

func TestGitHubEscapes(t *testing.T) {
	var out strings.Builder
	err := reportGitHub(&out, []lint.Finding{{Pos: mapping.Pos{File: "a,b:c%.yaml", Line: 1}, Check: "tense", Msg: "50%\r\n::error::x", Fix: "a: b\n"}})
	want := "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=activitylog tense::50%25%0D%0A::error::x%0A%0Aa: b%0A\n"
	if err != nil || out.String() != want {
		t.Errorf("got %v, %q, want %q", err, out.String(), want)
	}
}

// TestGitLabFingerprints checks that equal findings in several lines are told apart.
func TestGitLabFingerprints(t *testing.T) {
	f := lint.Finding{Pos: mapping.Pos{File: "a.yaml", Line: 1}, Check: "tense", Msg: "x"}
	moved := f
	moved.Pos.Line = 7
	prints := func(found ...lint.Finding) (texts []string) {
		var out strings.Builder
		var issues []struct{ Fingerprint string }
		if err := reportGitLab(&out, found); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(out.String()), &issues); err != nil {
			t.Fatal(err)
		}
		for _, i := range issues {
			texts = append(texts, i.Fingerprint)
		}
		return texts
	}
	two := prints(f, moved)
	if one := prints(moved); one[0] != two[0] || two[0] == two[1] {
		t.Errorf("got %q, and %q of the first in another line", two, one)
	}
}

// TestReportAbsolutePath checks that CI systems get paths of the checkout.
func TestReportAbsolutePath(t *testing.T) {
	file, err := filepath.Abs("testdata/lint/activity.yaml")
	if err != nil {
		t.Fatal(err)
	}
	status, stdout, _ := runArgs("lint", "--mapping", file, "--output", "github")
	if status != 1 || !strings.HasPrefix(stdout, "::error file=testdata/lint/activity.yaml,line=") {
		t.Errorf("status %d: %s", status, stdout)
	}
	_, stdout, _ = runArgs("lint", "--mapping", file)
	if !strings.HasPrefix(stdout, "testdata/lint/activity.yaml:") || !strings.Contains(stdout, "^^^") {
		t.Errorf("got %s", stdout)
	}
}
