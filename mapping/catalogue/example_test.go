package catalogue_test

import (
	"fmt"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

func Example() {
	c, err := catalogue.New(catalogue.Entry{
		Code:      "payout:approved",
		Title:     "Payout approved",
		Sentences: []catalogue.Sentence{{Text: "{actor} approved {attr.amount|money} to {target}"}},
		Aliases:   []activitylog.Code{"payout:released"},
		Translations: map[string]catalogue.Translation{
			"de": {Title: "Auszahlung freigegeben", Sentences: []catalogue.Sentence{{Text: "{actor} hat {attr.amount|money} an {target} freigegeben"}}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	e := activitylog.Event{
		Code:    "payout:released", // as it was called then
		Actor:   activitylog.Actor{ID: "usr_1", Name: "Ann Lee"},
		Targets: []activitylog.Target{{Type: "payee", Name: "Bob Ito"}},
	}
	e.Attributes.Set("amount", "1234.50 EUR")

	fmt.Println(c.Title(e.Code) + ": " + c.Sentence(&e))
	lang := c.Match("de-CH, fr;q=0.8")
	fmt.Println(c.TitleIn(lang, e.Code) + ": " + c.SentenceIn(lang, &e))
	// Output:
	// Payout approved: Ann Lee approved 1,234.50 EUR to Bob Ito
	// Auszahlung freigegeben: Ann Lee hat 1 234,50 EUR an Bob Ito freigegeben
}
