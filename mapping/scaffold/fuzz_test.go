package scaffold_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/routes"
	"github.com/activitylog-go/activitylog/mapping/scaffold"
)

// FuzzMerge checks that what is added to a mapping leaves a mapping, that no
// line of it is lost, and that nothing is added a second time.
func FuzzMerge(f *testing.F) {
	api := "POST /orgs/{org}/members\nPATCH /orgs/{org}/members/{m}\nPOST /issues/{i}/lock lockIssue\nDELETE /a\n* /b\nPOST /v2/notes\n"
	for _, old := range []string{
		"version: 1\n",
		"version: 1\nroutes: {}\n",
		"version: 1\nroutes:\n  {}\nevents: { }\n",
		"version: 1\nroutes: {POST /orgs: {code: org:created}}\nevents: {a:deleted: {title: A gone}}",
		"version: 1\r\nroutes:\r\n  POST /issues: {code: issue:created}\r\n  # the end",
		"\uFEFFversion: 1\nroutes:\n    POST /orgs/{org}/members/search:\n        ignore: |\n            it is\n\n            a search\n\n\ninfer: off\n",
		"version: 1\nevents:\n  a:created:\n  note:created: {title: \"N\"}\nroutes:\n  POST /v1/notes:\n    cases:\n      - {when: {status: 201}, code: note:created}\n# what else\n",
		"  version: 1\n  routes:\n    POST /issues:   {code: issue:created} # first\n\n    # second\n    POST /x: {code: x:created}\n...\n",
		"version: 1\nstrip_prefixes: [/v2]\ntenant: {path: org}\nroutes: # none\n  \"POST /q\": {ignore: 'no'}\n",
		"{version: 1}",
	} {
		f.Add([]byte(old), []byte(api))
	}
	f.Fuzz(func(t *testing.T, old, list []byte) {
		api, err := routes.Read("routes", bytes.NewReader(list))
		if err != nil {
			return
		}
		if _, err := mapping.Parse("activity.yaml", old); err != nil {
			if _, _, err := scaffold.Merge("activity.yaml", old, api); err == nil {
				t.Fatal("what is no mapping was merged")
			}
			return
		}
		merged, report, err := scaffold.Merge("activity.yaml", old, api)
		if err != nil {
			if !bytes.Contains(old, []byte("{")) {
				t.Fatalf("%v\n%s", err, old)
			}
			return // in braces
		}
		if _, err := mapping.Parse("activity.yaml", merged); err != nil {
			t.Fatalf("%v\n%s\nof\n%s", err, merged, old)
		}
		if line, kept := keepsLines(old, merged, report); !kept {
			t.Fatalf("the line %q is lost:\n%s\nof\n%s", line, merged, old)
		}
		again, report, err := scaffold.Merge("activity.yaml", merged, api)
		if err != nil || !bytes.Equal(again, merged) || report.Changed() {
			t.Fatalf("a second time: %v\n%s\nof\n%s", err, again, merged)
		}
	})
}

// FuzzWrite checks that a file can be written for any routes, and that adding
// the same routes changes nothing.
func FuzzWrite(f *testing.F) {
	f.Add([]byte("POST /orgs/{org}/members inviteMember\nPATCH /v1/orgs/:org\n* /x\nPOST /\nPUT /a:b/{c...}\nDELETE /{x}/{y}:undo"), "/v1")
	f.Add([]byte("method\tpath\nPOST\t/a b\tIssueAddTime\nPOST\t/#\nPOST\t/a: \nPOST\t/\"'\\\nPOST\t/ü\nPOST\t/{}"), "{")
	f.Fuzz(func(t *testing.T, list []byte, prefix string) {
		api, err := routes.Read("routes", bytes.NewReader(list))
		if err != nil {
			return
		}
		file, report, err := scaffold.Write(api, scaffold.Options{Prefixes: []string{prefix}})
		if err != nil && strings.HasPrefix(err.Error(), "scaffold: prefix ") {
			return // it is no path
		}
		if err != nil {
			t.Fatal(err)
		}
		again, second, err := scaffold.Merge("activity.yaml", file, api)
		if err != nil || !bytes.Equal(again, file) || second.Changed() || len(second.Gone) > 0 {
			t.Fatalf("a second time: %v\n%v%s\nof\n%v%s", err, second, again, report, file)
		}
	})
}

// keepsLines reports whether every line of a file is in the merged one, in
// order. Lines that a rule's new key or what is added in braces stands in are
// passed over.
func keepsLines(old, merged []byte, report scaffold.Report) (lost string, ok bool) {
	lines := strings.Split(string(merged), "\n")
	for line := range strings.Lines(string(old)) {
		line = strings.TrimRight(line, "\r\n")
		i := slices.IndexFunc(lines, func(l string) bool { return strings.TrimRight(l, "\r") == line })
		if i >= 0 {
			lines = lines[i+1:]
		} else if !changesWithin(line, report) {
			return line, false
		}
	}
	return "", true
}

func changesWithin(line string, report scaffold.Report) bool {
	return bracesBegin.MatchString(line) || slices.ContainsFunc(report.Renamed, func(r scaffold.Rename) bool {
		return strings.Contains(line, r.From)
	})
}

// bracesBegin matches lines in which routes or events have braces.
var bracesBegin = regexp.MustCompile(`(routes|events)['"]?\s*:\s*\{|^\s*\{`)
