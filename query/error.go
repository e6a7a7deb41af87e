package query

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// An Error says what is wrong with a query and where.
type Error struct {
	Text       string // what was parsed; a parameter of [FromValues] reads name:value
	At         [2]int // the faulty part, in bytes of Text: from At[0] up to At[1]
	Msg        string // "unknown key", in lower case and without a full stop
	DidYouMean string // what to write in place of the faulty part, or ""
}

// Error returns the message on one line.
func (e *Error) Error() string {
	msg := "query: " + e.Msg
	if part := e.Text[e.At[0]:e.At[1]]; part != "" {
		msg = fmt.Sprintf("query: %s: %q", e.Msg, part)
	}
	if e.DidYouMean != "" {
		msg += fmt.Sprintf(", did you mean %q?", e.DidYouMean)
	}
	return msg
}

// Underlined returns the text with the faulty part underlined, for a terminal:
// two lines without a final newline.
func (e *Error) Underlined() string {
	before, part := e.Text[:e.At[0]], e.Text[e.At[0]:e.At[1]]
	return oneLine(e.Text) + "\n" +
		strings.Repeat(" ", utf8.RuneCountInString(before)) +
		strings.Repeat("^", max(1, utf8.RuneCountInString(part)))
}

// oneLine makes every control character a space: the marks of the line below
// must stay in their columns, and a terminal obeys no query.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}
