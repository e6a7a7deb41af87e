package mapping

import (
	"fmt"
	"strings"
)

// An Error is one problem in a mapping file.
type Error struct {
	File    string // as given to [Parse]
	Line    int    // from 1; 0 if the problem has no place
	Column  int    // from 1, in characters
	Msg     string // what is wrong and what to do
	Excerpt string // the lines around it with a caret below the place; may be empty
}

// Error returns "FILE:LINE:COLUMN: message", and the excerpt on lines of its own.
func (e *Error) Error() string {
	s := e.File
	if e.Line > 0 {
		s = fmt.Sprintf("%s:%d:%d", e.File, e.Line, e.Column)
	}
	s += ": " + e.Msg
	if e.Excerpt != "" {
		s += "\n" + e.Excerpt
	}
	return s
}

const excerptWidth = 100 // characters of a line

// excerpt returns the line, the one before it and a caret below the column.
func excerpt(text string, line, column int) string {
	if line < 1 {
		return ""
	}
	lines := strings.SplitN(text, "\n", line+1)
	if line > len(lines) {
		return ""
	}
	var b strings.Builder
	if line > 1 && strings.TrimSpace(lines[line-2]) != "" {
		before, _ := window(lines[line-2], 1)
		fmt.Fprintf(&b, "%5d | %s\n", line-1, before)
	}
	here, at := window(lines[line-1], column)
	fmt.Fprintf(&b, "%5d | %s\n", line, here)
	fmt.Fprintf(&b, "      | %s^", strings.Repeat(" ", at))
	return b.String()
}

// window returns the part of a line around a column, without its tabs, and
// how many characters stand before the column there.
func window(line string, column int) (part string, before int) {
	runes := []rune(strings.TrimRight(strings.ReplaceAll(line, "\t", " "), "\r"))
	before = min(max(column-1, 0), len(runes))
	start := max(before-excerptWidth/2, 0)
	if len(runes) <= excerptWidth {
		start = 0
	}
	end := min(start+excerptWidth, len(runes))
	return string(runes[start:end]), before - start
}
