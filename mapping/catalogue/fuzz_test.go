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
		c, err := catalogue.New(catalogue.Entry{Code: e.Code, Sentences: texts(template), Attempts: texts(template)})
		if err != nil {
			return
		}
		check(t, c.Sentence(&e))
	})
}

func check(t *testing.T, sentence string) {
	t.Helper()
	if sentence == "" || len(sentence) > catalogue.MaxSentence || !utf8.ValidString(sentence) || strings.ContainsRune(sentence, 0) {
		t.Errorf("bad sentence %q", sentence)
	}
}
