package mapping_test

import (
	"fmt"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

func Example() {
	m, err := mapping.Parse("activitylog.yaml", []byte(`
version: 1
tenant: {path: org}
events:
  org.member:invited:
    title: Team member invited
    sentence: "{actor} invited a colleague to {tenant}"
routes:
  POST /orgs/{org}/members: {code: org.member:invited}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, route := range []string{"POST /orgs/{org}/members", "POST /orgs/{org}/invoices/{invoice}/send"} {
		event := activitylog.Event{Actor: activitylog.Actor{ID: "usr_1", Name: "Ann Lee"}}
		if rule := m.Rule("POST", route); rule.Complete(&event, &mapping.Exchange{Params: params{"acme", "inv_1"}}) {
			fmt.Println(event.Code, "|", event.Summary)
		}
	}
	// Output:
	// org.member:invited | Ann Lee invited a colleague to acme
	// invoice:sent | Ann Lee sent invoice inv_1
}
