package catalogue_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

// FuzzSentence checks that every template that is read, with every event,
// gives one line of bounded, valid text.
func FuzzSentence(f *testing.F) {
	f.Add("{actor} changed {target} to {change./role.new}", "org.member:role_changed", "Ann", "Bob", "admin", 200)
	f.Add("{{}} {attr.x} {reason}", "UserSignedIn", "", "\xff\x00", "\n", 403)
	f.Add("{", "a:", "é", "", `{"a":`, 0)
	f.Add("{attr.x|money} {targets}", "a:created", "Ann", "Bob", `{"amount":"1250.5","currency":"EUR"}`, 200)
	f.Add("{change./role.new|number} {attr.x|time}", "a:created", "Ann", "-1234567.5", "2026-03-01T12:00:00+01:00", 200)
	f.Add("{attr.x|list} {change./*.old|date}", "a:created", "1772366400", "2026-03-01", `["a","b","c","d"]`, 200)
	f.Fuzz(func(t *testing.T, template, code, actor, target, value string, status int) {
		e := activitylog.Event{
			Code:    activitylog.Code(code),
			Outcome: activitylog.OutcomeOf(status),
			Reason:  value,
			Actor:   activitylog.Actor{ID: actor, Name: value, OnBehalfOf: activitylog.Party{ID: target}},
			Targets: one(value, target, actor),
			Changes: []activitylog.Change{{Path: "/" + value, Old: json.RawMessage(value)}, activitylog.NewChange("/role", target, value)},
			HTTP:    activitylog.HTTP{Status: status},
		}
		e.Attributes.Set("x", value)
		var none *catalogue.Catalogue
		check(t, none.Sentence(&e))
		c, err := catalogue.New(catalogue.Entry{
			Code: e.Code, Sentences: texts(template), Attempts: texts(template),
			Translations: map[string]catalogue.Translation{"de": {Sentences: texts(template)}},
		})
		if err != nil {
			return
		}
		check(t, c.Sentence(&e))
		check(t, c.SentenceIn("de", &e))
	})
}

// FuzzParseTemplate checks that a template is read, or refused with a place
// within it; and that one without braces says what it is.
func FuzzParseTemplate(f *testing.F) {
	for _, text := range []string{
		"{actor} changed {change./role.old} to {change./role.new}", "{{}}", "{attr.x|money}", "{attr.x|mony}", "{target|words}",
		"}", "{", "{change./a~2.new}", "{change./a/*/b.old|list}", "{attr.é|x", "a", " ", "",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := catalogue.ParseTemplate(text)
		if err != nil {
			problem, ok := err.(*catalogue.TemplateError)
			if !ok || problem.Offset < 0 || problem.Offset > len(text) || problem.Msg == "" {
				t.Errorf("ParseTemplate(%q): bad error %#v", text, err)
			}
			return
		}
		c, err := catalogue.New(catalogue.Entry{Code: "a:created", Sentences: texts(text)})
		if err != nil {
			t.Fatalf("New refuses %q, which ParseTemplate reads: %v", text, err)
		}
		got := c.Sentence(&activitylog.Event{Code: "a:created", Actor: ann})
		check(t, got)
		if isPlain(text) && got != text {
			t.Errorf("the template %q says %q", text, got)
		}
	})
}

// isPlain reports whether text is printable ASCII without braces.
func isPlain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' || r == '{' || r == '}' })
}

func check(t *testing.T, sentence string) {
	t.Helper()
	if sentence == "" || len(sentence) > catalogue.MaxSentence || !utf8.ValidString(sentence) || strings.ContainsRune(sentence, 0) {
		t.Errorf("bad sentence %q", sentence)
	}
}
