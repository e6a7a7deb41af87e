package activitylogtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
)

// Expect fails the test unless exactly one of the recorded events meets every
// matcher, and returns that event. A failure shows the event that comes
// nearest, line by line:
//
//	activitylogtest.Expect(t, rec,
//		activitylogtest.Code("org.member:updated"),
//		activitylogtest.Actor("usr_ann"),
//		activitylogtest.Changed("/role", "viewer", "admin"))
//
// It does not wait: an event is there when the middleware has returned. Over a
// connection that is after the response has ended, but not always before the
// client has read it: shut the server down first.
func Expect(t testing.TB, rec *Recorder, want ...Matcher) activitylog.Event {
	t.Helper()
	events := rec.Events()
	met := matching(events, want)
	switch len(met) {
	case 1:
		return events[met[0]]
	case 0:
		t.Errorf("activitylogtest: %s", missing(events, want))
	default:
		t.Errorf("activitylogtest: %d events meet this, want 1: %s\n%s", len(met), inWords(want), list(events, met))
	}
	return activitylog.Event{}
}

// ExpectNone fails the test if a recorded event meets every matcher; without
// matchers, if there is any event.
func ExpectNone(t testing.TB, rec *Recorder, unwanted ...Matcher) {
	t.Helper()
	events := rec.Events()
	if met := matching(events, unwanted); len(met) > 0 {
		t.Errorf("activitylogtest: %d of %d events meet this, want none: %s\n%s",
			len(met), len(events), inWords(unwanted), list(events, met))
	}
}

// matching returns the positions of the events that meet every matcher.
func matching(events []activitylog.Event, want []Matcher) []int {
	var met []int
	for i := range events {
		if count(&events[i], want) == len(want) {
			met = append(met, i)
		}
	}
	return met
}

// count returns how many of the matchers the event meets.
func count(e *activitylog.Event, want []Matcher) int {
	n := 0
	for _, m := range want {
		if _, ok := m.look(e); ok {
			n++
		}
	}
	return n
}

// missing says why no event is the one that was expected.
func missing(events []activitylog.Event, want []Matcher) string {
	if len(events) == 0 {
		return "no event was recorded, want one: " + inWords(want)
	}
	nearest := 0
	for i := range events {
		if count(&events[i], want) > count(&events[nearest], want) {
			nearest = i
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "no event is as expected, nearest is event %d of %d:", nearest+1, len(events))
	for _, m := range want {
		got, ok := m.look(&events[nearest])
		if ok {
			fmt.Fprintf(&b, "\n\t  %s %s", m.what, got)
		} else {
			fmt.Fprintf(&b, "\n\t✗ %s: got %s, want %s", m.what, got, m.want)
		}
	}
	if len(events) > 1 {
		fmt.Fprintf(&b, "\nall events:\n%s", list(events, nil))
	}
	return b.String()
}

func inWords(matchers []Matcher) string {
	if len(matchers) == 0 {
		return "any event"
	}
	var words []string
	for _, m := range matchers {
		words = append(words, m.what+" "+m.want)
	}
	return strings.Join(words, ", ")
}

// maxListed is how many events a failure lists.
const maxListed = 20

// list returns the events at the positions, or all, one a line.
func list(events []activitylog.Event, at []int) string {
	if at == nil {
		for i := range events {
			at = append(at, i)
		}
	}
	var lines []string
	for i, n := range at {
		if i == maxListed {
			lines = append(lines, fmt.Sprintf("\t… and %d more", len(at)-maxListed))
			break
		}
		e := &events[n]
		lines = append(lines, fmt.Sprintf("\t%d: %s by %s, %s: %s", n+1, e.Code, actorText(e.Actor), targetsText(e.Targets), e.Outcome))
	}
	return strings.Join(lines, "\n")
}
