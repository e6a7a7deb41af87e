package scaffold_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/routes"
	"github.com/activitylog-go/activitylog/mapping/scaffold"
)

// list returns the routes of "METHOD PATH" texts.
func list(t *testing.T, texts ...string) []routes.Route {
	t.Helper()
	api, err := routes.Read("routes", strings.NewReader(strings.Join(texts, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func merge(t *testing.T, old string, texts ...string) (string, scaffold.Report) {
	t.Helper()
	merged, report, err := scaffold.Merge("activity.yaml", []byte(old), list(t, texts...))
	if err != nil {
		t.Fatalf("%v\n%s", err, old)
	}
	return string(merged), report
}

// TestMergeForms checks where a rule goes in the ways in which a file may be
// written. The catalogue has its code, so that nothing is added to events.
func TestMergeForms(t *testing.T) {
	const head = "version: 1\nevents: {\"note:created\": {}, \"note:updated\": {}, \"tag:created\": {}}\n"
	tests := []struct{ name, old, want string }{
		{"no routes", "", "\nroutes:\n  POST /notes: {code: note:created}\n"},
		{"routes in empty braces", "routes: {} # none yet\n", "routes:  # none yet\n  POST /notes: {code: note:created}\n"},
		{"braces over two lines", "routes: {\n}\n", "routes: \n  POST /notes: {code: note:created}\n"},
		{"routes in braces", "routes: {POST /tags: {code: tag:created}}\n", "routes: {\"POST /notes\": {code: note:created}, POST /tags: {code: tag:created}}\n"},
		{"braces over lines", "routes:\n  {\n    POST /tags: {code: tag:created},\n  }\n", "routes:\n  {\n    \"POST /notes\": {code: note:created}, POST /tags: {code: tag:created},\n  }\n"},
		{"no newline at the end", "routes:\n  POST /tags: {code: tag:created}", "routes:\n  POST /tags: {code: tag:created}\n\n  # new\n  POST /notes: {code: note:created}\n"},
		{"a deeper indent", "routes:\n     POST /tags: {code: tag:created}\n", "routes:\n     POST /tags: {code: tag:created}\n\n     # new\n     POST /notes: {code: note:created}\n"},
		{"a group", "routes:\n  PUT /notes/{id}:  {code: note:updated} # often\n  # tags\n  POST /tags: {code: tag:created}\n",
			"routes:\n  POST /notes:      {code: note:created}\n  PUT /notes/{id}:  {code: note:updated} # often\n  # tags\n  POST /tags: {code: tag:created}\n"},
		{"a comment of the group", "routes:\n\n  # Notes\n  # are short.\n  PUT /notes/{id}:  {code: note:updated}\n",
			"routes:\n\n  POST /notes:      {code: note:created}\n  # Notes\n  # are short.\n  PUT /notes/{id}:  {code: note:updated}\n"},
		{"a rule over lines", "routes:\n  DELETE /a:\n    ignore: |\n      no\n\n      # no comment\n  # end\ninfer: on\n",
			"routes:\n  DELETE /a:\n    ignore: |\n      no\n\n      # no comment\n  # end\n\n  # new\n  POST /notes: {code: note:created}\ninfer: on\n"},
		{"infer: off", "infer: off\n", "infer: off\n\nroutes:\n  POST /notes: {code: note:created}\n"},
	}
	for _, tt := range tests {
		for _, newline := range []string{"\n", "\r\n"} {
			old := strings.ReplaceAll(head+tt.old, "\n", newline)
			want := strings.ReplaceAll(head+tt.want, "\n", newline)
			if got, _ := merge(t, old, "POST /notes"); got != want {
				t.Errorf("%s:\n%q\nwant\n%q", tt.name, got, want)
			}
			if again, report := merge(t, want, "POST /notes"); again != want || report.Changed() {
				t.Errorf("%s: a second time:\n%q", tt.name, again)
			}
		}
	}
}

// TestMergeRenamed checks that a rule follows its route, and only where it is
// certain which route that is.
func TestMergeRenamed(t *testing.T) {
	const old = `version: 1
catalogue: none
routes:
  PATCH /v1/team-members/{who}: {code: colleague:changed, target: {id: path.who}} # Bo's
`
	tests := []struct {
		name string
		api  []string
		want string // the new key, "" if the rule is gone
	}{
		{"a new version", []string{"PATCH /v2/team-members/{id}"}, "PATCH /v2/team-members/{who}"},
		{"another spelling", []string{"PATCH /v1/team_members/{id}"}, "PATCH /v1/team_members/{who}"},
		{"another parameter is no other route", []string{"PATCH /v1/team-members/{id}"}, "PATCH /v1/team-members/{who}"},
		{"two that could be", []string{"PATCH /v2/team-members/{id}", "PATCH /v3/team_members/{id}"}, ""},
		{"another resource", []string{"PATCH /v1/people/{id}"}, ""},
		{"another method", []string{"PUT /v2/team-members/{id}"}, ""},
		{"fewer parameters", []string{"PATCH /v1/team-members"}, ""},
	}
	for _, tt := range tests {
		got, report := merge(t, old, tt.api...)
		if tt.want == "" {
			if !strings.Contains(got, "PATCH /v1/team-members/{who}: {code: colleague:changed") ||
				len(report.Gone) != 1 || report.Gone[0].Place != "activity.yaml:4:3" || len(report.New) != len(tt.api) {
				t.Errorf("%s: want the rule kept and told:\n%s%v", tt.name, got, report)
			}
			continue
		}
		if want := "  " + tt.want + ": {code: colleague:changed, target: {id: path.who}} # Bo's\n"; !strings.Contains(got, want) || len(report.New)+len(report.Gone) > 0 {
			t.Errorf("%s: want %q in\n%s%v", tt.name, want, got, report)
		}
	}
}

// TestMergeLearns checks that a new route is called as people call its
// neighbours.
func TestMergeLearns(t *testing.T) {
	_, report := merge(t, `version: 1
routes:
  POST /projects/{p}/tagrules: {code: project.tag_rule:created}
  POST /admin/hooks: {code: admin.hook:created}
  POST /hooks: {code: hook:created}
events:
  hook:updated: {title: Hook updated}
`, "PATCH /projects/{p}/tagrules/{id}", "POST /projects/{p}/tagrules/{id}/pause", "PATCH /admin/hooks/{id}")
	for i, want := range []string{"admin.hook:updated", "project.tag_rule:updated", "project.tag_rule:paused"} {
		if !strings.Contains(report.String(), want) {
			t.Errorf("%d: want %s in\n%v", i, want, report)
		}
	}
}

// TestMergeIncludes checks that what an included file names is not new, and
// that only the main file is written.
func TestMergeIncludes(t *testing.T) {
	dir := t.TempDir()
	teams := "routes:\n  POST /teams: {code: team:founded}\n  POST /clubs: {code: club:founded}\nversion: 1\n"
	if err := os.WriteFile(filepath.Join(dir, "teams.yaml"), []byte(teams), 0o666); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "activity.yaml")
	merged, report, err := scaffold.Merge(file, []byte("version: 1\ninclude: teams.yaml\n"), list(t, "POST /teams", "POST /orgs", "POST /v2/clubs"))
	if err != nil {
		t.Fatal(err)
	}
	want := "version: 1\ninclude: teams.yaml\n\nroutes:\n  POST /orgs: {code: org:created}\n\n  POST /v2/clubs: {code: club:created}\n"
	if got, _, _ := strings.Cut(string(merged), "\nevents:"); got != want || report.Kept != 1 || len(report.Gone) != 1 {
		t.Errorf("got\n%s\nwant\n%s%v", got, want, report)
	}
}

// TestMergeBraces checks that a file that is one pair of braces is left alone
// and that the error has what is to be added.
func TestMergeBraces(t *testing.T) {
	_, _, err := scaffold.Merge("activity.yaml", []byte("{version: 1}"), list(t, "POST /notes"))
	if err == nil || !strings.Contains(err.Error(), "by hand") || !strings.Contains(err.Error(), "POST /notes: {code: note:created}") {
		t.Errorf("got %v", err)
	}
}
