package routes

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of a route list.
const (
	maxBytes    = 8 << 20
	maxPath     = 1024 // as of a mapping's routes
	maxProblems = 100
)

// Read reads a route list; name is what errors call it. A line is
//
//	METHOD PATH [OPERATION]
//
// with tabs or spaces between the columns; with a tab in the line only tabs
// separate, so that a column may hold spaces. The method * stands for every
// method. Empty lines, what follows a # at the start of a column and a first
// line "method path ..." are passed over; of lines with the same method and
// path the first counts.
//
// What gin prints at its start is read as well, wherever it comes from: in a
// text that has "[GIN-debug] POST /orgs/:org --> main.create (3 handlers)" in
// it, lines that are no routes are passed over.
//
// Read reports every problem, each an [*Error], joined; after 100 of them it
// stops. A list of more than 8 MiB or 100,000 routes is refused.
func Read(name string, r io.Reader) ([]Route, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxBytes {
		return nil, &Error{File: name, Msg: fmt.Sprintf("the list is larger than %d MiB", maxBytes>>20)}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	l := reader{file: name, isLog: bytes.Contains(data, []byte(ginMark)), seen: make(map[key]bool)}
	for text := range strings.Lines(string(data)) {
		l.number++
		if !l.line(text) {
			break
		}
	}
	if len(l.problems) > 0 {
		return nil, errors.Join(l.problems...)
	}
	return l.list, nil
}

type reader struct {
	file     string
	number   int
	isLog    bool // what gin printed, among other things
	begun    bool // behind the line that may be a header
	list     []Route
	seen     map[key]bool
	problems []error
}

// line reads one line and reports whether to go on.
func (l *reader) line(text string) bool {
	if !utf8.ValidString(text) {
		return l.problem("the line is not UTF-8")
	}
	columns, isGin := l.columns(strings.TrimSpace(text))
	if len(columns) == 0 {
		return true
	}
	isHeader := !l.begun && len(columns) > 1 && strings.EqualFold(columns[0], "method") && strings.EqualFold(columns[1], "path")
	l.begun = true
	if isHeader {
		return true
	}
	route, problem := parse(columns)
	switch {
	case problem != "" && l.isLog && !isGin:
		return true
	case problem != "":
		return l.problem("%s", problem)
	case l.seen[key{route.Method, route.Path}]:
		return true
	case len(l.list) == maxRoutes:
		l.problem("more than %d routes", maxRoutes)
		return false
	}
	l.seen[key{route.Method, route.Path}] = true
	route.File, route.Line = l.file, l.number
	l.list = append(l.list, route)
	return true
}

func (l *reader) problem(format string, args ...any) bool {
	if len(l.problems) == maxProblems {
		l.problems = append(l.problems, &Error{File: l.file, Msg: fmt.Sprintf("more than %d problems", maxProblems)})
		return false
	}
	l.problems = append(l.problems, &Error{File: l.file, Line: l.number, Msg: fmt.Sprintf(format, args...)})
	return true
}

const ginMark = "[GIN-debug] "

var ginRoute = regexp.MustCompile(`^([A-Z]+) +(/.*?) +--> (.*) \(\d+ handlers\)$`)

// columns splits a line, none if it has nothing to say. A line of gin's may
// stand behind what a log puts before it.
func (l *reader) columns(text string) (columns []string, isGin bool) {
	if _, printed, ok := strings.Cut(text, ginMark); ok {
		m := ginRoute.FindStringSubmatch(printed)
		if m == nil {
			return nil, true
		}
		return []string{m[1], m[2], operation(m[3])}, true
	}
	if strings.Contains(text, "\t") {
		for column := range strings.SplitSeq(text, "\t") {
			columns = append(columns, strings.TrimSpace(column))
		}
	} else {
		columns = strings.Fields(text)
	}
	isComment := func(column string) bool { return strings.HasPrefix(column, "#") }
	if i := slices.IndexFunc(columns, isComment); i >= 0 {
		columns = columns[:i]
	}
	for len(columns) > 0 && columns[len(columns)-1] == "" {
		columns = columns[:len(columns)-1]
	}
	return columns, false
}

// parse makes a route of a line's columns, or says what is wrong with them.
func parse(columns []string) (r Route, problem string) {
	switch {
	case len(columns) < 2:
		return r, fmt.Sprintf("%q: a line is METHOD PATH [OPERATION]", columns[0])
	case len(columns) > 3:
		return r, fmt.Sprintf("%d columns: a line is METHOD PATH [OPERATION], separated by tabs if one of them holds spaces", len(columns))
	}
	r.Method, r.Path = strings.ToUpper(columns[0]), columns[1]
	if r.Method == "*" {
		r.Method = ""
	}
	if len(columns) == 3 {
		r.Operation = columns[2]
	}
	return r, r.problem()
}

// problem says why a route cannot stand in a list, "" if it can.
func (r Route) problem() string {
	isOther := func(c rune) bool { return (c < 'A' || c > 'Z') && c != '-' }
	switch {
	case strings.ContainsFunc(r.Method, isOther):
		return fmt.Sprintf("the method must be a word such as POST, or * for every method, not %q", r.Method)
	case !strings.HasPrefix(r.Path, "/"):
		return fmt.Sprintf("path %.200q: it must begin with a slash", r.Path)
	case len(r.Path) > maxPath:
		return fmt.Sprintf("path %.40q…: it is %d bytes long, the longest may be %d", r.Path, len(r.Path), maxPath)
	}
	for _, s := range []string{r.Path, r.Operation} {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
			return fmt.Sprintf("%q: a route holds printable characters only", s)
		}
		if strings.HasPrefix(s, "#") || strings.Contains(s, ginMark) || strings.TrimSpace(s) != s {
			return fmt.Sprintf("%q: it must not begin with a #, begin or end in white space, or hold %q", s, ginMark)
		}
	}
	return ""
}
