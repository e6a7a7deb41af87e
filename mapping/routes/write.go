package routes

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
)

// Write writes a route list that [Read] reads: method, path and operation, if
// it is known, separated by tabs. It writes nothing and reports each route
// that cannot stand in a list, because its path holds a line break for instance.
func Write(w io.Writer, list []Route) error {
	var problems []error
	for i, r := range list {
		if p := r.problem(); p != "" {
			problems = append(problems, fmt.Errorf("route %d: %s", i+1, p))
		}
	}
	if len(problems) > 0 {
		return errors.Join(problems...)
	}
	buf := bufio.NewWriter(w)
	for _, r := range list {
		fmt.Fprintf(buf, "%s\t%s", cmp.Or(r.Method, "*"), r.Path)
		if r.Operation != "" {
			fmt.Fprintf(buf, "\t%s", r.Operation)
		}
		fmt.Fprintln(buf)
	}
	return buf.Flush()
}
