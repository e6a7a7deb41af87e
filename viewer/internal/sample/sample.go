// Package sample makes the activity log of an invented payments organisation,
// for the viewer's tests and pictures.
package sample

import (
	"fmt"
	"time"

	"github.com/activitylog-go/activitylog"
)

// Events returns three days of events that end shortly before now, newest
// first. Equal times make equal events.
func Events(now time.Time) []activitylog.Event {
	var events []activitylog.Event
	at := now
	for round := range 3 {
		for i, story := range stories {
			at = at.Add(-story.after - time.Duration(i*i*137+round*911)*time.Millisecond - 418*time.Microsecond)
			events = append(events, story.event(len(events), at))
		}
		at = at.Add(-9 * time.Hour)
	}
	return events
}

// Event returns one event that is not among Events: the n-th of a live list.
func Event(n int, at time.Time) activitylog.Event {
	return stories[n%len(stories)].event(1000+n, at)
}

// A story is one event before it happened.
type story struct {
	after   time.Duration // before the one above
	who     activitylog.Actor
	code    activitylog.Code
	summary string
	target  activitylog.Target
	http    activitylog.HTTP
	changes []activitylog.Change
	outcome activitylog.Outcome
	reason  string
	tenant  string // "acme" if empty
}

func (s story) event(n int, at time.Time) activitylog.Event {
	e := activitylog.Event{
		ID:       fmt.Sprintf("%08x-%04x-7000-8000-%012x", uint32(at.UnixMilli()>>16), uint16(at.UnixMilli()), n+1),
		Time:     at,
		Observed: at.Add(310 * time.Microsecond),
		Code:     s.code,
		Summary:  s.summary,
		Outcome:  activitylog.Success,
		Reason:   s.reason,
		Tenant:   "acme",
		Actor:    s.who,
		Targets:  []activitylog.Target{s.target},
		Changes:  s.changes,
		Source:   sources[s.who.ID],
		HTTP:     s.http,
		TraceID:  fmt.Sprintf("4bf92f3577b34da6a3ce%012x", n+0x929d0e),
		SpanID:   fmt.Sprintf("00f067aa%08x", n+0x0ba902),
		Service:  "payments-api",
		Stream:   "payments-api-7d9f4c5b6d-x2k8q",
		Seq:      uint64(48_211 - n),
	}
	e.Source.RequestID = fmt.Sprintf("req_01jdb%05x", n*7919+4711)
	if s.outcome != "" {
		e.Outcome = s.outcome
	}
	if s.tenant != "" {
		e.Tenant = s.tenant
	}
	if e.HTTP.Status == 0 {
		e.HTTP.Status = 200
	}
	if e.Outcome == activitylog.Failure && e.HTTP.Status >= 500 {
		e.ErrorType = fmt.Sprint(e.HTTP.Status)
	}
	e.Attributes.Set("region", "eu-west-1")
	e.Attributes.Set("release", "2026.11.3")
	return e
}
