package routes

import "fmt"

// An Error is one problem in a file of routes.
type Error struct {
	File string // as it was named to Read
	Line int    // 1-based; 0 if the problem is in no line
	Msg  string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Msg)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg)
}
