package sqlite

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/activitylog-go/activitylog"
)

var errDocument = errors.New("its JSON is not what a store writes")

// decode reads only what [encode] writes, which takes a fraction of what encoding/json
// needs to read any JSON: that was a third of the time of a page.
func (d *document) decode(e *activitylog.Event) error {
	if d.attributes.Valid {
		if err := json.Unmarshal([]byte(d.attributes.String), &e.Attributes); err != nil {
			return err
		}
	}
	return errors.Join(
		eachItem(d.targets.String, func(_ int, s *scanner) bool {
			var t activitylog.Target
			ok := s.skip(`{"type":`) && s.text(&t.Type) && (!s.skip(`,"id":`) || s.text(&t.ID)) && s.skip("}")
			e.Targets = append(e.Targets, t)
			return ok
		}),
		eachItem(d.targetNames.String, func(i int, s *scanner) bool {
			return i < len(e.Targets) && s.text(&e.Targets[i].Name)
		}),
		eachItem(d.changes.String, func(_ int, s *scanner) bool {
			var c activitylog.Change
			ok := s.skip(`{"path":`) && s.text(&c.Path)
			c.Redacted, c.Truncated = s.skip(`,"redacted":true`), s.skip(`,"truncated":true`)
			e.Changes = append(e.Changes, c)
			return ok && s.skip("}")
		}),
		eachItem(d.changeValues.String, func(i int, s *scanner) bool {
			if i >= len(e.Changes) || !s.skip("{") {
				return false
			}
			c := &e.Changes[i]
			if s.skip(`"old":`) && !s.value(&c.Old) {
				return false
			}
			s.skip(",")
			return (!s.skip(`"new":`) || s.value(&c.New)) && s.skip("}")
		}),
	)
}

// eachItem calls do at each item of a list; a list that is empty may be left
// out.
func eachItem(list string, do func(i int, s *scanner) bool) error {
	if list == "" {
		return nil
	}
	s := scanner{list}
	if !s.skip("[") {
		return errDocument
	}
	for i := 0; ; i++ {
		if !do(i, &s) {
			return errDocument
		}
		if s.rest == "]" {
			return nil
		}
		if !s.skip(",") {
			return errDocument
		}
	}
}

// A scanner reads JSON from its beginning. What it reads shares its memory.
type scanner struct{ rest string }

func (s *scanner) skip(token string) (ok bool) {
	s.rest, ok = strings.CutPrefix(s.rest, token)
	return ok
}

// text reads a string.
func (s *scanner) text(into *string) bool {
	end := s.textEnd()
	if end == 0 {
		return false
	}
	literal := s.rest[:end]
	s.rest = s.rest[end:]
	if strings.IndexByte(literal, '\\') >= 0 {
		return json.Unmarshal([]byte(literal), into) == nil
	}
	*into = literal[1 : end-1]
	return true
}

// textEnd returns where the string ends that s begins with, or 0.
func (s *scanner) textEnd() int {
	if s.rest == "" || s.rest[0] != '"' {
		return 0
	}
	for i := 1; i < len(s.rest); i++ {
		switch s.rest[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return 0
}

// value reads any value, in the bytes that it has.
func (s *scanner) value(into *json.RawMessage) bool {
	text, depth := s.rest, 0
	for s.rest != "" {
		switch s.rest[0] {
		case '"':
			end := s.textEnd()
			if end == 0 {
				return false
			}
			s.rest = s.rest[end:]
			continue
		case '{', '[':
			depth++
		case '}', ']', ',':
			if depth == 0 {
				*into = json.RawMessage(text[:len(text)-len(s.rest)])
				return len(*into) > 0
			}
			if s.rest[0] != ',' {
				depth--
			}
		}
		s.rest = s.rest[1:]
	}
	return false
}
