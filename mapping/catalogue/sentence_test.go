package catalogue_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

var ann = activitylog.Actor{ID: "usr_1", Type: activitylog.User, Name: "Ann Lee", Email: "ann@example.com"}

func one(kind, id, name string) []activitylog.Target {
	return []activitylog.Target{{Type: kind, ID: id, Name: name}}
}

// more returns the change that says that there are n more.
func more(n int) activitylog.Change {
	doc := make(map[int]int)
	for i := range activitylog.MaxChanges + n {
		doc[i] = i
	}
	changes := activitylog.Diff(nil, doc)
	return changes[len(changes)-1]
}

// texts returns sentences that hold always.
func texts(texts ...string) []catalogue.Sentence {
	var sentences []catalogue.Sentence
	for _, text := range texts {
		sentences = append(sentences, catalogue.Sentence{Text: text})
	}
	return sentences
}

func TestGrammar(t *testing.T) {
	role := activitylog.NewChange("/role", "viewer", "admin")
	tests := []struct {
		name  string
		event activitylog.Event
		want  string
	}{
		{"name", activitylog.Event{Code: "org.member:updated", Actor: ann, Targets: one("member", "mem_1", "Bob Ito")},
			"Ann Lee updated org member Bob Ito"},
		{"id", activitylog.Event{Code: "payment_route:updated", Actor: activitylog.Actor{ID: "usr_1"}, Targets: one("payment_route", "payr_1", "")},
			"usr_1 updated payment route payr_1"},
		{"email", activitylog.Event{Code: "org:created", Actor: activitylog.Actor{ID: "usr_1", Email: "a@b.c"}},
			"a@b.c created org"},
		{"owner", activitylog.Event{Code: "user.password:updated", Actor: ann, Targets: one("user", "usr_2", "")},
			"Ann Lee updated user password of usr_2"},
		{"object and verb", activitylog.Event{Code: "org.member:role_changed", Actor: ann, Targets: one("member", "", "Bob Ito")},
			"Ann Lee changed role of org member Bob Ito"},
		{"adverb", activitylog.Event{Code: "payment:processed_manually", Actor: ann, Targets: one("payment", "pay_1", "")},
			"Ann Lee processed payment pay_1 manually"},
		{"irregular", activitylog.Event{Code: "request:forbidden", Actor: ann, Targets: one("request", "req_1", "")},
			"Ann Lee forbade request req_1"},
		{"particle", activitylog.Event{Code: "cart:checked_out", Actor: ann, Targets: one("cart", "c_1", "")},
			"Ann Lee checked out cart c_1"},
		{"complement", activitylog.Event{Code: "message:marked_as_read", Actor: ann, Targets: one("message", "m_1", "")},
			"Ann Lee marked message m_1 as read"},
		{"leading adverb", activitylog.Event{Code: "run:force_cancelled", Actor: ann, Targets: one("run", "r_1", "")},
			"Ann Lee force cancelled run r_1"},
		{"simple past", activitylog.Event{Code: "card:frozen", Actor: ann, Targets: one("card", "c_1", "")},
			"Ann Lee froze card c_1"},
		{"one change", activitylog.Event{Code: "org.member:updated", Actor: ann, Targets: one("member", "", "Bob"), Changes: []activitylog.Change{role}},
			"Ann Lee updated org member Bob · role: viewer → admin"},
		{"new value", activitylog.Event{Code: "a:updated", Actor: ann, Changes: []activitylog.Change{activitylog.NewChange("/max_items", nil, 3)}},
			"Ann Lee updated a · max items: 3"},
		{"removed value", activitylog.Event{Code: "a:updated", Actor: ann, Changes: []activitylog.Change{activitylog.NewChange("/home/city", "Rome", nil)}},
			"Ann Lee updated a · home city removed"},
		{"field with a slash and a tilde", activitylog.Event{Code: "a:updated", Actor: ann, Changes: []activitylog.Change{activitylog.NewChange("/a~1b/c~01", nil, 3)}},
			"Ann Lee updated a · a/b c~1: 3"},
		{"secret", activitylog.Event{Code: "a:updated", Actor: ann, Changes: []activitylog.Change{{Path: "/token", Redacted: true}}},
			"Ann Lee updated a · token changed"},
		{"three changes", activitylog.Event{Code: "a:updated", Actor: ann, Changes: []activitylog.Change{role, role, role}},
			"Ann Lee updated a · 3 fields"},
		{"more changes than an event has", activitylog.Event{Code: "a:updated", Actor: ann, Changes: []activitylog.Change{role, role, more(2900)}},
			"Ann Lee updated a · 2902 fields"},
		{"more changes of two values", activitylog.Event{Code: "a:updated", Actor: ann, Changes: []activitylog.Change{role, more(1), role, more(7)}},
			"Ann Lee updated a · 10 fields"},
		{"only one that is left out", activitylog.Event{Code: "a:updated", Actor: ann, Changes: []activitylog.Change{more(1)}},
			"Ann Lee updated a · 1 field"},
		{"change of a document that was too large", activitylog.Event{Code: "a:updated", Actor: ann, Changes: []activitylog.Change{{Truncated: true}}},
			"Ann Lee updated a"},
		{"on behalf", activitylog.Event{Code: "a:created", Actor: activitylog.Actor{ID: "usr_1", Name: "Ann Lee", OnBehalfOf: activitylog.Party{ID: "usr_2", Name: "Bob Ito"}}},
			"Ann Lee (as Bob Ito) created a"},
		{"system", activitylog.Event{Code: "a:deleted", Actor: activitylog.Actor{Type: activitylog.System, ID: "nightly-cleanup"}},
			"System (nightly-cleanup) deleted a"},
		{"system without a name", activitylog.Event{Code: "a:deleted", Actor: activitylog.Actor{Type: activitylog.System}},
			"System deleted a"},
		{"anonymous", activitylog.Event{Code: "a:deleted", Source: activitylog.Source{ClientAddress: "203.0.113.9"}},
			"Anonymous (203.0.113.9) deleted a"},
		{"nobody", activitylog.Event{Code: "a:deleted", Actor: activitylog.Actor{Type: activitylog.User}},
			"Unknown user deleted a"},
		{"denied", activitylog.Event{Code: "org.member:updated", Outcome: activitylog.Denied, Reason: "not an admin", Actor: ann,
			Targets: one("member", "mem_1", "Bob Ito"), HTTP: activitylog.HTTP{Status: 403}},
			"Denied: org.member:updated — Ann Lee on Bob Ito (403 not an admin)"},
		{"failed", activitylog.Event{Code: "org.member:updated", Outcome: activitylog.Failure, Actor: ann, HTTP: activitylog.HTTP{Status: 500}},
			"Failed: org.member:updated — Ann Lee (500)"},
		{"failed without HTTP", activitylog.Event{Code: "a:created", Outcome: activitylog.Failure, Actor: ann, Reason: "timeout"},
			"Failed: a:created — Ann Lee (timeout)"},
		{"failed, said nothing", activitylog.Event{Code: "a:created", Outcome: activitylog.Failure, Actor: ann, Targets: one("big_thing", "", "")},
			"Failed: a:created — Ann Lee on big thing"},
		{"unknown", activitylog.Event{Code: "a:created", Outcome: activitylog.Unknown, Actor: ann},
			"Unknown outcome: a:created — Ann Lee"},
		{"foreign name", activitylog.Event{Code: "UserSignedIn", Actor: ann, Targets: one("", "x", "")},
			"Ann Lee: UserSignedIn on x"},
		{"nothing", activitylog.Event{}, "Anonymous: event"},
		{"lines", activitylog.Event{Code: "a:created", Actor: activitylog.Actor{ID: "1", Name: "A\nB\x00C"}}, "A B C created a"},
		{"bidirectional", activitylog.Event{Code: "a:created", Actor: activitylog.Actor{ID: "1", Name: "A\u202eB\u2028C"}}, "A B C created a"},
		{"invisible", activitylog.Event{Code: "a:created", Actor: activitylog.Actor{ID: "1", Name: "A\u200bB\u200f\u061cC\ufeff"}}, "A B  C  created a"},
		{"joiners that scripts and emoji need", activitylog.Event{Code: "a:created", Actor: activitylog.Actor{ID: "1", Name: "می\u200cخواهم 👩\u200d💻"}}, "می\u200cخواهم 👩\u200d💻 created a"},
	}
	for _, tt := range tests {
		var none *catalogue.Catalogue
		if got := none.Sentence(&tt.event); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestTemplates(t *testing.T) {
	c, err := catalogue.New(catalogue.Entry{
		Code: "org.member:updated",
		Sentences: texts(
			"{actor} changed role of {target} from {change./role.old} to {change./role.new}",
			"{actor.email} updated {{{target.name}}} in {tenant} by {attr.via}",
			"{actor} touched {target.type} {target.id}",
		),
		Attempts: texts("{actor} tried to update {target}: {status} {reason}"),
	})
	if err != nil {
		t.Fatal(err)
	}
	event := func(change func(*activitylog.Event)) *activitylog.Event {
		e := &activitylog.Event{Code: "org.member:updated", Actor: ann, Tenant: "acme", Targets: one("team_member", "mem_1", "Bob Ito")}
		change(e)
		return e
	}
	tests := []struct {
		name   string
		change func(*activitylog.Event)
		want   string
	}{
		{"first", func(e *activitylog.Event) {
			e.Changes = []activitylog.Change{activitylog.NewChange("/role", "viewer", "admin")}
		}, "Ann Lee changed role of Bob Ito from viewer to admin"},
		{"first of several changes", func(e *activitylog.Event) {
			e.Changes = []activitylog.Change{activitylog.NewChange("/role", true, map[string]int{"a": 1}), activitylog.NewChange("/x", 1, 2)}
		}, `Ann Lee changed role of Bob Ito from true to {"a":1} · 2 fields`},
		{"secret change", func(e *activitylog.Event) { e.Changes = []activitylog.Change{{Path: "/role", Redacted: true}} },
			"Ann Lee touched team member mem_1 · role changed"},
		{"second", func(e *activitylog.Event) { e.Attributes.Set("via", "SCIM") },
			"ann@example.com updated {Bob Ito} in acme by SCIM"},
		{"third", func(*activitylog.Event) {}, "Ann Lee touched team member mem_1"},
		{"none", func(e *activitylog.Event) { e.Targets = nil }, "Ann Lee updated org member"},
		{"attempt", func(e *activitylog.Event) {
			e.Outcome, e.HTTP.Status, e.Reason = activitylog.Denied, 403, "no"
		}, "Ann Lee tried to update Bob Ito: 403 no"},
		{"attempt without a reason", func(e *activitylog.Event) { e.Outcome, e.HTTP.Status = activitylog.Denied, 403 },
			"Denied: org.member:updated — Ann Lee on Bob Ito (403)"},
	}
	for _, tt := range tests {
		if got := c.Sentence(event(tt.change)); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestParseTemplate(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "it is empty"},
		{"{actor", `"{" without "}"`},
		{"{actor {target}", `"{" without "}"`},
		{"a } b", `"}" without "{"`},
		{"{actr} did", "unknown placeholder {actr}"},
		{"{}", "unknown placeholder {}"},
		{"{change.role.old}", "slash"},
		{"{change./role}", "must end in"},
		{"{attr.}", "unknown placeholder"},
		{strings.Repeat("x", catalogue.MaxTemplate+1), "501 bytes"},
	}
	for _, tt := range tests {
		_, err := catalogue.ParseTemplate(tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ParseTemplate(%q): got %v, want an error with %q", tt.text, err, tt.want)
		}
	}
	for _, name := range catalogue.Placeholders() {
		if _, err := catalogue.ParseTemplate("{" + name + "}"); err != nil {
			t.Errorf("the placeholder %s is listed and refused: %v", name, err)
		}
	}
}

func TestBounds(t *testing.T) {
	long := strings.Repeat("ä", 10_000)
	c, err := catalogue.New(catalogue.Entry{Code: "a:created", Sentences: texts(strings.Repeat("{actor} {reason} ", 20))})
	if err != nil {
		t.Fatal(err)
	}
	e := activitylog.Event{Code: "a:created", Reason: long, Actor: activitylog.Actor{ID: "1", Name: long}}
	got := c.Sentence(&e)
	if len(got) > catalogue.MaxSentence || !strings.HasSuffix(got, "…") || !utf8.ValidString(got) {
		t.Errorf("got %d bytes ending in %q", len(got), got[len(got)-10:])
	}
}

func TestCatalogue(t *testing.T) {
	c, err := catalogue.New(
		catalogue.Entry{Code: "b.c:updated", Title: "C of B updated"},
		catalogue.Entry{Code: "a:created"},
	)
	if err != nil {
		t.Fatal(err)
	}
	if entries := c.Entries(); len(entries) != 2 || entries[0].Code != "a:created" {
		t.Errorf("Entries() = %v, want them sorted by code", entries)
	}
	if _, ok := c.Lookup("b.c:deleted"); ok {
		t.Error("Lookup found a code that is not there")
	}
	if e, ok := c.Lookup("b.c:updated"); !ok || e.Title != "C of B updated" {
		t.Errorf("Lookup: got %v, %v", e, ok)
	}
	if got := c.Title("org.api_key:created"); got != "Org API key created" {
		t.Errorf("Title of an unknown code: %q", got)
	}
	var none *catalogue.Catalogue
	if _, ok := none.Lookup("a:created"); ok || none.Entries() != nil || none.HasResource("a") || none.Title("") != "" {
		t.Error("a nil catalogue must be empty")
	}
	_, err = catalogue.New(
		catalogue.Entry{Code: "a:created", Sentences: texts("{nobody}")},
		catalogue.Entry{Code: "b:created", Attempts: texts("{")},
		catalogue.Entry{Code: "b:created"},
	)
	for _, want := range []string{"a:created: template: unknown placeholder {nobody}", "b:created: template:", "comes twice"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New: got %v, want it to say %q", err, want)
		}
	}
}
