package scaffold

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// Merge adds to a mapping file the routes of an API that it does not name, and
// returns the new content. file is its name, from which the files that it
// includes are found; old is its content.
//
// Lines are inserted, and the keys of rules whose route has moved are
// replaced; every other byte stays as it is. Rules that no route of the API
// has are kept and reported. A file to which nothing is to be added comes back
// as it is. Merge checks that the result loads and says of everything that was
// there what it said; if no such result can be made, the error says which
// lines to add by hand.
func Merge(file string, old []byte, api []routes.Route) ([]byte, Report, error) {
	m, err := load(file, old)
	if err != nil {
		return nil, Report{}, err
	}
	if m, err = inferring(file, old, m); err != nil {
		return nil, Report{}, err
	}
	missing, report := coverage(m, api)
	d := decide(missing, m, texts(document.Of(m).StripPrefixes))
	report.Unwritable, report.Operations = d.unwritable, d.operations
	report.Renamed, d.entries = renames(m, report.Gone, d.entries)
	report.Gone = slices.DeleteFunc(report.Gone, func(r Rule) bool {
		return slices.ContainsFunc(report.Renamed, func(x Rename) bool { return x.From == r.Route })
	})
	report.Kept += len(report.Renamed)
	events := drafts(d)
	if len(d.entries)+len(report.Renamed) == 0 {
		return old, report, nil
	}
	doubts := d.report()
	report.New, report.Doubtful, report.Events = d.entries.list(), doubts.Doubtful, len(events)

	merged, err := edit(file, old, document.Of(m), d.entries, report.Renamed, events)
	if err == nil {
		err = verify(file, old, merged, d.entries, report.Renamed, events)
	}
	if err != nil {
		return nil, report, byHand(file, d.entries, err)
	}
	return merged, report, nil
}

// load reads a mapping file whose content is at hand.
func load(file string, content []byte) (*mapping.Mapping, error) {
	name := filepath.ToSlash(file)
	return mapping.LoadFS(overlay{name, content}, name)
}

// inferring returns the mapping as it would be if it inferred the codes of
// routes: those that are missing are to be written down even where the file
// says infer: off.
func inferring(file string, old []byte, m *mapping.Mapping) (*mapping.Mapping, error) {
	at := document.Of(m).Infer
	if at.Value != "off" {
		return m, nil
	}
	t := newText(string(old))
	t.replace(at.Pos, "on")
	return load(file, []byte(t.String()))
}

// coverage holds the routes of an API against the rules of a mapping. It
// returns the routes that change something and that no rule names.
func coverage(m *mapping.Mapping, api []routes.Route) (missing []routes.Route, report Report) {
	used := make(map[mapping.Pos]bool)
	for _, r := range api {
		ruled := false
		for _, method := range methodsOf(r) {
			if x := m.Explain(method, r.Path); !x.Rule.IsZero() {
				used[x.Rule], ruled = true, true
			}
		}
		switch {
		case ruled:
		case r.Method == "":
			report.EveryMethod = append(report.EveryMethod, r.Path)
		case infer.Mutates(r.Method):
			missing = append(missing, r)
		default:
			report.Reads++
		}
	}
	for _, e := range document.Of(m).Routes {
		if used[e.Key.Pos] {
			report.Kept++
		} else {
			report.Gone = append(report.Gone, Rule{Route: e.Key.Value, Place: e.Key.Pos.String()})
		}
	}
	return missing, report
}

// methodsOf returns the methods of a route that a rule may name.
func methodsOf(r routes.Route) []string {
	if r.Method != "" {
		return []string{r.Method}
	}
	return []string{"POST", "PUT", "PATCH", "DELETE", "GET", "HEAD"}
}

func texts(list []document.Text) []string {
	var values []string
	for _, t := range list {
		values = append(values, t.Value)
	}
	return values
}

// byHand returns the error for a file that cannot be edited.
func byHand(file string, add entries, cause error) error {
	lines := ruleLines(add, "  ")
	return fmt.Errorf("%s: the file is written in a way that nothing can be added to it safely: put these lines below routes by hand:\n%s\n%w",
		file, strings.Join(lines, "\n"), cause)
}
