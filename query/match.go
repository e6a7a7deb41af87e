package query

import (
	"slices"
	"strconv"
	"strings"

	"github.com/activitylog-go/activitylog"
)

// Match reports whether q selects e. What a store finds is what Match holds
// for: stores are tested against it.
func (q Query) Match(e *activitylog.Event) bool {
	if !q.Since.IsZero() && e.Time.Before(q.Since) || !q.Until.IsZero() && !e.Time.Before(q.Until) {
		return false
	}
	for _, t := range q.Terms {
		if slices.ContainsFunc(t.Values, func(v Value) bool { return v.holds(t.Key, e) }) == t.Negate {
			return false
		}
	}
	return true
}

func (v Value) holds(key Key, e *activitylog.Event) bool {
	if key == Status {
		return v.Low <= e.HTTP.Status && e.HTTP.Status <= v.High
	}
	return slices.ContainsFunc(key.Texts(e), v.MatchText)
}

// Texts returns what e has under k, each text once: one, which may be empty,
// or as many as e has targets or changes. A status is in decimal digits, and
// empty if there is none.
func (k Key) Texts(e *activitylog.Event) []string {
	switch k {
	case Event:
		return []string{string(e.Code)}
	case Actor:
		return []string{e.Actor.ID}
	case ActorType:
		return []string{string(e.Actor.Type)}
	case Tenant:
		return []string{e.Tenant}
	case Target:
		return distinct(e.Targets, func(t activitylog.Target) string { return t.ID })
	case TargetType:
		return distinct(e.Targets, func(t activitylog.Target) string { return t.Type })
	case Changed:
		return distinct(e.Changes, func(c activitylog.Change) string { return c.Path })
	case Outcome:
		return []string{string(e.Outcome)}
	case Status:
		return []string{statusText(e.HTTP.Status)}
	case Method:
		return []string{e.HTTP.Method}
	case Address:
		return []string{e.Source.ClientAddress}
	case Session:
		return []string{e.Source.SessionID}
	case Request:
		return []string{e.Source.RequestID}
	case Trace:
		return []string{e.TraceID}
	case Service:
		return []string{e.Service}
	default:
		return nil
	}
}

func distinct[T any](all []T, text func(T) string) []string {
	var texts []string
	for _, t := range all {
		if s := text(t); !slices.Contains(texts, s) {
			texts = append(texts, s)
		}
	}
	return texts
}

func statusText(status int) string {
	if status == 0 {
		return ""
	}
	return strconv.Itoa(status)
}

// MatchText reports whether the text of a field is what v asks for: the same
// bytes or, with Glob, the same with any run of bytes for each *.
func (v Value) MatchText(s string) bool {
	if !v.Glob {
		return v.Text == s
	}
	pieces := strings.Split(v.Text, "*")
	first, last := pieces[0], pieces[len(pieces)-1]
	if len(pieces) == 1 {
		return v.Text == s
	}
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, piece := range pieces[1 : len(pieces)-1] {
		_, rest, ok := strings.Cut(s, piece) // the leftmost place leaves the most for the others
		if !ok {
			return false
		}
		s = rest
	}
	return true
}
