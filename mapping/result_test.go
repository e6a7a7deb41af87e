package mapping_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

// told returns what the events of a request say of their outcomes, one line each.
func told(t testing.TB, rule string, r request) []string {
	t.Helper()
	m, err := mapping.Parse("activity.yaml", []byte("version: 1\ncatalogue: none\nroutes:\n  POST /payouts:\n    code: payout:made\n"+indent(rule)))
	if err != nil {
		t.Fatal(err)
	}
	made := m.Rule("POST", "/payouts")
	e := r.event()
	events := []activitylog.Event{e}
	if made.Bulk() {
		events = made.Split(&e, r.exchange())
	} else {
		made.Complete(&events[0], r.exchange())
	}
	var lines []string
	for _, e := range events {
		line := fmt.Sprintf("%s %s %d %s", e.Target().ID, e.Outcome, e.HTTP.Status, e.ErrorType)
		if e.Reason != "" {
			line += ": " + e.Reason
		}
		if why, ok := e.Attributes.Get("unread.result"); ok {
			line += " (" + why.AsString() + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

func indent(yaml string) string {
	return "    " + strings.ReplaceAll(strings.TrimSpace(yaml), "\n", "\n    ") + "\n"
}

// TestResults sends the answers that bulk APIs give through the rules that
// are written for them.
func TestResults(t *testing.T) {
	const (
		payouts = `{"payouts":[{"id":"a"},{"id":"b"},{"id":"c"}]}`
		each    = "each: request./payouts\ntarget: {type: payout, id: item./id}\n"
		inOrder = each + "result: {in: response./results, status: /status, error: /error, reason: /error/message}\n"
		byID    = each + "result: {in: response./results, by: /id, status: /status, reason: /why}\n"
		errors  = each + "result: {in: response./errors, index: /index, missing: success, reason: /message, type: /code}\n"
		items   = "each: response./items\ntarget: {type: payout, id: [item./index/_id, item./delete/_id]}\n" +
			"result: {status: [/index/status, /delete/status], reason: [/index/error/reason, /delete/error/reason], type: [/index/error/type, /delete/error/type]}\n"
		bundle = "each: response./entry\ntarget: {type: payout, id: item./response/location}\nresult: {status: /response/status, reason: /response/outcome/issue/0/diagnostics}\n"
		whole  = "target: {type: payout, id: request./id}\n"
	)
	tests := []struct {
		name, rule string
		status     int
		body       string // payouts if empty
		response   string
		want       []string
	}{
		{"HTTP statuses in order", inOrder, 207, "", `{"results":[{"status":201},{"status":404,"error":{"message":"no such bank"}},{"status":403,"error":{"message":"not yours"}}]}`,
			[]string{"a success 201 ", "b failure 404 404: no such bank", "c denied 403 : not yours"}},
		{"words in order", inOrder, 200, "", `{"results":[{"status":"ok"},{"status":"DECLINED"},{"status":"pending"}]}`,
			[]string{"a success 200 ", "b failure 200 DECLINED", "c unknown 200 "}},
		{"a word that nobody knows", inOrder, 200, "", `{"results":[{"status":"ok"},{"status":"frobbed"},{"status":null}]}`,
			[]string{"a success 200 ", `b unknown 200  (its status is "frobbed", which the mapping does not know)`, "c success 200 "}},
		{"errors that are there or empty", inOrder, 200, "", `{"results":[{"error":null},{"error":{"message":"gone"}},{"error":{}}]}`,
			[]string{"a success 200 ", "b failure 200 : gone", "c success 200 "}},
		{"an error goes before a status", inOrder, 200, "", `{"results":[{"status":200,"error":"x"},{"status":"ok","error":["x"]},{"status":"ok","error":0}]}`,
			[]string{"a failure 200 ", "b failure 200 ", "c success 200 "}},
		{"booleans", each + "result: {in: response, status: /success, reason: /message}", 200, "", `[{"success":true},{"success":false,"message":"no"},{"success":true}]`,
			[]string{"a success 200 ", "b failure 200 : no", "c success 200 "}},
		{"plain statuses", each + "result: {in: response./codes}", 200, "", `{"codes":[200,409,"403 Forbidden"]}`,
			[]string{"a success 200 ", "b failure 409 409", "c denied 403 "}},
		{"by id, in another order", byID, 207, "", `{"results":[{"id":"c","status":"failed","why":"no money"},{"id":"a","status":"ok"},{"id":"b","status":"forbidden"}]}`,
			[]string{"a success 207 ", "b denied 207 forbidden", "c failure 207 failed: no money"}},
		{"by id, one is missing", byID, 200, "", `{"results":[{"id":"c","status":"ok"},{"id":"a","status":"ok"},{"id":"x","status":"ok"}]}`,
			[]string{"a success 200 ", "b unknown 200  (the response has no result for the element)", "c success 200 "}},
		{"by id, twice, the worst counts", byID, 200, "", `{"results":[{"id":"a","status":"ok"},{"id":"a","status":"failed","why":"x"},{"id":"b","status":"denied"},{"id":"b","status":"ok"},{"id":"c","status":"ok"}]}`,
			[]string{"a failure 200 failed: x", "b denied 200 denied", "c success 200 "}},
		{"by id, twice, of three elements", byID, 200, `{"payouts":[{"id":"a"},{"id":"a"},{"id":"a"}]}`, `{"results":[{"id":"a","status":"ok"},{"id":"a","status":"failed","why":"x"}]}`,
			slices.Repeat([]string{"a failure 200 failed: x"}, 3)},
		{"by id, as many elements have it", byID, 207, `{"payouts":[{"id":"a"},{"id":"b"},{"id":"a"}]}`, `{"results":[{"id":"a","status":"ok"},{"id":"a","status":409},{"id":"b","status":"ok"}]}`,
			[]string{"a success 207 ", "b success 207 ", "a failure 409 409"}},
		{"by id, an object", byID, 200, "", `{"results":{"a":{"status":"ok"},"b":{"status":422,"why":"iban"},"c":"x"}}`,
			[]string{"a success 200 ", "b failure 422 422: iban", "c unknown 200  (its result does not tell the outcome)"}},
		{"by a number", byID, 200, `{"payouts":[{"id":7}]}`, `{"results":[{"id":7,"status":"ok"}]}`, []string{"7 success 200 "}},
		{"by id, called otherwise", each + "result: {in: response./r, by: /ref/payout, item: /id, status: /s}", 200, "", `{"r":[{"ref":{"payout":"b"},"s":500},{"ref":{"payout":"a"},"s":200},{"s":200}]}`,
			[]string{"a success 200 ", "b failure 500 500", "c unknown 200  (the response has no result for the element)"}},
		{"plain ids, and those that failed", "each: request./ids\ntarget: {type: payout, id: item}\nresult: {in: response./Failed, by: /Id, missing: success, reason: /Message, type: /Code}", 200,
			`{"ids":["a","b"]}`, `{"Successful":[{"Id":"a"}],"Failed":[{"Id":"b","Code":"Throttled","Message":"later"}]}`,
			[]string{"a success 200 ", "b failure 200 Throttled: later"}},
		{"a plain list of what succeeded", "each: request\ntarget: {type: payout, id: item}\nresult: {in: response./done, by: /id, missing: failure}", 200,
			`["a","b"]`, `{"done":["b"]}`, []string{"a failure 200 ", "b success 200 "}},
		{"errors with an index", errors, 200, "", `{"errors":[{"index":1,"code":"IBAN","message":"no such account"}]}`,
			[]string{"a success 200 ", "b failure 200 IBAN: no such account", "c success 200 "}},
		{"two errors of one element", errors, 200, "", `{"errors":[{"index":2,"message":"first"},{"index":2,"message":"second"}]}`,
			[]string{"a success 200 ", "b success 200 ", "c failure 200 : first"}},
		{"no errors", errors, 207, "", `{}`, []string{"a success 207 ", "b success 207 ", "c success 207 "}},
		{"errors of what failed as a whole", errors, 422, "", `{"errors":[{"index":0,"message":"too much"}]}`,
			[]string{"a failure 422 : too much", "b failure 422 ", "c failure 422 "}},
		{"partial failures", each + "result: {in: response./partialFailures, index: /operation, missing: success, reason: /error/message, type: /error/status}", 200, "",
			`{"partialFailures":[{"operation":1,"error":{"code":7,"status":"PERMISSION_DENIED","message":"no"}}]}`,
			[]string{"a success 200 ", "b failure 200 PERMISSION_DENIED: no", "c success 200 "}},
		{"partial failures, gRPC codes", each + "result: {in: response./failed, index: /i, missing: success, status: /code, denied: [7, 16], failure: \"*\"}", 200, "",
			`{"failed":[{"i":1,"code":7},{"i":0,"code":3}]}`, []string{"a failure 200 3", "b denied 200 7", "c success 200 "}},
		{"Elasticsearch", items, 200, "-", `{"errors":true,"items":[{"index":{"_id":"1","status":201}},{"delete":{"_id":"2","status":404}},{"index":{"_id":"3","status":400,"error":{"type":"mapper_parsing_exception","reason":"bad date"}}}]}`,
			[]string{"1 success 201 ", "2 failure 404 404", "3 failure 400 mapper_parsing_exception: bad date"}},
		{"FHIR", bundle, 200, "-", `{"resourceType":"Bundle","entry":[{"response":{"status":"201 Created","location":"Patient/1"}},{"response":{"status":"412","outcome":{"issue":[{"diagnostics":"changed since"}]}}}]}`,
			[]string{"Patient/1 success 201 ", " failure 412 412: changed since"}},
		{"fewer results than elements", inOrder, 200, "", `{"results":[{"status":200},{"status":200}]}`,
			slices.Repeat([]string{"? unknown 200  (there are 3 elements and 2 results)"}, 3)},
		{"no results", inOrder, 200, "", `{"result":7}`, slices.Repeat([]string{"? unknown 200  (there is no array response./results)"}, 3)},
		{"no response", inOrder, 204, "", ``, slices.Repeat([]string{"? unknown 204  (there is no array response./results)"}, 3)},
		{"not JSON", inOrder, 207, "", `<ok/>`, slices.Repeat([]string{"? unknown 207  (the response could not be read)"}, 3)},
		{"a list of errors that cannot be read", errors, 200, "", `{"errors":[`, slices.Repeat([]string{"? unknown 200  (the response could not be read)"}, 3)},
		{"207 and no word of results", each, 207, "", `{"results":[]}`, slices.Repeat([]string{"? unknown 207  (the status is 207, and the mapping does not say where the results are)"}, 3)},
		{"the whole was refused", inOrder, 403, "", `{"results":[{"status":200},{"status":200},{"status":200}]}`, slices.Repeat([]string{"? denied 403 "}, 3)},
		{"elements that could not be read", inOrder, 200, "-", `{"results":[]}`, []string{" unknown 200  (the elements were not looked at one by one)"}},

		{"207 of one thing", whole, 207, `{"id":"a"}`, `{}`, []string{"a unknown 207  (the status is 207, and the mapping does not say where the results are)"}},
		{"GraphQL, well", whole + "result: {error: /errors, reason: /errors/0/message, type: /errors/0/extensions/code}", 200, `{"id":"a"}`, `{"data":{"x":1}}`, []string{"a success 200 "}},
		{"GraphQL, errors", whole + "result: {error: /errors, reason: /errors/0/message, type: /errors/0/extensions/code}", 200, `{"id":"a"}`,
			`{"errors":[{"message":"no such payout","extensions":{"code":"NOT_FOUND"}}]}`, []string{"a failure 200 NOT_FOUND: no such payout"}},
		{"GraphQL, forbidden", whole + "result: {error: /errors, status: /errors/0/extensions/code}", 200, `{"id":"a"}`,
			`{"errors":[{"extensions":{"code":"FORBIDDEN"}}]}`, []string{"a denied 200 FORBIDDEN"}},
		{"JSON-RPC", whole + "result: {error: /error, reason: /error/message, type: /error/code}", 200, `{"id":"a"}`,
			`{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"}}`, []string{"a failure 200 -32601: Method not found"}},
		{"JSON-RPC batch", "each: request\ntarget: {type: payout, id: item./id}\nresult: {in: response, by: /id, error: /error, reason: /error/message}", 200,
			`[{"id":1},{"id":2}]`, `[{"id":2,"error":{"message":"no"}},{"id":1,"result":null}]`, []string{"1 success 200 ", "2 failure 200 : no"}},
		{"Slack", whole + "result: {status: /ok, reason: /error, type: /error}", 200, `{"id":"a"}`, `{"ok":false,"error":"channel_not_found"}`,
			[]string{"a failure 200 channel_not_found: channel_not_found"}},
		{"own words", whole + "result: {status: /state, success: [settled, 1.0], failure: \"*\"}", 200, `{"id":"a"}`, `{"state":"Settled"}`, []string{"a success 200 "}},
		{"own words, a number", whole + "result: {status: /state, success: [settled, 1.0], failure: \"*\"}", 200, `{"id":"a"}`, `{"state":1}`, []string{"a success 200 "}},
		{"own words, any other", whole + "result: {status: /state, success: [settled, 1.0], failure: \"*\"}", 200, `{"id":"a"}`, `{"state":"ok"}`, []string{"a failure 200 ok"}},
		{"a status within, the response has its own", whole + "result: {status: /code, reason: /msg}", 200, `{"id":"a"}`, `{"code":403,"msg":"no"}`, []string{"a denied 200 : no"}},
		{"refused, with a reason", whole + "result: {status: /ok, reason: /error}", 403, `{"id":"a"}`, `{"ok":false,"error":"not_yours"}`, []string{"a denied 403 : not_yours"}},
		{"refused, whatever the body says", whole + "result: {status: /ok}", 403, `{"id":"a"}`, `{"ok":true}`, []string{"a denied 403 "}},
		{"nothing said", whole + "result: {status: /ok}", 204, `{"id":"a"}`, ``, []string{"a unknown 204  (its result does not tell the outcome)"}},
	}
	for _, tt := range tests {
		if tt.body == "" {
			tt.body = payouts
		}
		got := told(t, tt.rule, request{body: tt.body, response: tt.response, status: tt.status})
		want := slices.Clone(tt.want)
		for i := range want {
			want[i] = strings.Replace(want[i], "?", string(rune('a'+i)), 1)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, want)
		}
	}
}

// TestResultOfOthers checks what else an element's own result has a say in.
func TestResultOfOthers(t *testing.T) {
	m := parse(t, `
version: 1
catalogue: none
routes:
  POST /members/bulk:
    each: request./members
    result: {in: response./results, status: /status, reason: /error}
    target: {type: member, id: result./id, name: item./email}
    cases:
      - {when: {outcome: [denied, failure]}, code: member:refused}
      - {when: {status: 201}, code: member:created}
      - {code: member:invited}
`)
	r := request{
		body:     `{"members":[{"email":"a@x"},{"email":"b@x"},{"email":"c@x"}]}`,
		response: `{"results":[{"id":"m1","status":201},{"status":409,"error":"is there"},{"id":"m3","status":"ok"}]}`,
		status:   207,
	}
	e := r.event()
	e.Reason = "a batch"
	var got []string
	for _, e := range m.Rule("POST", "/members/bulk").Split(&e, r.exchange()) {
		of, _ := e.Attributes.Get("response.status")
		got = append(got, fmt.Sprint(e.Code, e.Targets, e.Reason, of.AsInt64()))
	}
	want := []string{"member:created[{member m1 a@x}]a batch207", "member:refused[{member  b@x}]is there207", "member:invited[{member m3 c@x}]a batch0"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	panicked := r.event()
	panicked.Outcome, panicked.ErrorType = activitylog.Failure, "panic"
	for _, e := range m.Rule("POST", "/members/bulk").Split(&panicked, r.exchange()) {
		if e.Outcome != activitylog.Failure || e.ErrorType != "panic" {
			t.Errorf("of a handler that panicked: %s %s", e.Outcome, e.ErrorType)
		}
	}
}

// TestResultsOfMany checks that what is left out of a long list is not taken
// for a success.
func TestResultsOfMany(t *testing.T) {
	ids, results := strings.Repeat(`,"x"`, 1200)[1:], strings.Repeat(`,"ok"`, 1200)[1:]
	got := told(t, "each: request\nresult: {in: response}", request{body: "[" + ids + "]", response: "[" + results + "]", status: 200})
	if len(got) != 1001 || got[999] != " success 200 " || got[1000] != " unknown 200  (the elements were not looked at one by one)" {
		t.Errorf("%d events, the last ones %q", len(got), got[len(got)-2:])
	}
}

// TestOperation follows work from a 202 to the callback that tells its end.
func TestOperation(t *testing.T) {
	m := parse(t, `
version: 1
catalogue: none
routes:
  POST /payouts: {code: payout:made, operation: response./job}
  POST /callbacks/{job}: {code: payout:made, operation: path.job, result: {status: /state}}
  POST /payouts/bulk: {code: payout:made, each: response./jobs, operation: item./id}
`)
	for _, tt := range []struct {
		name, route string
		request
		want string
	}{
		{"accepted", "/payouts", request{status: 202, response: `{"job":"j1"}`}, "unknown j1 j1"},
		{"done at once", "/payouts", request{status: 201, response: `{"job":"j1"}`}, "success j1 j1"},
		{"refused", "/payouts", request{status: 403, response: `{"job":"j1"}`}, "denied j1 j1"},
		{"not told", "/payouts", request{status: 202, response: `{}`}, "unknown  there is no text or number in response./job"},
		{"an object", "/payouts", request{status: 201, response: `{"job":{"id":"j1"}}`}, "success  there is no text or number in response./job"},
		{"refused, not told", "/payouts", request{status: 400, response: `{}`}, "failure  "},
		{"its end", "/callbacks/{job}", request{status: 200, params: params{"j1"}, response: `{"state":"failed"}`}, "failure j1 j1"},
		{"many", "/payouts/bulk", request{status: 202, response: `{"jobs":[{"id":"j1"}]}`}, "unknown j1 j1"},
	} {
		e := tt.event()
		events := []activitylog.Event{e}
		if rule := m.Rule("POST", tt.route); rule.Bulk() {
			events = rule.Split(&e, tt.exchange())
		} else {
			rule.Complete(&events[0], tt.exchange())
		}
		id, _ := events[0].Attributes.Get(activitylog.AttrOperation)
		got := fmt.Sprint(events[0].Outcome, " ", id.AsString(), " ", events[0].Source.RequestID)
		if why, unread := events[0].Attributes.Get("unread.operation"); unread {
			got += why.AsString()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestNoChange checks that an update that changes nothing can be no event, and
// that nothing else is lost by that.
func TestNoChange(t *testing.T) {
	const yaml = `
version: 1
catalogue: none
routes:
  PUT /a/{id}:
    cases:
      - {when: {outcome: [denied, failure, unknown]}, code: a:updated}
      - {when: {changed: ["/*"]}, code: a:updated}
    changes: {ignore: [/updated_at]}
`
	type thing struct {
		Name      string `json:"name"`
		UpdatedAt int    `json:"updated_at"`
	}
	before := thing{"x", 1}
	for _, tt := range []struct {
		name   string
		status int
		diff   []activitylog.Change
		want   bool
	}{
		{"changed", 200, activitylog.Diff(before, thing{"y", 2}), true},
		{"nothing changed", 200, activitylog.Diff(before, before), false},
		{"only what is ignored changed", 200, activitylog.Diff(before, thing{"x", 2}), false},
		{"nobody knows what changed", 200, activitylog.Diff(before, make(chan int)), true},
		{"denied", 403, nil, true},
		{"failed", 500, nil, true},
	} {
		if e := send(t, yaml, "PUT", "/a/{id}", request{status: tt.status, changes: tt.diff}); (e != nil) != tt.want {
			t.Errorf("%s, %v: an event: %v, want %v", tt.name, tt.diff, e != nil, tt.want)
		}
	}
}

// FuzzResults checks that no response makes an element succeed of which it
// does not say so, and none changes how many events there are.
func FuzzResults(f *testing.F) {
	for _, seed := range []string{
		`{"results":[{"id":"a","status":200},{"id":"b","status":"failed"}]}`, `{"results":{"a":{"status":true}}}`,
		`{"results":["a"]}`, `{"results":[{"id":"a","status":200},{"id":"a","error":"x"}]}`, `[`, ``, `{"results":[{"id":"a","status":{}}]}`,
	} {
		f.Add(seed, 200)
		f.Add(seed, 207)
		f.Add(seed, 422)
	}
	f.Fuzz(func(t *testing.T, response string, status int) {
		got := told(t, "each: request\ntarget: {type: payout, id: item}\nresult: {in: response./results, by: /id, status: /status, error: /error}",
			request{body: `["a","b"]`, response: response, status: status})
		if status >= 400 && len(got) == 1 { // nothing told of the elements
			if strings.Contains(got[0], "success") {
				t.Errorf("%q with %d: %q", response, status, got)
			}
			return
		}
		if len(got) != 2 {
			t.Fatalf("%d events", len(got))
		}
		for i, id := range []string{"a", "b"} {
			succeeded := strings.HasPrefix(got[i], id+" success ")
			if succeeded && (status >= 400 || !strings.Contains(response, `"`)) {
				t.Errorf("%q with %d: %q", response, status, got[i])
			}
		}
	})
}
