package mapping

import "fmt"

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
