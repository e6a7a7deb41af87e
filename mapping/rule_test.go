package mapping_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

// A request is what a test sends through a rule.
type request struct {
	params             params
	query              string
	header             http.Header
	body, response     string
	status             int
	changes            []activitylog.Change
	requestUnreadable  string
	responseUnreadable string
}

func (r request) exchange() *mapping.Exchange {
	return &mapping.Exchange{
		Params:   r.params,
		Query:    r.query,
		Header:   r.header,
		Request:  mapping.Body{JSON: []byte(r.body), Problem: r.requestUnreadable},
		Response: mapping.Body{JSON: []byte(r.response), Problem: r.responseUnreadable},
	}
}

func (r request) event() activitylog.Event {
	e := activitylog.Event{Actor: ann, Changes: r.changes, Outcome: activitylog.OutcomeOf(r.status)}
	e.HTTP.Status = r.status
	return e
}

// send returns the event of a request, or nil.
func send(t *testing.T, yaml, method, route string, r request) *activitylog.Event {
	t.Helper()
	e := r.event()
	if !parse(t, yaml).Rule(method, route).Complete(&e, r.exchange()) {
		return nil
	}
	return &e
}

var ann = activitylog.Actor{ID: "usr_1", Name: "Ann Lee"}

const memberCases = `
version: 1
catalogue: none
routes:
  PATCH /orgs/{org}/members/{member}:
    cases:
      - {when: {request: {/status: [inactive, disabled]}}, code: member:deactivated}
      - {when: {request: {/status: active, /force: true}}, code: member:force_activated}
      - {when: {response: {/state/name: "*"}}, code: member:moved}
      - {when: {query: {action: [promote, raise]}}, code: member:promoted}
      - {when: {header: {x-action: demote}}, code: member:demoted}
      - {when: {changed: [/role]}, code: member:role_changed}
      - {when: {status: [404, 5xx], outcome: failure}, code: member:missed}
      - {when: {request: {/level: 3}}, code: member:levelled}
      - {when: {request: {/note: "null"}}, code: member:note_removed}
      - {when: {request: {/serial: 9007199254740993}}, code: member:numbered}
      - {when: {request: {/kind: ["*", x]}}, code: member:sorted}
      - {code: member:updated}
`

// TestConditions checks that a case looks at everything that a file can ask for.
func TestConditions(t *testing.T) {
	tests := []struct {
		name string
		request
		want activitylog.Code
	}{
		{"request", request{body: `{"status":"inactive"}`}, "member:deactivated"},
		{"request, another value", request{body: `{"status":"disabled"}`}, "member:deactivated"},
		{"request, key in another case, which encoding/json takes", request{body: `{"status":"active","Status":"inactive"}`}, "member:deactivated"},
		{"both values", request{body: `{"status":"active","force":true}`}, "member:force_activated"},
		{"one of both values", request{body: `{"status":"active"}`}, "member:updated"},
		{"an object is no text", request{body: `{"status":{"inactive":1}}`}, "member:updated"},
		{"response", request{response: `{"state":{"name":"x"}}`}, "member:moved"},
		{"response, any value", request{response: `{"state":{"name":null}}`}, "member:moved"},
		{"response, keys as they are", request{response: `{"State":{"name":1}}`}, "member:updated"},
		{"query", request{query: "a=b&action=raise"}, "member:promoted"},
		{"query, first value, which url.Values.Get takes", request{query: "action=promote&action=x"}, "member:promoted"},
		{"query, second value", request{query: "action=x&action=promote"}, "member:updated"},
		{"query, broken", request{query: "%zz&action=promote"}, "member:promoted"},
		{"header", request{header: http.Header{"X-Action": {"demote"}}}, "member:demoted"},
		{"header, second value", request{header: http.Header{"X-Action": {"x", "demote"}}}, "member:updated"},
		{"changed", request{changes: []activitylog.Change{activitylog.NewChange("/role", "a", "b")}}, "member:role_changed"},
		{"changed below", request{changes: []activitylog.Change{activitylog.NewChange("/role/name", "a", "b")}}, "member:role_changed"},
		{"changed elsewhere", request{changes: []activitylog.Change{activitylog.NewChange("/roles", "a", "b")}}, "member:updated"},
		{"status", request{status: 404}, "member:missed"},
		{"status class", request{status: 503}, "member:missed"},
		{"number", request{body: `{"level":3}`}, "member:levelled"},
		{"number, spelled otherwise", request{body: `{"level":0.30e1}`}, "member:levelled"},
		{"number in a text", request{body: `{"level":"3.0"}`}, "member:updated"},
		{"another number", request{body: `{"level":-3}`}, "member:updated"},
		{"large number", request{body: `{"serial":9007199254740993}`}, "member:numbered"},
		{"large number that a float64 does not tell from it", request{body: `{"serial":9007199254740992}`}, "member:updated"},
		{"null", request{body: `{"note":null}`}, "member:note_removed"},
		{"any of a list", request{body: `{"kind":"y"}`}, "member:sorted"},
		{"no body", request{}, "member:updated"},
		{"not JSON", request{body: `{"status":"inactive"`}, "member:updated"},
		{"not an object", request{body: `["inactive"]`}, "member:updated"},
	}
	for _, tt := range tests {
		if tt.status == 0 {
			tt.status = 200
		}
		e := send(t, memberCases, "PATCH", "/orgs/{org}/members/{member}", tt.request)
		if e == nil || e.Code != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, e, tt.want)
		}
	}
}

// TestUnread checks that nobody takes a body that could not be read for one
// that did not say it.
func TestUnread(t *testing.T) {
	e := send(t, memberCases, "PATCH", "/orgs/{o}/members/{m}", request{body: "{", status: 200, responseUnreadable: "it is longer than 64 KiB"})
	if got, _ := e.Attributes.Get("unread.request"); got.AsString() != "it is not valid JSON" {
		t.Errorf("request: %q", got.AsString())
	}
	if got, _ := e.Attributes.Get("unread.response"); got.AsString() != "it is longer than 64 KiB" {
		t.Errorf("response: %q", got.AsString())
	}
	m := parse(t, "version: 1\nroutes:\n  POST /a: {code: a:made}\n")
	plain := request{body: "{"}
	one := plain.event()
	if m.Rule("POST", "/a").Complete(&one, plain.exchange()); len(one.Attributes) > 0 {
		t.Errorf("a rule that asks for no body: %v", one.Attributes)
	}
}

func TestRuleReads(t *testing.T) {
	tests := []struct {
		rule              string
		request, response bool
	}{
		{"{code: a:made}", false, false},
		{"{code: a:made, target: {type: a, id: response./id}}", false, true},
		{"{code: a:made, target: {type: a, id: query.id, name: request./name}}", true, false},
		{"{code: a:made, tenant: response./org}", false, true},
		{"{code: a:made, each: request./items, target: {id: item./id}}", true, false},
		{"{code: a:made, changes: {from: request}}", true, false},
		{"{code: a:made, changes: {track: [/a]}}", false, false},
		{"{cases: [{when: {request: {/x: 1}}, code: a:made}, {when: {response: {/x: 1}}, code: a:kept}, {code: a:lost}]}", true, true},
	}
	for _, tt := range tests {
		request, response := parse(t, "version: 1\nroutes:\n  POST /a: "+tt.rule+"\n").Rule("POST", "/a").Reads()
		if request != tt.request || response != tt.response {
			t.Errorf("%s: %v, %v", tt.rule, request, response)
		}
	}
}

func TestRuleTargets(t *testing.T) {
	tests := []struct {
		rule string
		request
		tenant string
		want   string
	}{
		{"{code: org.member:invited, target: {type: member, id: response./id, name: request./email}}",
			request{body: `{"email":"bob@example.com"}`, response: `{"id":"mem_7"}`}, "acme", "[{member mem_7 bob@example.com}]"},
		{"{code: org.member:invited, target: {id: [response./member/id, query.id, path.org]}}",
			request{query: "id=q1"}, "acme", "[{member q1 }]"},
		{"{code: org.member:invited, target: {id: [response./member/id, query.id, path.org]}}",
			request{response: `{"member":{"id":42}}`}, "acme", "[{member 42 }]"},
		{"{code: org.member:invited, target: {id: response./ids}}",
			request{response: `{"ids":[1]}`}, "acme", "[{member  }]"},
		{"{code: team:merged, targets: [{type: team, id: request./from}, {type: team, id: request./to/0}]}",
			request{body: `{"from":"a","to":["b"]}`}, "acme", "[{team a } {team b }]"},
		{"{code: a:made, tenant: [response./org, query.org]}", request{query: "org=beta"}, "beta", "[{a  }]"},
	}
	for _, tt := range tests {
		tt.request.params, tt.request.status = params{"acme"}, 201
		e := send(t, "version: 1\ntenant: {path: org}\nroutes:\n  POST /orgs/{org}/members: "+tt.rule+"\n", "POST", "/orgs/{org}/members", tt.request)
		if got := fmt.Sprint(e.Targets); got != tt.want || e.Tenant != tt.tenant {
			t.Errorf("%s: %s of %s, want %s of %s", tt.rule, got, e.Tenant, tt.want, tt.tenant)
		}
	}
}

func TestChanges(t *testing.T) {
	told := []activitylog.Change{
		activitylog.NewChange("/role", "viewer", "admin"),
		activitylog.NewChange("/updated_at", 1, 2),
		activitylog.NewChange("/token", "hunter2", "hunter3"),
		activitylog.NewChange("/address", nil, map[string]any{"city": "Rome", "Door-Code": "hunter4"}),
		activitylog.NewChange("/items/0/pin", "hunter5", nil),
	}
	tests := []struct{ rule, want string }{
		{"", `/role "viewer" "admin"; /updated_at 1 2; /token  secret; /address  secret; /items/0/pin  secret`},
		{"changes: {ignore: [/updated_at, /items], secret: [/token, /address/city]}", `/role "viewer" "admin"; /token  secret; /address  secret`},
		{"changes: {track: [/role, /address/city]}", `/role "viewer" "admin"; /address  secret`},
		{"changes: {track: [/items], secret: [/items/*/pin]}", `/items/0/pin  secret`},
	}
	for _, tt := range tests {
		yaml := "version: 1\nclassify: {door_code: secret}\nroutes:\n  PUT /a/{id}: {code: a:updated, " + tt.rule + "}\n"
		e := send(t, yaml, "PUT", "/a/{id}", request{changes: slices.Clone(told), status: 200})
		var got []string
		for _, c := range e.Changes {
			if c.Redacted {
				c.New = []byte("secret")
			}
			got = append(got, fmt.Sprintf("%s %s %s", c.Path, c.Old, c.New))
		}
		if strings.Join(got, "; ") != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.rule, strings.Join(got, "; "), tt.want)
		}
	}
}

// TestChangesOfDiff checks that a rule with secrets leaves alone what Diff says
// without telling any: that there is more, and fingerprints.
func TestChangesOfDiff(t *testing.T) {
	const yaml = "version: 1\nroutes:\n  PUT /a/{id}: {code: a:updated, changes: {track: [/name], secret: [/name/pin]}}\n"
	print := json.RawMessage(`"hmac-sha256:` + strings.Repeat("0f", 32) + `"`)
	tests := []struct{ told, want activitylog.Change }{
		{activitylog.Change{New: []byte(`"2900 more changes"`), Truncated: true}, activitylog.Change{New: []byte(`"2900 more changes"`), Truncated: true}},
		{activitylog.Change{Truncated: true}, activitylog.Change{Truncated: true}},
		{activitylog.Change{New: []byte(`"1234"`), Truncated: true}, activitylog.Change{Redacted: true}},
		{activitylog.Change{New: []byte(`{"name":{"pin":1}}`)}, activitylog.Change{Redacted: true}},
		{activitylog.Change{Path: "/name/pin", Old: print, New: print, Redacted: true}, activitylog.Change{Path: "/name/pin", Old: print, New: print, Redacted: true}},
		{activitylog.Change{Path: "/name/pin", Old: print, New: []byte(`"1234"`), Redacted: true}, activitylog.Change{Path: "/name/pin", Old: print, Redacted: true}},
		{activitylog.Change{Path: "/name", Old: []byte(`"Ann"`), Redacted: true, Truncated: true}, activitylog.Change{Path: "/name", Redacted: true, Truncated: true}},
		{activitylog.Change{Path: "/name/pin", Old: print}, activitylog.Change{Path: "/name/pin", Redacted: true}},
	}
	for _, tt := range tests {
		e := send(t, yaml, "PUT", "/a/{id}", request{changes: []activitylog.Change{tt.told}, status: 200})
		if want := []activitylog.Change{tt.want}; !reflect.DeepEqual(e.Changes, want) {
			t.Errorf("%+v\n got %+v\nwant %+v", tt.told, e.Changes, want)
		}
	}
}

// TestSecretsByName checks that values of fields with such a name are not kept
// even if nobody has said a word of them.
func TestSecretsByName(t *testing.T) {
	tests := []struct{ yaml, path, want string }{
		{"", "/password", "secret"},
		{"", "/user/newPassword", "secret"},
		{"", "/api-key", "secret"},
		{"", "/token_expires_at", "kept"},
		{"", "/max_tokens", "kept"},
		{"", "/email", "kept"}, // personal, which is no reason to hide it
		{"classify: {password: public}", "/password", "kept"},
		{"classify: {/user: personal}", "/user/password", "kept"},
		{"routes:\n  PUT /a/{id}: {code: a:updated, changes: {track: [/password]}}", "/password", "secret"},
		{"infer: off\nroutes:\n  PUT /a/{id}: {code: a:updated}", "/password", "secret"},
	}
	for _, tt := range tests {
		change := activitylog.NewChange(tt.path, "hunter1", "hunter2")
		e := send(t, "version: 1\n"+tt.yaml+"\n", "PUT", "/a/{id}", request{changes: []activitylog.Change{change}, status: 200})
		got := "kept"
		if e.Changes[0].Redacted && len(e.Changes[0].New) == 0 && !strings.Contains(e.Summary, "hunter") {
			got = "secret"
		}
		if got != tt.want {
			t.Errorf("%s with %q: %s, want %s: %+v %s", tt.path, tt.yaml, got, tt.want, e.Changes, e.Summary)
		}
	}
}

func TestChangesFromRequest(t *testing.T) {
	const yaml = `
version: 1
classify: {/card/number: secret}
routes:
  PUT /a/{id}: {code: a:updated, changes: {from: request, ignore: [/etag], secret: [/pass]}}
`
	r := request{body: `{"name":"x","etag":1,"pass":"p","card":{"number":"4111","name":"A"},"tags":["t"],"none":{}}`, status: 200}
	e := send(t, yaml, "PUT", "/a/{id}", r)
	var got []string
	for _, c := range e.Changes {
		got = append(got, fmt.Sprintf("%s=%s%v", c.Path, c.New, c.Redacted))
	}
	want := `/name="x"false /pass=true /card/number=true /card/name="A"false /tags/0="t"false /none={}false`
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
	r.changes = []activitylog.Change{activitylog.NewChange("/name", "w", "x")}
	if e := send(t, yaml, "PUT", "/a/{id}", r); len(e.Changes) != 1 || string(e.Changes[0].Old) != `"w"` {
		t.Errorf("what the handler tells goes first: %v", e.Changes)
	}
	r = request{body: "{" + strings.Repeat(`"k":{`, 40) + strings.Repeat("}", 41), status: 200}
	if e := send(t, yaml, "PUT", "/a/{id}", r); !e.Truncated {
		t.Error("what lies too deep is left out without a word")
	}
}

func TestSplit(t *testing.T) {
	const yaml = `
version: 1
catalogue: none
routes:
  POST /orgs/{org}/payouts/bulk:
    each: request./payouts
    cases:
      - {when: {item: {/kind: refund}}, code: payout:refunded}
      - {code: payout:processed}
    target: {type: payout, id: item./id}
`
	many := strings.Repeat(`{"id":"x"},`, 1233) + `{"id":"y"}`
	tests := []struct {
		name, body string
		status     int
		want       []string
	}{
		{"items", `{"payouts":[{"id":"p1"},{"id":"p2","kind":"refund"}]}`, 200, []string{"payout:processed p1", "payout:refunded p2"}},
		{"none", `{"payouts":[]}`, 200, nil},
		{"none, refused", `{"payouts":[]}`, 422, []string{"payout:processed "}},
		{"no array", `{"payouts":7}`, 200, []string{"payout:processed "}},
		{"no body", ``, 401, []string{"payout:processed "}},
		{"too many", `{"payouts":[` + many + `]}`, 200, nil},
	}
	rule := parse(t, yaml).Rule("POST", "/orgs/{org}/payouts/bulk")
	if !rule.Bulk() {
		t.Fatal("not a bulk rule")
	}
	for _, tt := range tests {
		r := request{body: tt.body, status: tt.status}
		base := r.event()
		base.Attributes.Set("batch", "b1")
		events := rule.Split(&base, r.exchange())
		if tt.name == "too many" {
			last := events[len(events)-1]
			if left, _ := last.Attributes.Get("items.left_out"); len(events) != 1001 || left.AsInt64() != 234 || !last.Truncated {
				t.Errorf("%d events, %v left out", len(events), left)
			}
			continue
		}
		var got []string
		for _, e := range events {
			got = append(got, string(e.Code)+" "+e.Target().ID)
			if b, _ := e.Attributes.Get("batch"); b.AsString() != "b1" || e.Actor != ann {
				t.Errorf("%s: an event lacks what all have in common: %+v", tt.name, e)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestSplitFailed checks that a request that failed as a whole does not fill
// the log, and that what it tried is found there nevertheless.
func TestSplitFailed(t *testing.T) {
	const each = "POST /bulk: {code: thing:made, each: request./items, target: {type: thing, id: item./id}"
	cases := "POST /bulk: {each: request./items, target: {id: item./id}, tenant: item./org, cases: [{when: {item: {/kind: refund}}, code: thing:refunded}, {code: thing:made}]}"
	tests := []struct {
		name, rule, body, response string
		status                     int
		want                       []string
	}{
		{"refused", each + "}", `{"items":[{"id":"a"},{"id":"b"},{"id":"a"}]}`, "", 403,
			[]string{"thing:made  [{thing  } {thing a } {thing b }] 3 denied"}},
		{"one", each + "}", `{"items":[{"id":"a"}]}`, "", 400, []string{"thing:made  [{thing a }] 1 failure"}},
		{"codes and tenants", cases, `{"items":[{"id":"a","kind":"refund"},{"id":"b"},{"id":"c","kind":"refund"},{"id":"d","org":"acme"}]}`, "", 500,
			[]string{"thing:refunded  [{thing  } {thing a } {thing c }] 2 failure", "thing:made  [{thing b }] 1 failure", "thing:made acme [{thing d }] 1 failure"}},
		{"no results", each + ", result: {in: response./results, status: /status}}", `{"items":[{"id":"a"},{"id":"b"}]}`, `{"error":"no"}`, 400,
			[]string{"thing:made  [{thing  } {thing a } {thing b }] 2 failure"}},
		{"results", each + ", result: {in: response./results, status: /status}}", `{"items":[{"id":"a"},{"id":"b"}]}`, `{"results":[{"status":403},{"status":200}]}`, 400,
			[]string{"thing:made  [{thing a }] 0 denied", "thing:made  [{thing b }] 0 failure"}},
		{"well", each + "}", `{"items":[{"id":"a"},{"id":"b"}]}`, "", 200,
			[]string{"thing:made  [{thing a }] 0 success", "thing:made  [{thing b }] 0 success"}},
		{"what it would have set", "POST /bulk: {code: thing:made, each: request./items, target: {id: query.id}, changes: {from: request}}", `{"items":[{"n":1},{"n":2}]}`, "", 400,
			[]string{"thing:made  [{thing  }] 2 failure /items/0/n /items/1/n"}},
	}
	for _, tt := range tests {
		rule := parse(t, "version: 1\ncatalogue: none\nroutes:\n  "+tt.rule+"\n").Rule("POST", "/bulk")
		r := request{body: tt.body, response: tt.response, status: tt.status}
		base := r.event()
		var got []string
		for _, e := range rule.Split(&base, r.exchange()) {
			count, _ := e.Attributes.Get("items.count")
			line := fmt.Sprint(e.Code, " ", e.Tenant, " ", e.Targets, " ", count.AsInt64(), " ", e.Outcome)
			for _, c := range e.Changes {
				line += " " + c.Path
			}
			got = append(got, line)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
	rule := parse(t, "version: 1\ncatalogue: none\nroutes:\n  "+each+", changes: {from: request}}\n").Rule("POST", "/bulk")
	var items []string
	for i := range 900 {
		items = append(items, fmt.Sprintf(`{"id":"%d"}`, i))
	}
	r := request{body: `{"items":[` + strings.Join(items, ",") + `]}`, status: 403}
	base := r.event()
	events := rule.Split(&base, r.exchange())
	if e := events[0]; len(events) != 1 || len(e.Targets) != 100 || len(e.Changes) != 100 || !e.Truncated || strings.Contains(e.Summary, "thing 0") {
		t.Errorf("%d events, the first has %d targets, %d changes, truncated %v: %s", len(events), len(e.Targets), len(e.Changes), e.Truncated, e.Summary)
	}
}

// A counter counts how often it is asked for a parameter.
type counter struct{ asked int }

func (c *counter) Param(int) string { c.asked++; return "acme" }

// TestSplitAsksOnce checks that what does not depend on the element is found
// once for a request: a client must not have a long body searched a thousand
// times.
func TestSplitAsksOnce(t *testing.T) {
	rules := parse(t, `
version: 1
catalogue: none
routes:
  POST /orgs/{org}/bulk: {code: thing:made, each: request./items, target: {id: item}}
  PUT /orgs/{org}/bulk:
    each: request./items
    cases:
      - {when: {request: {/kind: refund}}, code: thing:refunded}
      - {code: thing:made}
    tenant: request./org
    operation: [request./none, request./job]
    changes: {ignore: [/x]}
    target: {id: item, name: [path.org, request./none]}
`)
	long := strings.Repeat("x", 1000)
	r := request{status: 200, body: `{"kind":"` + long + `","org":"` + long + `","job":"j1","items":[` + strings.Repeat("1,", 999) + `1]}`}
	asked := &counter{}
	costs := func(method string) float64 {
		rule, x := rules.Rule(method, "/orgs/{org}/bulk"), r.exchange()
		x.Params = asked
		return testing.AllocsPerRun(1, func() {
			base := r.event()
			asked.asked = 0
			events := rule.Split(&base, x)
			if last := events[999]; last.Target().ID != "1" || method == "PUT" && (last.Tenant != long || last.Target().Name != "acme" || last.Source.RequestID != "j1") {
				t.Fatalf("%s: the last event is %+v", method, last)
			}
			if asked.asked > 2 {
				t.Errorf("%s: asked %d times for a path parameter", method, asked.asked)
			}
		})
	}
	if plain, much := costs("POST"), costs("PUT"); much > plain+2100 { // two for the operation of each event
		t.Errorf("%.0f allocations of 1,000 events, %.0f if the rule looks at the request as well", plain, much)
	}
}

func TestSeverityAndAliases(t *testing.T) {
	const yaml = `
version: 1
delivery: durable
events:
  key:rotated: {severity: error, aliases: ["key:changed"]}
  org.team_member:updated: {title: Colleague changed, aliases: ["org.member:updated"]}
routes:
  POST /keys/{key}: {code: key:changed, delivery: sync}
`
	m := parse(t, yaml)
	e := activitylog.Event{Outcome: activitylog.Success}
	r := m.Rule("POST", "/keys/{key}")
	if !r.Complete(&e, nil) || e.Code != "key:rotated" || e.Severity.String() != "ERROR" {
		t.Errorf("a rule with a former name: %s, %v", e.Code, e.Severity)
	}
	if r.Delivery() != "sync" || !slices.Equal(m.Deliveries(), []string{"durable", "sync"}) {
		t.Errorf("delivery %q of %q", r.Delivery(), m.Deliveries())
	}
	if x := m.Explain("PATCH", "/orgs/{org}/members/{member}"); x.Code != "org.team_member:updated" {
		t.Errorf("inferred: %s", x.Code)
	}
	if title := m.Catalogue().Title("org.member:updated"); title != "Colleague changed" {
		t.Errorf("title of a former name: %q", title)
	}
}

// TestPrefixWithParameter checks that a rule that leaves out a prefix with a
// parameter takes tenant and target from its own parameters.
func TestPrefixWithParameter(t *testing.T) {
	const yaml = `
version: 1
catalogue: none
strip_prefixes: ["/api/{version}"]
tenant: {path: org}
classify: {pin: secret}
routes:
  PATCH /orgs/{org}/members/{member}: {code: org.member:updated}
  PATCH /orgs/{org}/things/{thing}: {code: thing:updated, target: {type: thing, id: path.thing, name: path.org}}
  PATCH /teams/{team}: {code: team:updated, tenant: path.team}
  PATCH /pins/{pin}: {code: pin:updated}
`
	tests := []struct {
		route  string
		params params
		want   string
	}{
		{"/api/{v}/orgs/{o}/members/{m}", params{"v1", "acme", "mem_1"}, "acme [{member mem_1 }]"},
		{"/orgs/{o}/members/{m}", params{"acme", "mem_1"}, "acme [{member mem_1 }]"},
		{"/api/{v}/orgs/{o}/things/{t}", params{"v1", "acme", "th_1"}, "acme [{thing th_1 acme}]"},
		{"/api/{v}/teams/{t}", params{"v1", "red"}, "red [{team red }]"},
		{"/api/{v}/pins/{p}", params{"v1", "4711"}, " [{pin  }]"},
		{"/api/{version}/orgs/{org}/cards/{card}", params{"v1", "acme", "crd_1"}, "acme [{card crd_1 }]"}, // inferred
		{"/api/{v}/orgs/{org}/cards/{card}", params{"v1", "acme", "crd_1"}, "acme [{card crd_1 }]"},
	}
	for _, tt := range tests {
		e := send(t, yaml, "PATCH", tt.route, request{params: tt.params, status: 200})
		if got := fmt.Sprint(e.Tenant, " ", e.Targets); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.route, got, tt.want)
		}
	}
}
