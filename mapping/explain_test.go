package mapping_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	m := parse(t, `version: 1
tenant: {path: org}
verbs: {frob: frobbed}
words: {folks: member}
strip_prefixes: [/api/internal]
events:
  payout:processed: {aliases: ["payout:handled"]}
routes:
  PATCH /orgs/{org}/members/{member}: {code: org.member:updated}
  POST /login:
    cases:
      - {when: {status: [401, 5xx], outcome: denied}, code: user:login_failed}
      - {when: {status: 2xx}, code: user:logged_in}
  POST /orgs/{org}/payouts/bulk:
    each: request./payouts
    cases:
      - {when: {item: {/kind: [refund, credit]}, query: {dry_run: "*"}}, code: payout:refunded}
      - {when: {changed: [/amount]}, code: payout:repriced}
      - {code: payout:handled}
    tenant: [response./org, path.org]
    target: {type: payout, id: item./id, name: [request./email, query.name]}
    changes: {from: request, track: [/amount], ignore: [/etag], secret: [/iban, /pin]}
  POST /refunds/bulk:
    each: request
    result: {in: response./errors, by: /ref, item: /id, missing: success, status: [/status, /code], error: /error}
    code: refund:made
  POST /graphql: {code: query:asked, result: {error: /errors}, operation: response./job}
  POST /drafts: {ignore: "a draft is nobody's business"}
`)
	var b strings.Builder
	for _, route := range []string{
		"PATCH /orgs/{o}/members/:m",
		"POST /login",
		"POST /drafts",
		"POST /orgs/:org/payouts/bulk",
		"POST /refunds/bulk",
		"POST /graphql",
		"DELETE /api/internal/orgs/{org}/folks/{id}",
		"POST /orgs/{org}/payments/{p}/process-manually",
		"POST /api/v2/orgs/{org}/gadgets/{id}:frob",
		"POST /orgs/search",
		"GET /orgs",
		"PUT /me/preferences",
		"POST /things/{id}/twiddle",
		"PATCH /orgs/{org}",
		"PATCH /commerce/schemes/{s}/payment-services/{p}",
	} {
		method, path, _ := strings.Cut(route, " ")
		x := m.Explain(method, path)
		fmt.Fprintf(&b, "%s\n", x)
		if _, rule, ok := strings.Cut(x.String(), "in YAML"); ok {
			pinned := parse(t, "version: 1\nroutes:\n  "+strings.TrimSpace(rule)+"\n")
			if y := pinned.Explain(method, path); y.Rule.IsZero() || y.Code != x.Code {
				t.Errorf("%s: the rule that is shown gives %q", route, y.Code)
			}
		}
	}
	off := parse(t, "version: 1\ninfer: off\n")
	fmt.Fprint(&b, off.Explain("POST", "/things"))
	golden(t, "explain.golden", b.String())
}
