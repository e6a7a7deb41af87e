package mapping_test

import (
	"fmt"
	"strings"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

const secretFields = `
version: 1
catalogue: none
classify: {pass_word: secret, "a~b": secret, /card/number: secret}
routes:
  PUT /a/{id}: {code: a:updated, changes: {from: request, secret: [/pin, /kin, /list/*/pin, /user/password]}}
`

// TestSecretSpellings checks that a secret value stays out of an event however
// a client spells its key: what encoding/json takes for the field is the field.
func TestSecretSpellings(t *testing.T) {
	for _, body := range []string{
		`{"pin":"hunter2"}`,
		`{"Pin":"hunter2"}`,
		`{"\u0070in":"hunter2"}`,
		`{"pin":1,"PIN":"hunter2"}`,
		`{"pin":{"old":["hunter2"]}}`,
		`{"\u212ain":"hunter2"}`, // the Kelvin sign
		`{"pa\u017f\u017fword":"hunter2"}`,
		`{"PASS-WORD":"hunter2"}`,
		`{"pass.word":"hunter2"}`,
		`{"x":{"passWord":{"y":"hunter2"}}}`,
		`{"a~b":"hunter2"}`,
		`{"Card":{"Number":"hunter2"}}`,
		`{"list":[{},{"Pin":"hunter2"}]}`,
	} {
		e := send(t, secretFields, "PUT", "/a/{id}", request{body: body, status: 200})
		if strings.Contains(e.Summary, "hunter2") {
			t.Errorf("%s: %s", body, e.Summary)
		}
		for _, c := range e.Changes {
			if !c.Redacted || len(c.New) > 0 {
				t.Errorf("%s: %s says %s", body, c.Path, c.New)
			}
		}
		if len(e.Changes) == 0 {
			t.Errorf("%s: the event does not say that the secret was set", body)
		}
	}
}

// TestSecretPaths checks that a handler that is careless with the path or the
// value of a change does not get a secret into the event.
func TestSecretPaths(t *testing.T) {
	tests := []struct {
		path, value string
		redacted    bool
	}{
		{"pin", `"hunter2"`, true},
		{"/Pin", `"hunter2"`, true},
		{"pin/", `"hunter2"`, true},
		{"/user", ` {"password":"hunter2"}`, true},
		{"User", `{"PASSWORD":"hunter2"}`, true},
		{"/user", `{"password":"hunter2"`, true},
		{"", `{"pin":"hunter2"}`, true},
		{"/", `{"pin":"hunter2"}`, true},
		{"/other", `[{"pass_word":"hunter2"}]`, true},
		{"/deep", strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20), true}, // than anybody looks
		{"/deep", strings.Repeat(`{"a":`, 10) + "1" + strings.Repeat("}", 10), false},
		{"/other", `"public"`, false},
		{"other", `{"a":"public"}`, false},
		{"other", `{"pin":"hunter2"}`, true}, // it is /pin that the rule names; the name says enough
	}
	for _, tt := range tests {
		told := activitylog.Change{Path: tt.path, New: []byte(tt.value)}
		e := send(t, secretFields, "PUT", "/a/{id}", request{changes: []activitylog.Change{told}, status: 200})
		if c := e.Changes[0]; c.Redacted != tt.redacted || c.Redacted && len(c.New) > 0 || c.Path != tt.path {
			t.Errorf("%q: %+v", tt.path, c)
		}
		if strings.Contains(e.Summary, "hunter2") {
			t.Errorf("%q: %s", tt.path, e.Summary)
		}
	}
}

// TestSecretsRefused checks that no target or tenant is taken from what the
// file itself calls secret.
func TestSecretsRefused(t *testing.T) {
	const yaml = "version: 1\nclassify: {token: secret, /number: secret, /payouts/*/iban: secret}\nroutes:\n  POST /a/{token}/{id}: "
	tests := []struct {
		rule    string
		refused bool
	}{
		{"{code: a:made, target: {id: path.token}}", true},
		{"{code: a:made, tenant: query.Token}", true},
		{"{code: a:made, target: {name: request./user/TOKEN}}", true},
		{"{code: a:made, target: {name: response./Number}}", true},
		{"{code: a:made, each: request./payouts, target: {id: item./iban}}", true},
		{"{code: a:made, each: request./payouts, target: {id: item./x}, changes: {secret: [/payouts/*/x]}}", true},
		{"{code: a:made, each: response./payouts, target: {id: item./iban}}", false}, // it is the request's that is secret
		{"{code: a:made, each: request./payouts, target: {id: item./id}}", false},
		{"{code: a:made, target: {id: path.id}}", false},
		{"{code: a:made, target: {id: request./tokens}}", false},
	}
	for _, tt := range tests {
		_, err := mapping.Parse("f", []byte(yaml+tt.rule+"\n"))
		if refused := err != nil && strings.Contains(err.Error(), "is secret by this file"); refused != tt.refused {
			t.Errorf("%s: %v", tt.rule, err)
		}
	}
}

// TestSplitChanges checks that each event of a bulk request tells what the
// request sets in its own element, and no event that of another.
func TestSplitChanges(t *testing.T) {
	split := func(rule, body, response string) string {
		r := request{body: body, response: response, status: 200}
		e := r.event()
		var got []string
		for _, one := range parse(t, "version: 1\nroutes:\n  POST /bulk: "+rule+"\n").Rule("POST", "/bulk").Split(&e, r.exchange()) {
			for _, c := range one.Changes {
				got = append(got, fmt.Sprintf("%s=%s%v", c.Path, c.New, c.Redacted))
			}
			got = append(got, "|")
		}
		return strings.Join(got, " ")
	}
	tests := []struct{ rule, body, response, want string }{
		{"{code: a:made, each: request./items, changes: {from: request, secret: [/items/*/pin]}}",
			`{"note":"n","items":[{"id":1,"pin":2},{"id":3}]}`, "",
			`/items/0/id=1false /items/0/pin=true | /items/1/id=3false |`},
		{"{code: a:made, each: request./ids, changes: {from: request, track: [/ids]}}",
			`{"ids":["a","b"]}`, "",
			`/ids/0="a"false | /ids/1="b"false |`},
		{"{code: a:made, each: response./items, changes: {from: request, ignore: [/etag]}}",
			`{"role":"x","etag":1}`, `{"items":[1,2]}`,
			`/role="x"false | /role="x"false |`},
		{"{code: a:made, each: request./items, changes: {from: request}}",
			`{"items":7,"note":"n"}`, "",
			`/items=7false /note="n"false |`},
	}
	for _, tt := range tests {
		if got := split(tt.rule, tt.body, tt.response); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.rule, got, tt.want)
		}
	}
	deep := "request." + strings.Repeat("/a", 20)
	body := strings.Repeat(`{"a":`, 20) + `[{"x":{"y":1}}]` + strings.Repeat("}", 20)
	if got := split("{code: a:made, each: "+deep+", changes: {from: request}}", body, ""); strings.Contains(got, "/y") {
		t.Errorf("deeper than anybody looks: %s", got)
	}
}

// TestKeyTwice checks that an event says so if it is not certain what a
// handler took: decoders differ in what a key means that comes twice.
func TestKeyTwice(t *testing.T) {
	tests := []struct {
		body string
		want string // the pointer whose value is not certain
	}{
		{`{"status":"inactive","status":null}`, "/status"},
		{`{"status":"x","STATUS":"inactive"}`, "/status"},
		{`{"state":{"name":1},"state":{}}`, "/state/name"},
		{`{"status":"active","x":1,"x":2}`, ""}, // which no rule looks at
	}
	const yaml = `
version: 1
routes:
  PUT /a/{id}:
    cases:
      - {when: {request: {/status: inactive}}, code: a:stopped}
      - {when: {request: {/state/name: moved}}, code: a:moved}
      - {code: a:updated}
`
	for _, tt := range tests {
		e := send(t, yaml, "PUT", "/a/{id}", request{body: tt.body, status: 200})
		said, _ := e.Attributes.Get("unread.request")
		if got := said.AsString(); (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q", tt.body, got)
		}
	}
	r := request{body: `{"items":[{"id":1,"id":2}]}`, status: 200}
	e := r.event()
	events := parse(t, "version: 1\nroutes:\n  POST /b: {code: a:made, each: request./items, target: {id: item./id}}\n").Rule("POST", "/b").Split(&e, r.exchange())
	if said, _ := events[0].Attributes.Get("unread.request"); !strings.Contains(said.AsString(), "item./id") || events[0].Target().ID != "2" {
		t.Errorf("an element: %q of %v", said.AsString(), events[0].Targets)
	}
}

// TestSplitSharesNothing checks that whoever writes to one event of a bulk
// request does not write to another.
func TestSplitSharesNothing(t *testing.T) {
	rule := parse(t, "version: 1\nroutes:\n  POST /bulk: {code: a:made, each: request./items, changes: {ignore: [/x]}}\n").Rule("POST", "/bulk")
	r := request{body: `{"items":[1,2]}`, status: 200, changes: []activitylog.Change{activitylog.NewChange("/y", nil, 1), activitylog.NewChange("/x", nil, 1)}}
	base := r.event()
	base.Targets = []activitylog.Target{{ID: "t"}}
	base.Attributes.Set("batch", "b1")
	events := rule.Split(&base, r.exchange())
	events[0].Targets[0].ID, events[0].Changes[0].Path = "other", "/other"
	events[0].Attributes.Set("batch", "b2")
	for _, e := range []activitylog.Event{base, events[1]} {
		if batch, _ := e.Attributes.Get("batch"); e.Target().ID != "t" || e.Changes[0].Path != "/y" || batch.AsString() != "b1" {
			t.Errorf("written to: %v %v %v", e.Targets, e.Changes, e.Attributes)
		}
	}
	if len(base.Changes) != 2 || base.Changes[1].Path != "/x" {
		t.Errorf("Split writes to what it is given: %v", base.Changes)
	}
}

// TestBodyIsNotKept checks that the copies of bodies may be written to when the
// event is made.
func TestBodyIsNotKept(t *testing.T) {
	rule := parse(t, "version: 1\nroutes:\n  PUT /a/{id}: {code: a:updated, target: {name: request./name}, changes: {from: request}}\n").Rule("PUT", "/a/{id}")
	r := request{body: `{"name":"Ann"}`, status: 200}
	e, x := r.event(), r.exchange()
	rule.Complete(&e, x)
	clear(x.Request.JSON)
	if e.Target().Name != "Ann" || string(e.Changes[0].New) != `"Ann"` {
		t.Errorf("the event has changed: %v, %q", e.Targets, e.Changes[0].New)
	}
}

// TestNothingKnown checks that a rule is content with less than it asks for.
func TestNothingKnown(t *testing.T) {
	rule := parse(t, "version: 1\ntenant: {path: org}\nroutes:\n  POST /orgs/{org}: {code: org:updated, target: {id: [path.org, query.q, request./x]}}\n").Rule("POST", "/orgs/{org}")
	for _, x := range []*mapping.Exchange{nil, {}} {
		e := activitylog.Event{Outcome: activitylog.Success}
		if !rule.Complete(&e, x) || e.Code != "org:updated" || e.Tenant != "" || e.Target().ID != "" {
			t.Errorf("%+v: %+v", x, e)
		}
	}
}

// TestManyFields checks that no more fields of a body become changes than
// anybody reads, and that those that are not wanted do not count.
func TestManyFields(t *testing.T) {
	var body strings.Builder
	for i := range 150 {
		fmt.Fprintf(&body, `,"f%d":1`, i)
	}
	r := request{body: "{" + body.String()[1:] + `,"role":"admin"}`, status: 200}
	tests := []struct {
		changes   string
		count     int
		truncated bool
	}{
		{"{from: request}", 100, true},
		{"{from: request, track: /role}", 1, false},
	}
	for _, tt := range tests {
		e := send(t, "version: 1\nroutes:\n  PUT /a/{id}: {code: a:updated, changes: "+tt.changes+"}\n", "PUT", "/a/{id}", r)
		if len(e.Changes) != tt.count || e.Truncated != tt.truncated {
			t.Errorf("%s: %d changes, truncated: %v", tt.changes, len(e.Changes), e.Truncated)
		}
	}
}
