package query

import (
	"slices"
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
	switch key {
	case Event:
		return v.MatchText(string(e.Code))
	case Actor:
		return v.MatchText(e.Actor.ID)
	case ActorType:
		return v.MatchText(string(e.Actor.Type))
	case Tenant:
		return v.MatchText(e.Tenant)
	case Target:
		return slices.ContainsFunc(e.Targets, func(t activitylog.Target) bool { return v.MatchText(t.ID) })
	case TargetType:
		return slices.ContainsFunc(e.Targets, func(t activitylog.Target) bool { return v.MatchText(t.Type) })
	case Changed:
		return slices.ContainsFunc(e.Changes, func(c activitylog.Change) bool { return v.MatchText(c.Path) })
	case Outcome:
		return v.MatchText(string(e.Outcome))
	case Status:
		return v.Low <= e.HTTP.Status && e.HTTP.Status <= v.High
	case Method:
		return v.MatchText(e.HTTP.Method)
	case Address:
		return v.MatchText(e.Source.ClientAddress)
	case Session:
		return v.MatchText(e.Source.SessionID)
	case Request:
		return v.MatchText(e.Source.RequestID)
	case Trace:
		return v.MatchText(e.TraceID)
	case Service:
		return v.MatchText(e.Service)
	default:
		return false
	}
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
