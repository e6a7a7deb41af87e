package catalogue_test

import (
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

func patterns(t testing.TB, texts ...string) []pointer.Pattern {
	t.Helper()
	var patterns []pointer.Pattern
	for _, text := range texts {
		p, err := pointer.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, p)
	}
	return patterns
}

func TestCondition(t *testing.T) {
	clientError := catalogue.StatusRange{Low: 400, High: 499}
	event := activitylog.Event{
		Outcome: activitylog.Denied,
		HTTP:    activitylog.HTTP{Status: 403},
		Changes: []activitylog.Change{activitylog.NewChange("/address/city", "Rome", "Oslo"), {Path: "/token", Redacted: true}},
	}
	tests := []struct {
		when  catalogue.Condition
		words string
		holds bool
	}{
		{catalogue.Condition{}, "", true},
		{catalogue.Condition{Status: []catalogue.StatusRange{clientError}}, "the status is 4xx", true},
		{catalogue.Condition{Status: []catalogue.StatusRange{{404, 404}, {200, 204}}}, "the status is 404 or 200-204", false},
		{catalogue.Condition{Status: []catalogue.StatusRange{{404, 404}, {403, 403}}}, "the status is 404 or 403", true},
		{catalogue.Condition{Outcomes: []activitylog.Outcome{activitylog.Failure, activitylog.Denied}}, "the outcome is failure or denied", true},
		{catalogue.Condition{Outcomes: []activitylog.Outcome{activitylog.Success}}, "the outcome is success", false},
		{catalogue.Condition{Changed: patterns(t, "/role", "/address")}, "/role or /address changed", true},
		{catalogue.Condition{Changed: patterns(t, "/token")}, "/token changed", true},
		{catalogue.Condition{Changed: patterns(t, "/address/city/name")}, "/address/city/name changed", false},
		{catalogue.Condition{Status: []catalogue.StatusRange{clientError}, Changed: patterns(t, "/role")},
			"the status is 4xx and /role changed", false},
		{catalogue.Condition{Status: []catalogue.StatusRange{clientError}, Changed: patterns(t, "/*/city")},
			"the status is 4xx and /*/city changed", true},
	}
	for _, tt := range tests {
		if got := tt.when.String(); got != tt.words {
			t.Errorf("got %q, want %q", got, tt.words)
		}
		if got := tt.when.Holds(&event); got != tt.holds {
			t.Errorf("when %s: got %v", tt.words, got)
		}
		if tt.when.Always() != (tt.words == "") {
			t.Errorf("when %s: it holds always: %v", tt.words, tt.when.Always())
		}
	}
}

func TestConditionsOfSentences(t *testing.T) {
	changed := func(path string) catalogue.Condition { return catalogue.Condition{Changed: patterns(t, path)} }
	conflict := catalogue.Condition{Status: []catalogue.StatusRange{{409, 409}}}
	c, err := catalogue.New(catalogue.Entry{
		Code: "org.member:updated",
		Sentences: []catalogue.Sentence{
			{When: changed("/role"), Text: "{actor} changed the role of {target}"},
			{When: changed("/status"), Text: "{actor} set {target} to {change./status.new}"},
		},
		Attempts: []catalogue.Sentence{{When: conflict, Text: "{actor} was too late"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		change func(*activitylog.Event)
		want   string
	}{
		{"first", func(e *activitylog.Event) { e.Changes = []activitylog.Change{activitylog.NewChange("/role", "a", "b")} },
			"Ann Lee changed the role of Bob Ito · role: a → b"},
		{"redacted", func(e *activitylog.Event) { e.Changes = []activitylog.Change{{Path: "/role", Redacted: true}} },
			"Ann Lee changed the role of Bob Ito · role changed"},
		{"second", func(e *activitylog.Event) {
			e.Changes = []activitylog.Change{activitylog.NewChange("/status", "a", "b")}
		},
			"Ann Lee set Bob Ito to b"},
		{"none", func(*activitylog.Event) {}, "Ann Lee updated org member Bob Ito"},
		{"attempt", func(e *activitylog.Event) { e.Outcome, e.HTTP.Status = activitylog.Failure, 409 }, "Ann Lee was too late"},
		{"another attempt", func(e *activitylog.Event) { e.Outcome, e.HTTP.Status = activitylog.Failure, 422 },
			"Failed: org.member:updated — Ann Lee on Bob Ito (422)"},
	}
	for _, tt := range tests {
		e := activitylog.Event{Code: "org.member:updated", Actor: ann, Targets: one("member", "mem_1", "Bob Ito")}
		tt.change(&e)
		if got := c.Sentence(&e); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}
