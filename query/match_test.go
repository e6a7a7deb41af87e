package query_test

import (
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
)

func invited() *activitylog.Event {
	return &activitylog.Event{
		Time:    now,
		Code:    "org.member:invited",
		Outcome: activitylog.Denied,
		Tenant:  "acme",
		Actor:   activitylog.Actor{ID: "usr_ann", Type: activitylog.User},
		Targets: []activitylog.Target{{Type: "member", ID: "m1"}, {Type: "role", ID: "admin"}},
		Source:  activitylog.Source{ClientAddress: "203.0.113.7", SessionID: "s1", RequestID: "r1"},
		HTTP:    activitylog.HTTP{Method: "POST", Status: 403},
		TraceID: "4bf9",
		Service: "api",
	}
}

func TestMatch(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"", true},
		{"event:org.member:invited", true},
		{"event:org.member", false},
		{"event:ORG.member:invited", false}, // values are exact
		{"event:org.*", true},
		{"event:*:invited", true},
		{"event:*.mem*:inv*", true},
		{"event:*invited*invited", false}, // no letter counts twice
		{"event:org.member:invited*", true},
		{`event:"org.*"`, false},
		{"event:*", true},
		{"actor:usr_ann,usr_bob", true},
		{"actor:usr_bob actor:usr_ann", true},
		{"actor:usr_bob", false},
		{"actor.type:user", true},
		{"tenant:acme AND tenant:other", false},
		{"tenant:acme AND tenant:ac*", true},
		{"target:m1", true},
		{"target:admin", true}, // any of them
		{"-target:admin", false},
		{"target:m1 AND target:admin", true},
		{"target:m1 AND target:m2", false},
		{"target.type:role", true},
		{"outcome:denied", true},
		{"-outcome:failure", true},
		{"-outcome:failure,denied", false},
		{"status:4xx", true},
		{"status:404..500", false},
		{"-status:403", false},
		{"method:post", true},
		{"address:203.0.113.*", true},
		{"session:s1 request:r1 trace:4BF9 service:api", true},
		{"session:s2", false},
		{`session:""`, false},
		{"after:2026-03-29T12:00:00Z", true}, // inclusive
		{"after:2026-03-29T12:00:00.000000001Z", false},
		{"before:2026-03-29T12:00:00Z", false}, // exclusive
		{"before:2026-03-29T12:00:00.000000001Z", true},
		{"on:2026-03-29", true},
		{"on:2026-03-28", false},
		{"after:2027-01-01 before:2026-01-01", false},
	}
	for _, tt := range tests {
		if got := mustParse(t, tt.text).Match(invited()); got != tt.want {
			t.Errorf("%q: Match = %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestMatchNothingThere(t *testing.T) {
	e := &activitylog.Event{Time: now}
	for text, want := range map[string]bool{
		`actor:""`:  true,
		"actor:*":   true,
		"target:*":  false, // there is no target
		"-target:*": true,
		"status:0":  true,
	} {
		if got := mustParse(t, text).Match(e); got != want {
			t.Errorf("%q: Match = %v, want %v", text, got, want)
		}
	}
}

// TestAndIsAScope checks that nothing a person writes reaches beyond the scope.
func TestAndIsAScope(t *testing.T) {
	scope := mustParse(t, "tenant:acme after:2026-01-01")
	other := invited()
	other.Tenant = "other"
	old := invited()
	old.Time = now.AddDate(-1, 0, 0)
	for _, text := range []string{"", "tenant:other", "tenant:*", "tenant:acme,other", "-tenant:acme", "after:2020-01-01", "actor:*"} {
		q := query.And(scope, mustParse(t, text))
		if q.Match(other) || q.Match(old) {
			t.Errorf("%q within %q selects what is outside", text, scope)
		}
		again, err := query.Parse(q.String(), query.Options{})
		if err != nil || again.String() != q.String() || again.Match(other) {
			t.Errorf("%q printed and parsed is %q, %v", q, again, err)
		}
	}
	if q := query.And(scope, mustParse(t, "tenant:*")); !q.Match(invited()) {
		t.Errorf("%q does not select what is inside", q)
	}
}

func TestAndLeavesItsArguments(t *testing.T) {
	a, b := mustParse(t, "-actor:x actor:c,d"), mustParse(t, "-actor:a -actor:b")
	before := a.String() + b.String()
	q := query.And(a, b)
	q.Terms[0].Values[0].Text = "changed"
	if a.String()+b.String() != before {
		t.Errorf("And changed its arguments to %q and %q", a, b)
	}
}

func TestQueryWithoutTimeZone(t *testing.T) {
	kyiv := query.Query{Since: now.In(options.Location)}
	if utc := (query.Query{Since: now}); kyiv.String() != utc.String() {
		t.Errorf("one moment prints as %q and %q", kyiv, utc)
	}
	if q := (query.Query{Until: now.Add(time.Nanosecond)}); !q.Match(invited()) {
		t.Errorf("%q does not select the moment before its end", q)
	}
}
