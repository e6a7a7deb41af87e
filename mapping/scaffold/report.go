package scaffold

import (
	"fmt"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
)

// A Report says what became of an API's routes.
type Report struct {
	New     []Decision // rules that were written
	Renamed []Rename   // rules that now name a route by its new path
	Gone    []Rule     // rules of the file that no route of the API has; they are kept
	Kept    int        // rules of the file that routes of the API have

	Doubtful    []Decision  // the new rules that could be read otherwise
	EveryMethod []string    // paths of routes that take every method; no rule names them
	Unwritable  []Unwritten // routes that a mapping cannot name

	Reads      int // routes that change nothing by their method
	Operations int // new rules that the name of the operation has decided
	Events     int // codes that were added to events
}

// A Decision is a new rule.
type Decision struct {
	Route  string           // as the file names it: "POST /orgs/{org}/members"
	Code   activitylog.Code // empty if the route is no event
	Ignore string           // why it is no event
	Doubt  string           // how it could be read otherwise
}

// A Rename is a rule whose route has another path now.
type Rename struct{ From, To string }

// A Rule is one that the file has.
type Rule struct {
	Route string
	Place string // "FILE:LINE:COLUMN"
}

// An Unwritten route cannot be named in a mapping.
type Unwritten struct {
	Route   string
	Problem error
}

// Changed reports whether the file is another than before.
func (r Report) Changed() bool { return len(r.New)+len(r.Renamed)+r.Events > 0 }

const longList = 20 // lines of one list that are told

// String returns the report in plain words, as lines for a terminal.
func (r Report) String() string {
	var b strings.Builder
	b.WriteString(r.summary() + ".\n")
	if r.Operations > 0 {
		fmt.Fprintf(&b, "%d of the codes %s from the names of operations.\n", r.Operations, verbFor(r.Operations, "comes", "come"))
	}
	if r.Events > 0 {
		fmt.Fprintf(&b, "%s added to events, with a title and a sentence to improve.\n", count(r.Events, "code"))
	}
	list(&b, "renamed", r.Renamed, func(x Rename) string { return x.From + "\n    is now " + x.To })
	list(&b, "gone: no route of the API; delete the rule if that is meant", r.Gone, func(x Rule) string { return x.Place + ": " + x.Route })
	if r.Kept+len(r.Gone) > 0 { // of a new file all are
		list(&b, "new", r.New, func(x Decision) string { return x.Route + "\n    " + x.what() })
	}
	list(&b, "doubtful: read these rules first", r.Doubtful, func(x Decision) string { return x.Route + "\n    " + string(x.Code) + ", " + x.Doubt })
	list(&b, "for every method, which no rule names: name the methods that change something", r.EveryMethod, func(x string) string { return x })
	list(&b, "that no rule can name", r.Unwritable, func(x Unwritten) string { return x.Route + "\n    " + firstLine(x.Problem.Error()) })
	return b.String()
}

// summary counts in one line what there is any of.
func (r Report) summary() string {
	ignored := 0
	for _, d := range r.New {
		if d.Code == "" {
			ignored++
		}
	}
	parts := []string{count(len(r.New), "new route")}
	if ignored > 0 {
		parts[0] += fmt.Sprintf(" (%d of them no %s)", ignored, verbFor(ignored, "event", "events"))
	}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(len(r.Renamed), "renamed")
	add(len(r.Gone), "gone")
	add(r.Kept, "kept")
	add(r.Reads, verbFor(r.Reads, "read left out", "reads left out"))
	return strings.Join(parts, ", ")
}

func (d Decision) what() string {
	if d.Code == "" {
		return "no event: " + d.Ignore
	}
	return string(d.Code)
}

// list writes a list with its heading, if it has any lines.
func list[T any](b *strings.Builder, heading string, all []T, line func(T) string) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%d %s\n", len(all), heading)
	for i, x := range all {
		if i == longList {
			fmt.Fprintf(b, "  … and %d more\n", len(all)-i)
			return
		}
		fmt.Fprintf(b, "  %s\n", line(x))
	}
}

func firstLine(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	return text
}

// count returns "1 route", "2 routes".
func count(n int, noun string) string { return fmt.Sprintf("%d %s", n, verbFor(n, noun, noun+"s")) }

func verbFor(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func mapped(list []string, f func(string) string) []string {
	var out []string
	for _, s := range list {
		out = append(out, f(s))
	}
	return out
}
