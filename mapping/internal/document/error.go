package document

import (
	"fmt"
	"strings"
)

// An Error is one problem in a mapping file.
type Error struct {
	Pos     Pos
	Msg     string // what is wrong and what to do
	Excerpt string // the lines around it with the place underlined; may be empty
}

// Error returns "FILE:LINE:COLUMN: message", and the excerpt on lines of its own.
func (e *Error) Error() string {
	s := e.Pos.String() + ": " + e.Msg
	if e.Excerpt != "" {
		s += "\n" + e.Excerpt
	}
	return s
}

// Excerpt returns the line of p, the one before it, and the place underlined.
// lines are those of its file; if they do not have it, the excerpt is empty.
func (p Pos) Excerpt(lines []string) string {
	return excerpt(func(n int) []rune {
		if n < 1 || n > len(lines) {
			return nil
		}
		return []rune(strings.TrimRight(lines[n-1], "\r\n"))
	}, p)
}

const excerptWidth = 100 // characters of a line

// excerpt returns the line, the one before it, and the place underlined.
func excerpt(lineOf func(int) []rune, at Pos) string {
	line := lineOf(at.Line)
	if line == nil {
		return ""
	}
	var b strings.Builder
	if before, _ := window(lineOf(at.Line-1), 1); strings.TrimSpace(before) != "" {
		fmt.Fprintf(&b, "%5d | %s\n", at.Line-1, before)
	}
	here, column := window(line, at.Column)
	width := max(1, min(at.Length, len([]rune(here))-column))
	fmt.Fprintf(&b, "%5d | %s\n", at.Line, here)
	fmt.Fprintf(&b, "      | %s%s", strings.Repeat(" ", column), strings.Repeat("^", width))
	return b.String()
}

// window returns the part of a line around a column, without its tabs, and
// how many characters stand before the column there.
func window(line []rune, column int) (part string, before int) {
	before = min(max(column-1, 0), len(line))
	start := max(before-excerptWidth/2, 0)
	if len(line) <= excerptWidth {
		start = 0
	}
	end := min(start+excerptWidth, len(line))
	return strings.ReplaceAll(string(line[start:end]), "\t", " "), before - start
}
