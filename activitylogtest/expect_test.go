package activitylogtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func ExampleExpect() {
	t := new(testing.T) // in a test, its own

	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, r *http.Request) {
		activity := activitylog.From(r.Context())
		activity.SetActor(activitylog.Actor{ID: "usr_ann", Name: "Ann Lee"})
		activity.AddChange("/role", "viewer", "admin")
	})
	h := middleware.New(mapping.Default(), middleware.WithLoggerProvider(rec))(mux)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PATCH", "/orgs/acme/members/usr_bob", nil))

	e := activitylogtest.Expect(t, rec,
		activitylogtest.Code("org.member:updated"),
		activitylogtest.Tenant("acme"),
		activitylogtest.Actor("usr_ann"),
		activitylogtest.Target("member", "usr_bob"),
		activitylogtest.Changed("/role", "viewer", "admin"),
		activitylogtest.Outcome(activitylog.Success))
	activitylogtest.ExpectNone(t, rec, activitylogtest.Outcome(activitylog.Failure))
	fmt.Println(t.Failed(), e.Summary)
	// Output:
	// false Ann Lee changed role of usr_bob from viewer to admin
}

// A whole event has a value in every place that a matcher looks at.
var whole = activitylog.Event{
	Code:      "org.member:updated",
	Tenant:    "acme",
	Actor:     activitylog.Actor{ID: "usr_ann", Type: activitylog.Service, OnBehalfOf: activitylog.Party{ID: "usr_cho"}},
	Targets:   []activitylog.Target{{Type: "member", ID: "usr_bob"}, {Type: "team", ID: "tm_1"}},
	Outcome:   activitylog.Failure,
	Reason:    "the role is unknown",
	ErrorType: "422",
	Summary:   "Ann Lee tried to change Bob Ito",
	HTTP:      activitylog.HTTP{Method: "PATCH", Route: "/orgs/{org}/members/{member}", Status: 422},
	Changes: []activitylog.Change{
		activitylog.NewChange("/role", "viewer", "admin"),
		{Path: "/limits", Old: []byte(`{"b":"<", "a": 1.0}`)},
		{Path: "/token", Redacted: true},
		activitylog.NewChange("/plan", nil, "gold"),
		{Path: "/limit", Old: []byte("null"), New: []byte("5")},
	},
	Attributes: attributes("plan", "gold", "seats", 12, "trial", true),
}

func attributes(nameValues ...any) (a activitylog.Attributes) {
	for i := 0; i < len(nameValues); i += 2 {
		a.Set(nameValues[i].(string), nameValues[i+1])
	}
	return a
}

func record(events ...activitylog.Event) *activitylogtest.Recorder {
	rec := new(activitylogtest.Recorder)
	for _, e := range events {
		activitylog.Emit(context.Background(), rec.Logger(""), e)
	}
	return rec
}

// matchers are each one that the whole event meets, and one that it does not.
var matchers = []struct {
	name         string
	meets, fails activitylogtest.Matcher
}{
	{"code", activitylogtest.Code("org.member:updated"), activitylogtest.Code("org.member:invited")},
	{"tenant", activitylogtest.Tenant("acme"), activitylogtest.Tenant("")},
	{"actor", activitylogtest.Actor("usr_ann"), activitylogtest.Actor("usr_Ann")},
	{"actor type", activitylogtest.ActorType(activitylog.Service), activitylogtest.ActorType(activitylog.User)},
	{"on behalf of", activitylogtest.OnBehalfOf("usr_cho"), activitylogtest.OnBehalfOf("usr_ann")},
	{"first target", activitylogtest.Target("member", "usr_bob"), activitylogtest.Target("member", "tm_1")},
	{"second target", activitylogtest.Target("team", "tm_1"), activitylogtest.Target("org", "acme")},
	{"outcome", activitylogtest.Outcome(activitylog.Failure), activitylogtest.Outcome(activitylog.Denied)},
	{"reason", activitylogtest.Reason("the role is unknown"), activitylogtest.Reason("")},
	{"error type", activitylogtest.ErrorType("422"), activitylogtest.ErrorType("panic")},
	{"route", activitylogtest.Route("/orgs/{org}/members/{member}"), activitylogtest.Route("/orgs/acme/members/usr_bob")},
	{"summary", activitylogtest.Summary("Ann Lee tried to change Bob Ito"), activitylogtest.Summary("Ann Lee changed Bob Ito")},
	{"status", activitylogtest.Status(422), activitylogtest.Status(200)},
	{"changed", activitylogtest.Changed("/role", "viewer", "admin"), activitylogtest.Changed("/role", "admin", "viewer")},
	{"changed from", activitylogtest.Changed("/limits", map[string]any{"a": json.Number("1.0"), "b": "<"}, nil), activitylogtest.Changed("/limits", map[string]any{"a": 1, "b": "<"}, nil)},
	{"no value", activitylogtest.Changed("/plan", nil, "gold"), activitylogtest.Changed("/plan", "null", "gold")},
	{"null", activitylogtest.Changed("/limit", json.RawMessage("null"), 5), activitylogtest.Changed("/limit", nil, 5)},
	{"changed secret", activitylogtest.Redacted("/token"), activitylogtest.Changed("/token", nil, nil)},
	{"redacted", activitylogtest.Redacted("/token"), activitylogtest.Redacted("/role")},
	{"text", activitylogtest.Attr("plan", "gold"), activitylogtest.Attr("plan", "silver")},
	{"number", activitylogtest.Attr("seats", 12), activitylogtest.Attr("seats", "12")},
	{"boolean", activitylogtest.Attr("trial", true), activitylogtest.Attr("beta", true)},
}

func TestExpectMeets(t *testing.T) {
	rec := record(activitylog.Event{Code: "org:created"}, whole)
	var all []activitylogtest.Matcher
	for _, m := range matchers {
		all = append(all, m.meets)
	}
	tb := new(fakeTB)
	if e := activitylogtest.Expect(tb, rec, all...); e.Code != whole.Code {
		t.Errorf("Expect returned %s", e.Code)
	}
	for _, m := range matchers {
		activitylogtest.ExpectNone(tb, rec, append(all, m.fails)...)
	}
	if len(tb.errors) > 0 {
		t.Errorf("got %q", tb.errors)
	}
}

// TestExpectFails looks at what each matcher says of an event that does not meet it.
func TestExpectFails(t *testing.T) {
	var got strings.Builder
	for _, m := range matchers {
		tb := new(fakeTB)
		if e := activitylogtest.Expect(tb, record(whole), m.fails); e.Code != "" || len(tb.errors) != 1 {
			t.Fatalf("%s: Expect returned %q and said %q", m.name, e.Code, tb.errors)
		}
		fmt.Fprintf(&got, "== %s\n%s\n", m.name, tb.errors[0])
	}
	golden(t, "matchers.golden", got.String())
}

func TestExpectSays(t *testing.T) {
	member := activitylogtest.Code("org.member:updated")
	ann := activitylogtest.Actor("usr_ann")
	denied := whole
	denied.Actor, denied.Outcome, denied.Targets = activitylog.Actor{}, activitylog.Denied, nil
	created := activitylog.Event{Code: "org:created", Actor: activitylog.Actor{ID: "usr_ann"}, Targets: []activitylog.Target{{Type: "org", ID: "acme"}}}
	var many []activitylog.Event
	for range 30 {
		many = append(many, created)
	}
	for _, tt := range []struct {
		name string
		rec  *activitylogtest.Recorder
		want []activitylogtest.Matcher
		none []activitylogtest.Matcher // for ExpectNone instead
	}{
		{"nothing", record(), []activitylogtest.Matcher{member, ann}, nil},
		{"nearest", record(created, denied, created), []activitylogtest.Matcher{member, activitylogtest.Tenant("acme"), ann, activitylogtest.Changed("/name", nil, "Bob")}, nil},
		{"two", record(whole, created, whole), []activitylogtest.Matcher{member, ann}, nil},
		{"two, whichever", record(created, created), nil, nil},
		{"many", record(many...), []activitylogtest.Matcher{member}, nil},
		{"unwanted", record(whole, created), nil, []activitylogtest.Matcher{activitylogtest.Outcome(activitylog.Failure)}},
		{"unwanted, any", record(created), nil, []activitylogtest.Matcher{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tb := new(fakeTB)
			if tt.none != nil {
				activitylogtest.ExpectNone(tb, tt.rec, tt.none...)
			} else {
				activitylogtest.Expect(tb, tt.rec, tt.want...)
			}
			if len(tb.errors) != 1 {
				t.Fatalf("said %q", tb.errors)
			}
			golden(t, strings.ReplaceAll(strings.ReplaceAll(tt.name, ",", ""), " ", "_")+".golden", tb.errors[0]+"\n")
		})
	}
}

func TestExpectPasses(t *testing.T) {
	tb := new(fakeTB)
	activitylogtest.Expect(tb, record(whole)) // the only one
	activitylogtest.ExpectNone(tb, record())
	if len(tb.errors) > 0 {
		t.Errorf("said %q", tb.errors)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "expect", name)
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(got), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (rerun with -update if intended)\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}
