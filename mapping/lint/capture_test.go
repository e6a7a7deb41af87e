package lint_test

import (
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/lint"
)

func TestUnclassified(t *testing.T) {
	rule := func(line string) string {
		return "routes:\n  POST /orgs/{org}/cards/{card}/links/{link}:\n    code: org.profile:updated\n    " + line + "\n"
	}
	run(t, []test{
		{"harmless", rule(`target: {type: link, id: response./id, name: request./title}`), "", nil},
		{"an operation", rule(`operation: request./api_key`), "", []string{"5:16 unclassified: operation: /api_key looks secret"}},
		{"a reason from the response", rule(`result: {error: /error, status: /secret, reason: /user/email, type: /error/code}`), "", []string{
			"5:37 unclassified: result.status: /secret looks secret, and an event would keep it", "5:54 unclassified: result.reason: /user/email looks personal"}},
		{"an email", rule(`target: {type: member, name: request./email}`), "", []string{
			"5:34 unclassified: target.name: /email looks personal: say in classify what it is"}},
		{"of several targets, deep down", rule(`targets: [{type: a, id: [query.userPhone, request./user/Tax-ID]}]`), "", []string{
			"5:30 unclassified: target.id: userPhone looks personal", "5:47 unclassified: /user/Tax-ID looks personal"}},
		{"a secret that is kept", rule(`target: {id: query.token}`), "", []string{
			"5:18 unclassified: target.id: token looks secret, and an event would keep it: take something else"}},
		{"a secret in the path", "routes:\n  POST /resets/{token}: {code: org.profile:updated}", "", []string{
			"3:3 unclassified: route: token looks secret: say in classify what it is"}},
		{"a secret in the path, classified", "routes:\n  POST /resets/{token}: {code: org.profile:updated}\nclassify: {token: secret}", "", nil},
		{"a secret in the path of no event", "routes:\n  POST /resets/{token}: {ignore: it changes nothing}", "", nil},
		{"a secret in the path of an inferred event", "infer: on", "PATCH /orgs/{org}/members/{password}", []string{
			"routes.txt:1:1 unclassified: PATCH /orgs/{org}/members/{password}: password looks secret"}},
		{"a token that is the id of one", "routes:\n  DELETE /tokens/{token_id}: {code: org.profile:updated}\n  DELETE /keys/{token_id}: {code: org.profile:updated}", "", nil},
		{"the id of a card", rule(`target: {id: path.card}`), "", nil},
		{"the tenant", rule(`tenant: [request./api_key]`), "", []string{"5:14 unclassified: tenant: /api_key looks secret"}},
		{"tracked", rule(`changes: {track: [/role, /iban, /iban_count]}`), "", []string{"5:30 unclassified: changes.track: /iban looks personal"}},
		{"tracked and hidden", rule(`changes: {track: [/bank/iban], secret: [/bank]}`), "", nil},
		{"classified by name", rule(`target: {name: request./user/E-Mail}`) + "classify: {e_mail: personal}", "", nil},
		{"classified by a name on the way", rule(`changes: {track: [/card/number]}`) + "classify: {card: secret}", "", nil},
		{"classified by pointer", rule(`target: {name: request./user/email}`) + "classify: {/user: personal}", "", nil},
		{"another pointer", rule(`target: {name: request./user/email}`) + "classify: {/email: personal}", "", []string{"5:20 unclassified: /user/email"}},
		{"only looks so", rule(`changes: {track: [/pin]}`) + "classify: {pin: public}", "", nil},
		{"once", rule(`targets: [{id: request./email}, {id: response./email}, {id: query.eMail}]`), "", []string{"5:20 unclassified: /email"}},
		{"all that a client sends", rule(`changes: {from: request}`), "", []string{"5:21 unclassified: every field that a client sends is kept"}},
		{"less than that", rule(`changes: {from: request, track: /role}`), "", nil},
		{"all but one", rule(`changes: {from: request, ignore: /etag}`), "", []string{"5:21 unclassified: every field that a client sends is kept"}},
		{"all but secrets", rule(`changes: {from: request}`) + "classify: {password: secret}", "", nil},
	})
}

func TestUnclassifiedCases(t *testing.T) {
	const cases = `routes:
  POST /x:
    each: request./emails
    cases:
      - when:
          changed: [/password]
          request: {/card/cvv: "*"}
          response: {/verified: "true"}
          item: {/birthDate: "*"}
          query: {otp: "*"}
          header: {X-Client-Secret: "*"}
        code: org.profile:updated
      - code: org.profile:updated
`
	run(t, []test{{"conditions", cases, "", []string{
		"7:21 unclassified: when.changed: /password looks secret",
		"8:21 unclassified: when.request: /card/cvv looks secret",
		"10:18 unclassified: when.item: /birthDate looks personal",
		"11:19 unclassified: when.query: otp looks secret",
		"12:20 unclassified: when.header: X-Client-Secret looks secret",
	}}, {"classified", cases + "classify: {password: secret, /card: secret, birth_date: personal, otp: secret, x-client-secret: secret}", "", nil}})
}

// TestSensitiveNames checks which names look so, one by one.
func TestSensitiveNames(t *testing.T) {
	sensitive := `
		password passwd newPassword user_password Password2 clientSecret secrets access_token refreshToken token tokens
		apiKey api-key api_keys APIKey privateKey iban IBAN card cardNumber credit_card cvv CVV2 pin userPin otp ssn taxId tax_ID
		passportNumber dateOfBirth birth_date birthday email eMail e-mail contactEmail email_address emails phone phoneNumber
		homeAddress address address1 ip_address postalCode zip_code firstName surname account_number`
	harmless := `
		pinned pinning spin tokenized_at tokenizer discard discarded cards_count cardinal dashboard addressable opinion
		status name title id role amount currency emailed mailbox telephony secretary passed pass compass key keyboard
		token_id tokenType token_name password_changed_at passwordPolicy email_verified emailTemplate phone_verified card_brand
		max_tokens has_password isSecret pin_enabled birthplace_count ipsum script shipping zip author number account public_key`
	for name := range strings.FieldsSeq(sensitive) {
		if found := lint.Check(parse(t, tracking(name)), nil); len(found) != 1 || found[0].Check != lint.Unclassified {
			t.Errorf("%s passes: %v", name, found)
		}
	}
	for name := range strings.FieldsSeq(harmless) {
		if found := lint.Check(parse(t, tracking(name)), nil); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func tracking(field string) string {
	return "routes: {\"PATCH /x\": {code: \"org.profile:updated\", changes: {track: [\"/" + field + "\"]}}}"
}
