package scaffold_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/routes"
	"github.com/activitylog-go/activitylog/mapping/scaffold"
)

func write(t *testing.T, o scaffold.Options, texts ...string) (string, scaffold.Report) {
	t.Helper()
	file, report, err := scaffold.Write(list(t, texts...), o)
	if err != nil {
		t.Fatal(err)
	}
	return string(file), report
}

// TestHeader checks what a new file says before its routes.
func TestHeader(t *testing.T) {
	tests := []struct {
		name   string
		prefix []string
		api    []string
		want   string
	}{
		{"a version", nil, []string{"POST /api/v1/notes", "GET /api/v1/tags"}, "catalogue: none\nstrip_prefixes: [/api/v1]\ninfer: warn\n"},
		{"a server", []string{"/lending/", "/"}, []string{"POST /notes"}, "catalogue: none\nstrip_prefixes: [/lending]\ninfer: warn\n"},
		{"a tenant", nil, []string{"POST /orgs/{org}/notes", "POST /orgs/{org}/tags", "POST /login"}, "tenant: {path: org}\n"},
		{"two names of a tenant", nil, []string{"POST /orgs/{org}/notes", "POST /orgs/{id}/tags"}, "version: 1\ncatalogue: none\ninfer: warn\n"},
		{"a scope", nil, []string{"POST /accounts/{acc}/a", "POST /accounts/{acc}/b", "POST /accounts/{acc}/c", "POST /accounts/{acc}/d", "POST /accounts/{acc}/e", "POST /accounts/{acc}/f"},
			"tenant: {path: acc} # leads most routes; if it is no tenant"},
		{"users are no tenants", nil, []string{"POST /users/{u}/a", "POST /users/{u}/b", "POST /users/{u}/c", "POST /users/{u}/d", "POST /users/{u}/e", "POST /users/{u}/f"},
			"version: 1\ncatalogue: none\ninfer: warn\n"},
		{"a service", nil, []string{"GET /billing/a", "POST /billing/a", "POST /billing/b", "POST /billing/c/{id}", "PUT /billing/c/{id}", "DELETE /billing/c/{id}"},
			"strip_prefixes: [/billing]\n"},
		{"a resource is no service", nil, []string{"GET /users", "POST /users", "POST /users/{id}/a", "POST /users/{id}/b", "POST /users/{id}/c", "POST /users/search"},
			"version: 1\ncatalogue: none\ninfer: warn\n"},
		{"the shipped catalogue", nil, []string{"PATCH /orgs/{org}/members/{m}"}, "version: 1\ntenant: {path: org}\ninfer: warn\n"},
	}
	for _, tt := range tests {
		if got, _ := write(t, scaffold.Options{Prefixes: tt.prefix}, tt.api...); !strings.Contains(got, tt.want) {
			t.Errorf("%s: want %q in\n%s", tt.name, tt.want, got)
		}
	}
}

// TestWrite checks which routes become rules, and what is told of the others.
func TestWrite(t *testing.T) {
	file, report := write(t, scaffold.Options{},
		"GET /notes", "HEAD /notes", "OPTIONS /notes", "PROPFIND /notes",
		"POST /notes", "POST /notes/", "PUT /notes/{id}", "PUT /notes/:note", "PUT /notes/{id:[0-9]+}",
		"* /hooks", "POST /a?b", "POST /notes/{id}/digest", "POST /{what}", "POST /notes/search")
	want := `routes:
  POST /{what}: {code: what:updated}  # the path has no word for what it is: choose one

  POST /notes:             {code: note:created}
  PUT /notes/{id}:         {code: note:updated}
  POST /notes/{id}/digest: {code: note.digest:created}  # or note:digested, if "digest" is an action
  POST /notes/search:      {ignore: "search changes nothing"}
`
	_, got, _ := strings.Cut(file, "infer: warn\n\n")
	if got, _, _ = strings.Cut(got, "\nevents:"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if report.Reads != 4 || len(report.New) != 5 || len(report.Doubtful) != 2 ||
		!slices.Equal(report.EveryMethod, []string{"/hooks"}) || len(report.Unwritable) != 1 || report.Unwritable[0].Route != "POST /a?b" {
		t.Errorf("got %+v", report)
	}
	for _, told := range []string{"1 for every method", "  /hooks\n", "1 that no rule can name", "POST /a?b"} {
		if !strings.Contains(report.String(), told) {
			t.Errorf("want %q in\n%v", told, report)
		}
	}
}

// TestWriteFits checks that a line is longer than a screen only if its key is.
func TestWriteFits(t *testing.T) {
	long := "/" + strings.Repeat("elephants/{elephant}/", 4)
	file, _ := write(t, scaffold.Options{}, "POST "+long+"trunks", "POST /elephants", "POST "+long+long+"trunks")
	for line := range strings.Lines(file) {
		if len(line) > 101 && !strings.HasSuffix(line, ":\n") && !strings.Contains(line, "sentence:") {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
	if !strings.Contains(file, "trunks:\n    code: elephant.elephant") {
		t.Errorf("want a long rule over two lines:\n%s", file)
	}
}

// TestTitle checks that a summary becomes a title only where it reads well.
func TestTitle(t *testing.T) {
	tests := []struct{ summary, want string }{
		{"Create a note", "Note created"},
		{"Create a new shared note.", "Shared note created"},
		{"Add a note", "Note created"}, // another verb: the draft
		{"Create a note for a user", "Note created"},
		{"Creates the note that was asked for when nobody looked", "Note created"},
		{"Create", "Note created"},
		{"Create ${NOTE}", "Note created"},
		{"", "Note created"},
		{"Create a sticky note", "Sticky note created"},
	}
	for _, tt := range tests {
		file, _, err := scaffold.Write([]routes.Route{{Method: "POST", Path: "/notes", Summary: tt.summary}}, scaffold.Options{})
		if err != nil || !strings.Contains(string(file), "    title: "+tt.want+"\n") {
			t.Errorf("%q: %v, want %q in\n%s", tt.summary, err, tt.want, file)
		}
	}
}

// TestWriteLoads checks on the routes that inference is tried on that every
// file loads, that a second run changes nothing, and that a file of some of
// the routes gains the others without losing a line.
func TestWriteLoads(t *testing.T) {
	for _, name := range []string{"corpus.tsv", "public.tsv", "inuse.tsv"} {
		api := corpus(t, filepath.Join("..", "infer", "testdata", name))
		file, report, err := scaffold.Write(api, scaffold.Options{})
		if err != nil || len(report.New) < 100 {
			t.Fatalf("%s: %v, %d rules", name, err, len(report.New))
		}
		if again, report, err := scaffold.Merge(name, file, api); err != nil || !bytes.Equal(again, file) || report.Changed() || len(report.Gone) > 0 {
			t.Errorf("%s: a second time: %v %v", name, err, report)
		}
		var some []routes.Route
		for i, r := range api {
			if i%3 > 0 {
				some = append(some, r)
			}
		}
		part, _, err := scaffold.Write(some, scaffold.Options{})
		if err != nil {
			t.Fatal(err)
		}
		merged, report, err := scaffold.Merge(name, part, api)
		if err != nil || !report.Changed() {
			t.Fatalf("%s: %v %v", name, err, report)
		}
		if line, kept := keepsLines(part, merged, report); !kept {
			t.Errorf("%s: the line %q is lost", name, line)
		}
		if again, report, err := scaffold.Merge(name, merged, api); err != nil || !bytes.Equal(again, merged) || report.Changed() {
			t.Errorf("%s: merged a second time: %v %v", name, err, report)
		}
		m, err := mapping.Parse(name, merged)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range api {
			if x := m.Explain(r.Method, r.Path); x.Rule.IsZero() {
				t.Errorf("%s: no rule names %s", name, r)
			}
		}
	}
}

// corpus returns the routes of a corpus of inference that change something.
func corpus(t *testing.T, name string) []routes.Route {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var api []routes.Route
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) > 1 && !strings.HasPrefix(line, "#") && fields[0] != "GET" && fields[0] != "OPTIONS" {
			api = append(api, routes.Route{Method: fields[0], Path: fields[1]})
		}
	}
	return api
}
