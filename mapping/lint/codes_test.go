package lint_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/lint"
)

func TestUnknownCode(t *testing.T) {
	const own = `catalogue: none
events:
  order:cancelled: {sentence: "{actor} cancelled {target}", aliases: order:aborted}
routes:
`
	run(t, []test{
		{"known", own + "  POST /orders/{id}/cancel: {code: order:cancelled}", "", nil},
		{"of the shipped catalogue", "routes: {POST /orgs: {code: \"org:created\"}}", "", nil},
		{"a slip of the pen in the verb", own + "  POST /x: {code: order:canceled}", "", []string{
			"6:19 unknown-code: code order:canceled is not in the catalogue: did you mean order:cancelled?"}},
		{"in the resource", own + "  POST /x: {code: oder:cancelled}", "", []string{"6:19 unknown-code: did you mean order:cancelled?"}},
		{"another deed", own + "  POST /x: {code: order:created}", "", []string{
			"6:19 unknown-code: code order:created is not in the catalogue: add it to events"}},
		{"in a case", own + "  POST /x: {cases: [{when: {status: 404}, code: \"order:missed\"}, {code: \"order:cancelled\"}]}", "", []string{
			"6:49 unknown-code: order:missed"}},
		{"once", own + "  POST /x: {code: order:sold}\n  POST /y: {code: order:sold}", "", []string{"6:19 unknown-code: order:sold"}},
		{"a former name", own + "  POST /x: {code: order:aborted}", "", []string{
			"6:19 unknown-code: code order:aborted is a former name of order:cancelled: write that"}},
		{"inferred", own + "  POST /x: {code: order:cancelled}", "POST /x; DELETE /orders/{id}", []string{
			"routes.txt:2:1 unknown-code: DELETE /orders/{id}: the code order:deleted is not in the catalogue"}},
		{"inferred, and inference is off", own + "  POST /x: {code: order:cancelled}\ninfer: off", "POST /x; DELETE /orders/{id}", []string{
			"routes.txt:2:1 unmapped: DELETE"}},
	})
}

func TestUnusedCode(t *testing.T) {
	const events = `events:
  org.member:updated: {sentence: "{actor} updated {target}"}
  org.member:purged: {sentence: "{actor} purged {target}"}
`
	const served = "PATCH /orgs/{org}/members/{id}"
	run(t, []test{
		{"the routes are not known", events, "", nil},
		{"the routes are not known, and nothing is inferred", "infer: off\n" + events + "routes: {PUT /x: {code: \"org.member:updated\"}}", "", []string{
			"5:3 unused-code: org.member:purged is emitted by no route"}},
		{"by no route", events, served, []string{"4:3 unused-code: org.member:purged is emitted by no route"}},
		{"by a rule", events + "routes: {\"DELETE /x\": {code: \"org.member:purged\"}}", served + "; DELETE /x", nil},
		{"by one case of a rule", events + "routes: {\"DELETE /x\": {cases: [{when: {status: 500}, code: \"org.member:purged\"}]}}", served + "; DELETE /x", nil},
		{"by a rule under a former name", "events: {\"org.member:purged\": {sentence: x, aliases: \"org.member:wiped\"}}\nroutes: {DELETE /x: {code: \"org.member:wiped\"}}", "DELETE /x", []string{
			"3:28 unknown-code: a former name"}},
		{"the rule is unreachable", events + "routes: {\"DELETE /x\": {code: \"org.member:purged\"}}", served, []string{"5:10 unreachable: DELETE /x"}},
		{"unreachable, under a former name", "events: {\"org.member:purged\": {sentence: x, aliases: \"org.member:wiped\"}}\nroutes: {DELETE /x: {code: \"org.member:wiped\"}}", served, []string{
			"3:10 unreachable", "3:28 unknown-code: a former name"}},
		{"by a job", "events:\n  org.member:purged: {sentence: x, emitted_by: the nightly job}", served, nil},
		{"shipped, not asked for", "", served, nil},
		{"shipped, asked for", "catalogue: payments", served, []string{"2:12 unused-code: com.account:created, com.account:updated, "}},
	})
	found := lint.Check(parse(t, "catalogue: payments"), api(t, served))
	if len(found) != 1 || containsCode(found[0].Msg, "org.member:updated") {
		t.Errorf("an emitted code is told as well: %v", found)
	}
}

func TestTense(t *testing.T) {
	event := func(code string) string { return "events:\n  " + code + ": {sentence: \"{actor} did it\"}\n" }
	run(t, []test{
		{"past", event("org.member:invited") + "  user:logged_in: {sentence: x}\n  payment:processed_manually: {sentence: x}\n  member:role_changed: {sentence: x}\n", "", nil},
		{"in the catalogue", event("org.member:invite"), "", []string{
			`3:3 tense: org.member:invite: the verb "invite" is not in the past tense: write org.member:invited`}},
		{"in a rule, once", event("user:login") + "routes: {POST /login: {code: \"user:login\"}}", "", []string{"3:3 tense: write user:logged_in"}},
		{"in a rule only", "catalogue: none\nroutes:\n  POST /x: {code: order:cancel}", "", []string{"4:19 tense: write order:cancelled"}},
		{"a slip of the pen", "routes:\n  POST /x: {code: org.member:invite}", "", []string{
			"3:19 unknown-code: code org.member:invite is not in the catalogue: did you mean org.member:invited?"}},
		{"in verbs", "verbs: {disable-2fa: two_fa_disable, freeze: frozen}", "", []string{"2:22 tense: write two_fa_disabled"}},
		{"no verb at all", event("payment:failure"), "", []string{"3:3 tense: it must say what was done, as in updated"}},
	})
}

func TestSentences(t *testing.T) {
	run(t, []test{
		{"has one", "events: {\"order:sold\": {sentence: \"{actor} sold it\"}}", "", nil},
		{"only a title", "events:\n  order:sold: {title: Sold}\n  order:lost:\n", "", []string{
			"3:3 no-sentence: order:sold has no sentence", "4:3 no-sentence: order:lost"}},
		{"from the shipped catalogue", "events: {\"org.member:invited\": {title: Invited}}", "", nil},
		{"an attempt only", "events:\n  order:sold: {attempt: \"{actor} tried\"}\n", "", []string{"3:3 no-sentence: order:sold"}},
	})
}

func TestTranslations(t *testing.T) {
	const german = `events:
  order:sold:
    sentence: "{actor} sold {target}"
    translations: {de: {sentence: "{actor} hat {target} verkauft"}}
  order:lost:
    title: Lost
    sentence: "{actor} lost {target}"
`
	run(t, []test{
		{"all", german + "    translations: {de: {title: Verloren, sentence: \"{actor} hat {target} verloren\"}}", "", nil},
		{"none", "events: {\"order:sold\": {sentence: x}}", "", nil},
		{"one is missing", german, "", []string{"6:3 missing-translation: order:lost is not translated to de"}},
		{"a part is missing", german + "    translations: {de: {title: Verloren}}", "", []string{
			"6:3 missing-translation: order:lost: its translation to de has no sentence"}},
		{"two are missing", german + "    translations: {fr: {sentence: x}}", "", []string{
			"3:3 missing-translation: order:sold is not translated to fr",
			"6:3 missing-translation: order:lost is not translated to de",
			"6:3 missing-translation: its translation to fr has no title"}},
		{"most are missing", german + "  a:sent: {sentence: x}\n  a:kept: {sentence: x}\n", "", []string{
			"6:3 missing-translation: 3 codes are not translated to de, as others are: add it to their translations: order:lost, a:sent, a:kept"}},
		{"more are missing than one reads", german +
			"  a:sent: {sentence: x}\n  a:kept: {sentence: x}\n  a:paid: {sentence: x}\n  a:sold: {sentence: x}\n  a:held: {sentence: x}\n", "", []string{
			"6:3 missing-translation: 6 codes are not translated to de, as others are: add it to their translations: order:lost, a:sent, a:kept, a:paid, a:sold and 1 more"}},
	})
}

func TestUnusedWord(t *testing.T) {
	const words = "infer: off\nwords: {commerce: com, Orgs: org}\nverbs: {\":freeze\": frozen, process-manually: processed_manually}\n"
	run(t, []test{
		{"used", words, "GET /orgs/{org}/commerce; GET /orgs/{org}:freeze; GET /payments/{id}/Process-Manually", nil},
		{"in a procedure", "infer: off\nverbs: {freeze: frozen}", "GET /orgs.freeze", nil},
		{"not used", words, "GET /organisations/{commerce}/process", []string{
			`3:9 unused-word: words: no route has a segment "commerce"`, `3:24 unused-word: "Orgs"`,
			`4:9 unused-word: verbs: no route has a segment ":freeze"`, `4:28 unused-word: "process-manually"`}},
		{"routes not known", words, "", nil},
	})
}

func TestUnusedTenant(t *testing.T) {
	run(t, []test{
		{"used", "infer: off\ntenant: {path: org}", "GET /orgs/{org}/members", nil},
		{"not used", "infer: off\ntenant: {path: organisation}", "GET /orgs/{org}", []string{
			`3:16 unused-tenant: tenant: no route has a parameter "organisation"`}},
		{"routes not known", "infer: off\ntenant: {path: organisation}", "", nil},
	})
}

func containsCode(text, code string) bool {
	return slices.Contains(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }), code)
}
