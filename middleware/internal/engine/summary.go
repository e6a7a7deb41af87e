package engine

import (
	"fmt"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

// coalesced is the code of events that tell of requests of several kinds.
const coalesced activitylog.Code = "request:coalesced"

// maxShort is the length in bytes of the longest string that a summary keeps:
// many of them are the clients' choice.
const maxShort = 256

// A summary counts events and keeps what all of them have in common.
type summary struct {
	mapping     *mapping.Mapping
	common      activitylog.Event
	target      activitylog.Target
	count       int
	first, last time.Time
}

func newSummary(m *mapping.Mapping, at place, e *activitylog.Event) *summary {
	s := &summary{mapping: m, first: e.Time, last: e.Time}
	s.common = activitylog.Event{Tenant: at.tenant, Outcome: e.Outcome, Severity: e.Severity, Code: coalesced}
	if at.code == "" {
		if e.EventName != "" {
			s.common.EventName = coalesced.Dotted() // as the mapping has them
		}
		return s
	}
	actor, source := e.Actor, e.Source
	for _, text := range []*string{
		&actor.ID, &actor.Name, &actor.Email, &actor.OnBehalfOf.ID, &actor.OnBehalfOf.Name,
		&source.ClientAddress, &source.PeerAddress, &source.UserAgent, &source.SessionID,
	} {
		*text = short(*text)
	}
	source.RequestID = ""
	s.common.Code, s.common.EventName, s.common.ErrorType, s.common.Reason = e.Code, e.EventName, e.ErrorType, short(e.Reason)
	s.common.Actor, s.common.Source = actor, source
	s.common.HTTP = activitylog.HTTP{Method: e.HTTP.Method, Route: e.HTTP.Route, Status: e.HTTP.Status}
	s.target = e.Target()
	s.target.ID, s.target.Name = short(s.target.ID), short(s.target.Name)
	return s
}

// short returns a copy of s, or nothing if it is long.
func short(s string) string {
	if len(s) > maxShort {
		return ""
	}
	return strings.Clone(s)
}

func (s *summary) add(e *activitylog.Event) {
	s.count++
	if e.Time.Before(s.first) {
		s.first = e.Time
	}
	if e.Time.After(s.last) {
		s.last = e.Time
	}
	keepCommon(&s.common.Actor, e.Actor)
	keepCommon(&s.common.Reason, e.Reason)
	keepCommon(&s.common.HTTP.Method, e.HTTP.Method)
	keepCommon(&s.common.HTTP.Route, e.HTTP.Route)
	keepCommon(&s.common.Source.ClientAddress, e.Source.ClientAddress)
	keepCommon(&s.common.Source.PeerAddress, e.Source.PeerAddress)
	keepCommon(&s.common.Source.UserAgent, e.Source.UserAgent)
	keepCommon(&s.common.Source.SessionID, e.Source.SessionID)
	keepCommon(&s.target, e.Target())
}

// keepCommon empties what is kept if it is not the same as v.
func keepCommon[T comparable](kept *T, v T) {
	if *kept != v {
		var none T
		*kept = none
	}
}

// finish returns the event that stands for all that were counted.
func (s *summary) finish() *activitylog.Event {
	e := &s.common
	e.Time = s.last
	if s.target != (activitylog.Target{}) {
		e.Targets = []activitylog.Target{s.target}
	}
	if e.Code == coalesced {
		e.Summary = fmt.Sprintf("Requests of many clients that were denied or found nothing: %d %s", s.count, s.span())
	} else {
		e.Summary = fmt.Sprintf("%s: %d more %s", s.mapping.Catalogue().Sentence(e), s.count, s.span())
	}
	e.Attributes.Set("coalesced.count", s.count)
	e.Attributes.Set("coalesced.first", s.first.UTC().Format(time.RFC3339Nano))
	e.Attributes.Set("coalesced.last", s.last.UTC().Format(time.RFC3339Nano))
	return e
}

// span tells in words when it was.
func (s *summary) span() string {
	first, last := s.first.UTC().Format(time.TimeOnly), s.last.UTC().Format(time.TimeOnly)
	if first == last {
		return "at " + first + " UTC"
	}
	return "from " + first + " to " + last + " UTC"
}
