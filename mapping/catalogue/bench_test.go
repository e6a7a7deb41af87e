package catalogue_test

import (
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

// BenchmarkSentence measures the sentence of an event: its one allocation is
// the sentence. Compare with the grammar, which reads no template.
func BenchmarkSentence(b *testing.B) {
	changed := catalogue.Condition{Changed: patterns(b, "/role")}
	c, err := catalogue.New(
		catalogue.Entry{Code: "org.member:updated", Sentences: texts("{actor} updated team member {target}")},
		catalogue.Entry{Code: "org.member:role_changed", Sentences: []catalogue.Sentence{
			{When: catalogue.Condition{Changed: patterns(b, "/status", "/address")}, Text: "{actor} moved {target}"},
			{When: changed, Text: "{actor} changed the role of {target}"},
		}},
		catalogue.Entry{Code: "payout:created", Sentences: texts("{actor} paid {attr.amount|number}"), Translations: map[string]catalogue.Translation{
			"de": {Sentences: texts("{actor} hat {attr.amount|number} ausgezahlt")},
		}},
	)
	if err != nil {
		b.Fatal(err)
	}
	for _, bb := range []struct {
		name, lang string
		code       activitylog.Code
	}{
		{"grammar", "en", "org.member:deleted"},
		{"template", "en", "org.member:updated"},
		{"condition", "en", "org.member:role_changed"},
		{"type", "en", "payout:created"},
		{"translation", "de-AT", "payout:created"},
	} {
		e := activitylog.Event{Code: bb.code, Outcome: activitylog.Success, Actor: ann, Targets: one("member", "mem_1", "Bob Ito")}
		e.Attributes.Set("amount", "1234567.50")
		if bb.name == "condition" {
			e.Changes = []activitylog.Change{{Path: "/role", Redacted: true}}
		}
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.SentenceIn(bb.lang, &e)
			}
		})
	}
}
