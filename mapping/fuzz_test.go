package mapping_test

import (
	"encoding/json"
	"strings"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
)

// FuzzComplete checks against encoding/json that a rule sees in a body what a
// handler takes from it, or says that it is not certain, and that no spelling
// gets a secret into the event.
func FuzzComplete(f *testing.F) {
	for _, body := range []string{
		`{"status":"inactive","pin":"hunter2"}`, `{"PIN":"hunter2"}`, `{"STATUS":"in\u0061ctive","Pin":{"x":"hunter2"}}`,
		`{"status":"inactive","status":null}`, `{"pin":"hunter2"}{"status":"inactive"}`, ` {"x":[{"pin":"hunter2"}]} x`,
		"{\"\u017ftatus\":\"inactive\"}", `{"p\u0131n":"hunter2","\u0070in":"hunter2"}`, `[]`, `null`, `{"status":"inactive"`, "{\"status\":\"\xff\"}",
	} {
		f.Add(body)
	}
	rule := parse(f, `
version: 1
routes:
  PUT /a/{id}:
    cases:
      - {when: {request: {/status: inactive}}, code: a:stopped}
      - {code: a:updated}
    changes: {from: request, secret: [/pin]}
`).Rule("PUT", "/a/{id}")
	f.Fuzz(func(t *testing.T, body string) {
		r := request{body: body, status: 200}
		e := r.event()
		if !rule.Complete(&e, r.exchange()) {
			t.Fatal("no event, although the last case always holds")
		}
		var handler struct{ Status, Pin string }
		if json.NewDecoder(strings.NewReader(body)).Decode(&handler) != nil {
			return
		}
		_, uncertain := e.Attributes.Get("unread.request")
		if stopped := e.Code == "a:stopped"; !uncertain && stopped != (handler.Status == "inactive") {
			t.Errorf("the handler took the status %q, the code is %s", handler.Status, e.Code)
		}
		if strings.Count(body, "hunter2") == 1 && strings.Contains(handler.Pin, "hunter2") && tells(e, "hunter2") {
			t.Errorf("the event tells the pin: %s %v", e.Summary, e.Changes)
		}
	})
}

// tells reports whether an event holds a text in its changes or its sentence.
func tells(e activitylog.Event, text string) bool {
	for _, c := range e.Changes {
		if strings.Contains(string(c.Old)+string(c.New), text) {
			return true
		}
	}
	return strings.Contains(e.Summary, text)
}
