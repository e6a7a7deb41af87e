package catalogue_test

import (
	"errors"
	"strings"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

// TestAlias checks that an event that is stored under a former name of its
// code reads like one of today.
func TestAlias(t *testing.T) {
	c, err := catalogue.New(
		catalogue.Entry{
			Code: "org.member:deactivated", Title: "Team member deactivated", Sentences: texts("{actor} deactivated {target} ({code})"),
			Aliases: []activitylog.Code{"team.user:disabled", "UserDisabled"},
		},
		catalogue.Entry{Code: "org.group:removed", Aliases: []activitylog.Code{"org.group:deleted"}},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, former := range []activitylog.Code{"team.user:disabled", "UserDisabled", "org.member:deactivated"} {
		e := activitylog.Event{Code: former, Actor: ann, Targets: one("member", "", "Bob Ito")}
		if got, want := c.Sentence(&e), "Ann Lee deactivated Bob Ito (org.member:deactivated)"; got != want {
			t.Errorf("%s: got %q, want %q", former, got, want)
		}
		if e.Code != former {
			t.Errorf("%s: Sentence changed the event to %s", former, e.Code)
		}
		e.Outcome = activitylog.Denied
		if got, want := c.Sentence(&e), "Denied: org.member:deactivated — Ann Lee on Bob Ito"; got != want {
			t.Errorf("%s: got %q, want %q", former, got, want)
		}
		if entry, ok := c.Lookup(former); !ok || entry.Code != "org.member:deactivated" {
			t.Errorf("Lookup(%s): got %v, %v", former, entry, ok)
		}
		if got := c.Current(former); got != "org.member:deactivated" {
			t.Errorf("Current(%s) = %s", former, got)
		}
		if got := c.Title(former); got != "Team member deactivated" {
			t.Errorf("Title(%s) = %q", former, got)
		}
	}
	if !c.HasResource("team.user") || !c.HasResource("org.member") || c.HasResource("team") {
		t.Error("HasResource must know the resources of codes and aliases, and no others")
	}
	if got := c.Title("org.group:deleted"); got != "Org group removed" {
		t.Errorf("the title that is made of the code: got %q", got)
	}
	e := activitylog.Event{Code: "org.group:deleted", Actor: ann}
	if got := c.Sentence(&e); got != "Ann Lee removed org group" {
		t.Errorf("the grammar: got %q", got)
	}
	if got := c.Current("org.group:renamed"); got != "org.group:renamed" {
		t.Errorf("Current of an unknown code: got %q", got)
	}
	if n := len(c.Entries()); n != 2 {
		t.Errorf("%d entries: an alias is none", n)
	}
	var none *catalogue.Catalogue
	if got := none.Current("a:created"); got != "a:created" {
		t.Errorf("Current on a nil catalogue: got %q", got)
	}
}

// TestNewErrors checks that New reports every problem at once.
func TestNewErrors(t *testing.T) {
	aliases := func(aliases ...activitylog.Code) []activitylog.Code { return aliases }
	_, err := catalogue.New(
		catalogue.Entry{Code: "a:created", Sentences: texts("{nobody}", "}"), Aliases: aliases("b:created", "x:created")},
		catalogue.Entry{Code: "b:created", Attempts: texts("{"), Aliases: aliases("x:created", "b:created", "")},
		catalogue.Entry{Code: "b:created"},
		catalogue.Entry{Code: "c:created", Severity: 25, Aliases: aliases("y:created", "y:created")},
		catalogue.Entry{Code: "d:created", Severity: -1, Translations: map[string]catalogue.Translation{
			"en": {}, "de": {Sentences: texts("{wer}")}, "DE": {}, "de_AT": {Title: "x"}, "de_DE": {Sentences: texts("{}")}, "uk": {Attempts: texts("{attr.x|mony}")},
		}},
	)
	for _, want := range []string{
		"a:created: template: unknown placeholder {nobody}",
		`a:created: template: "}" without "{"`,
		"a:created: the alias b:created is a code of the catalogue",
		`b:created: template: "{" without "}"`,
		"b:created: the code comes twice",
		"b:created: the alias x:created is one of a:created already",
		"b:created: the alias b:created is a code of the catalogue",
		"b:created: an alias is empty",
		"c:created: no log record has the severity 25",
		"c:created: the alias y:created comes twice",
		"d:created: no log record has the severity -1",
		`d:created: translation "de": template: unknown placeholder {wer}`,
		`d:created: translation "de": the language de comes twice`,
		`d:created: translation "de_AT": "de_AT" is no language tag`,
		`d:created: translation "de_DE": "de_DE" is no language tag`,
		`d:created: translation "de_DE": template: unknown placeholder {}`,
		`d:created: translation "en": English is what the entry itself says`,
		`d:created: translation "uk": template: unknown type "mony"`,
	} {
		if err == nil || !strings.Contains(err.Error()+"\n", want) {
			t.Errorf("New: got %v, want it to say %q", err, want)
		}
	}
	alias, language, template := 0, 0, 0
	for _, problem := range err.(interface{ Unwrap() []error }).Unwrap() {
		var e *catalogue.EntryError
		if !errors.As(problem, &e) || e.Code == "" {
			t.Errorf("%v is no problem of an entry", problem)
			continue
		}
		var inTemplate *catalogue.TemplateError
		switch {
		case errors.As(problem, &inTemplate):
			template++
		case e.Alias != "":
			alias++
		case e.Language != "":
			language++
		}
	}
	if alias != 4 || language != 4 || template != 6 {
		t.Errorf("%d problems of aliases, %d of languages, %d of templates, want 4, 4 and 6", alias, language, template)
	}
}
