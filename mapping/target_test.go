package mapping_test

import (
	"fmt"
	"testing"

	"go.opentelemetry.io/otel/log"

	activitylog "github.com/activitylog-go/activitylog"
)

// TestTargetIDs checks where the id of a target comes from that a file names
// only in part.
func TestTargetIDs(t *testing.T) {
	tests := []struct{ target, body, want string }{
		{"target: {name: request./email}", `{"email":"bob@example.com"}`, "[{member mem_1 bob@example.com}]"},
		{"target: {type: member}", "", "[{member mem_1 }]"},
		{"target: {type: team}", "", "[{team  }]"}, // the route names a member
		{"targets: [{type: member}, {type: member}]", "", "[{member mem_1 } {member  }]"},
		{"target: {id: [request./id, path.org]}", `{"id":null}`, "[{member acme }]"},
		{"target: {id: [request./id, path.org]}", `{"id":""}`, "[{member acme }]"},
		{"target: {id: [request./id, path.org]}", `{"id":0}`, "[{member 0 }]"},
	}
	for _, tt := range tests {
		yaml := "version: 1\nroutes:\n  PATCH /orgs/{org}/members/{member}: {code: org.member:updated, " + tt.target + "}\n"
		e := send(t, yaml, "PATCH", "/orgs/{org}/members/{member}", request{params: params{"acme", "mem_1"}, body: tt.body, status: 200})
		if got := fmt.Sprint(e.Targets); got != tt.want {
			t.Errorf("%s, %s: %s, want %s", tt.target, tt.body, got, tt.want)
		}
	}
}

// TestLongestPrefix checks that of several prefixes that a route has, the
// longest is left out.
func TestLongestPrefix(t *testing.T) {
	m := parse(t, `
version: 1
strip_prefixes: [/api, /api/v1]
routes:
  POST /things: {code: thing:created}
  POST /v1/things: {code: thing:made}
  POST /: {code: root:created}
`)
	for route, want := range map[string]activitylog.Code{"/api/v1/things": "thing:created", "/api/things": "thing:created", "/api/v1": "root:created", "/api/": "root:created"} {
		if got := m.Explain("POST", route).Code; got != want {
			t.Errorf("%s: %s, want %s", route, got, want)
		}
	}
	if x := m.Explain("POST", "/apis/things"); !x.Rule.IsZero() {
		t.Errorf("/apis is not /api: %v", x.Steps)
	}
}

// TestSeverityIsTheLeast checks that the catalogue raises a severity only.
func TestSeverityIsTheLeast(t *testing.T) {
	rule := parse(t, "version: 1\nevents:\n  a:made: {severity: warn}\nroutes:\n  POST /a: {code: a:made}\n").Rule("POST", "/a")
	for before, want := range map[log.Severity]log.Severity{0: log.SeverityWarn, log.SeverityInfo: log.SeverityWarn, log.SeverityError: log.SeverityError} {
		e := activitylog.Event{Severity: before}
		if rule.Complete(&e, nil); e.Severity != want {
			t.Errorf("%v became %v, want %v", before, e.Severity, want)
		}
	}
}
