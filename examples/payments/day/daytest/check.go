// Package daytest checks that an activity log tells the story of package day:
// for the tests of the example, and of what keeps its events.
package daytest

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/examples/payments/day"
)

// catalogue is what the example has to emit: the shipped codes and those of
// work by hand and of sessions.
var catalogue = []activitylog.Code{
	"org:created", "org.profile:updated",
	"org.member:invited", "org.member:joined", "org.member:declined",
	"org.member:updated", "org.member:deactivated", "org.member:activated",
	"org.api_key:created", "org.api_key:updated",
	"deposit_account:created", "deposit_account:updated",
	"provider_account:created", "provider_account:updated",
	"merchant_account:created", "merchant_account:updated",
	"payment_route:updated", "payment_routing_scheme:created", "payment_routing_scheme:updated",
	"payout_route:updated", "payout_routing_scheme:created", "payout_routing_scheme:updated",
	"fx_rate_scheme:created", "fx_rate_scheme:updated",
	"com.scheme:created", "com.scheme:updated",
	"com.scheme_payment_service:updated", "com.scheme_payout_service:updated",
	"com.account:created", "com.account:updated",

	"payment:processed_manually", "payout:processed_manually",
	"user:logged_in", "user:login_failed", "user:logged_out",
}

// Check reports every difference between events, which are in the order of
// time, and the story of a day that was played after began: code, actor,
// tenant, target, outcome, time and source of each, and that every code of the
// catalogue is among them.
func Check(t testing.TB, events []activitylog.Event, began time.Time) {
	t.Helper()
	checkCodes(t, events)
	checkSteps(t, events, began)
}

func checkCodes(t testing.TB, events []activitylog.Event) {
	t.Helper()
	got := make(map[activitylog.Code]int)
	succeeded := make(map[activitylog.Code]bool)
	for _, e := range events {
		got[e.Code]++
		succeeded[e.Code] = succeeded[e.Code] || e.Outcome == activitylog.Success
	}
	for _, code := range catalogue {
		if got[code] == 0 {
			t.Errorf("no event %s", code)
		}
		if !succeeded[code] && code != "user:login_failed" {
			t.Errorf("no event %s that succeeded", code)
		}
	}
	want := day.Expected()
	for code, n := range want {
		if got[code] != n {
			t.Errorf("%d events %s, Expected says %d", got[code], code, n)
		}
	}
	for code := range got {
		if want[code] == 0 {
			t.Errorf("events %s, Expected has none", code)
		}
	}
}

// checkSteps compares the events with the steps one by one.
func checkSteps(t testing.TB, events []activitylog.Event, began time.Time) {
	t.Helper()
	w := newWorld()
	last := began.Add(-day.Length - time.Second)
	for _, step := range day.Story() {
		if step.Code == "" {
			continue
		}
		if len(events) == 0 {
			t.Fatalf("%s %s: no event any more", step.At, step.Do)
		}
		e := events[0]
		events = events[1:]
		what := step.At + " " + step.Who + ": " + step.Do

		if e.Code != step.Code || e.HTTP.Status != step.Status {
			t.Fatalf("%s: event %s with status %d, want %s with %d", what, e.Code, e.HTTP.Status, step.Code, step.Status)
		}
		if got, want := e.Actor, w.actor(step); got != want {
			t.Errorf("%s: actor is %+v, want %+v", what, got, want)
		}
		if got, want := e.Tenant, w.tenant(step); got != want {
			t.Errorf("%s: tenant is %q, want %q", what, got, want)
		}
		if got := cmp.Or(e.Target().Name, e.Target().ID); !sameTarget(got, step.Target) {
			t.Errorf("%s: target is %+v, want %q", what, e.Target(), step.Target)
		}
		if got, want := e.Outcome, outcome(step.Status); got != want {
			t.Errorf("%s: outcome is %s, want %s", what, got, want)
		}
		if e.Outcome != activitylog.Success && e.Reason == "" {
			t.Errorf("%s: no reason", what)
		}
		if !e.Time.After(last) || e.Time.After(began) {
			t.Errorf("%s: time is %v, the event before had %v and the day ends before %v", what, e.Time, last, began)
		}
		if e.Source.ClientAddress != "127.0.0.1" || e.Source.UserAgent == "" || e.Source.RequestID == "" {
			t.Errorf("%s: source is %+v", what, e.Source)
		}
		last = e.Time
		w.happened(step, e)
	}
	if len(events) > 0 {
		t.Errorf("%d events more than steps: %s first", len(events), events[0].Code)
	}
}

// outcome is the design's rule, spelled out for the statuses of the story.
func outcome(status int) activitylog.Outcome {
	switch status {
	case 200, 201, 204:
		return activitylog.Success
	case 401, 403:
		return activitylog.Denied
	case 400, 404, 409, 422, 502:
		return activitylog.Failure
	}
	return "the story has no such status"
}

// sameTarget compares the target's name or id with a step's; "{shop}" stands
// for an id that the API made.
func sameTarget(got, want string) bool {
	if strings.HasPrefix(want, "{") {
		_, random, ok := strings.Cut(got, "_")
		return ok && len(random) == 20
	}
	return got == want
}
