package activitylogexporter

import (
	"bytes"
	"encoding/json"

	"github.com/activitylog-go/activitylog"
)

// readChanges reads a list of changes as our middleware writes it: a JSON decoder
// took half of all that it took to decode an event. It reports false if there is
// anything in it that takes one: an escape, a value that is an object or a list.
func readChanges(text string) (list []activitylog.Change, ok bool) {
	s := changesScanner{[]byte(text)}
	for begin := "["; s.skip(begin); begin = "," {
		c, ok := s.change()
		if !ok {
			return nil, false
		}
		list = append(list, c)
	}
	return list, len(list) > 0 && string(s.rest) == "]"
}

// A changesScanner reads JSON from its beginning. What it returns shares its
// memory.
type changesScanner struct{ rest []byte }

func (s *changesScanner) skip(token string) bool {
	if len(s.rest) < len(token) || string(s.rest[:len(token)]) != token {
		return false
	}
	s.rest = s.rest[len(token):]
	return true
}

func (s *changesScanner) change() (c activitylog.Change, ok bool) {
	if !s.skip(`{"path":"`) {
		return c, false
	}
	end := plainEnd(s.rest)
	if end < 0 {
		return c, false
	}
	c.Path, s.rest = string(s.rest[:end]), s.rest[end+1:]
	ok = (!s.skip(`,"old":`) || s.value(&c.Old)) && (!s.skip(`,"new":`) || s.value(&c.New))
	c.Redacted, c.Truncated = s.skip(`,"redacted":true`), s.skip(`,"truncated":true`)
	return c, ok && s.skip("}")
}

// value reads a text, a number or a truth.
func (s *changesScanner) value(into *json.RawMessage) bool {
	end := bytes.IndexAny(s.rest, ",}")
	switch {
	case len(s.rest) > 0 && s.rest[0] == '"':
		if end = plainEnd(s.rest[1:]) + 2; end < 2 {
			return false
		}
	case end <= 0 || s.rest[0] == 'n' || bytes.ContainsAny(s.rest[:end], " \t\r\n") || !json.Valid(s.rest[:end]):
		return false
	}
	*into, s.rest = s.rest[:end:end], s.rest[end:]
	return true
}

// plainEnd returns where the text ends whose quotation mark stands before b, or
// -1 if it is not of plain ASCII.
func plainEnd(b []byte) int {
	for i, c := range b {
		switch {
		case c == '"':
			return i
		case c < ' ' || c >= 0x7f || c == '\\':
			return -1
		}
	}
	return -1
}
