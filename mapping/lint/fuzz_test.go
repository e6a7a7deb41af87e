package lint_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/lint"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// FuzzCheck checks that lint takes every mapping that loads and every list of
// routes, that each finding is one line with a place in one of the files, and
// that a mapping does not differ from itself.
func FuzzCheck(f *testing.F) {
	f.Add(`version: 1
catalogue: payments
tenant: {path: org}
words: {commerce: com}
verbs: {freeze: freeze}
classify: {pin: secret, /bank: personal}
events:
  org.member:invited: {title: Invited, sentence: "{actor} invited {target}", aliases: org.user:invited}
  order:sold: {emitted_by: a job, translations: {de: {title: Verkauft}}}
routes:
  POST /orgs/{org}/payouts/{token}:
    each: request./payouts
    cases:
      - {when: {status: [2xx, 404], request: {/status: "*"}, header: {X-Key: a}}, code: org.user:invited}
      - {when: {changed: [/email/*], item: {/iban: x}, query: {otp: "*"}}, code: order:sell}
    target: {type: order, id: path.token, name: [item./name, response./phone]}
    changes: {from: request, ignore: [/a]}
  POST /orgs/search: {ignore: it finds}
`, "POST /orgs/{org}/payouts/:p\nPOST /v1/orgs/search\n* /x\n")
	f.Add("version: 1\nstrip_prefixes: [/v1]\nroutes:\n  POST /v1: {code: a:b}\n  POST /: {code: a:b}\n", "* /v1\n* /\n")
	f.Add("version: 1\ninfer: off\nroutes:\n  POST /a: {cases: [{when: {status: 4xx}, code: a:b}, {code: a:b}], changes: {track: [/pin]}}\n", "PUT /x//{y...}\n")
	f.Fuzz(func(t *testing.T, yaml, list string) {
		m, err := mapping.Parse("a.yaml", []byte(yaml))
		if err != nil {
			return
		}
		served, err := routes.Read("routes.txt", strings.NewReader(list))
		if err != nil {
			served = nil
		}
		for _, found := range lint.Check(m, served) {
			if found.Pos.Line < 1 || found.Pos.Column < 1 || found.Pos.File != "a.yaml" && found.Pos.File != "routes.txt" {
				t.Errorf("no place: %+v", found)
			}
			if found.Msg == "" || strings.ContainsFunc(found.Msg, unicode.IsControl) {
				t.Errorf("not one line: %q", found.Msg)
			}
		}
		if changes := lint.Diff(m, m, served); len(changes) > 0 {
			t.Errorf("it differs from itself: %v", changes)
		}
	})
}
