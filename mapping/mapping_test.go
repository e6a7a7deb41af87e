package mapping_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unsafe"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (rerun with -update if intended)\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

func parse(t testing.TB, yaml string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("test.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// params are the values of path parameters by position.
type params []string

func (p params) Param(i int) string {
	if i >= len(p) {
		return ""
	}
	return p[i]
}

func complete(r *mapping.Rule, e activitylog.Event, values ...string) (activitylog.Event, bool) {
	ok := r.Complete(&e, &mapping.Exchange{Params: params(values)})
	return e, ok
}

// TestRouters checks that a route is found in the spelling of every router
// and under other parameter names than the file's.
func TestRouters(t *testing.T) {
	m := parse(t, `
version: 1
routes:
  PATCH /orgs/{org}/members/{member}: {code: org.member:changed, target: {type: person, id: path.member}}
  PUT /orgs/{org}/files/{path...}: {code: file:written}
  POST /: {code: root:touched}
`)
	tests := []struct {
		method, route string
		code          string
		normal        string
	}{
		{"PATCH", "/orgs/{org}/members/{member}", "org.member:changed", "/orgs/{org}/members/{member}"},
		{"PATCH", "PATCH /orgs/{o}/members/{m}", "org.member:changed", "/orgs/{o}/members/{m}"},
		{"PATCH", "example.org/orgs/{org}/members/{member}", "org.member:changed", "/orgs/{org}/members/{member}"},
		{"PATCH", "PATCH example.org/orgs/{org}/members/{member}/{$}", "org.member:changed", "/orgs/{org}/members/{member}/"},
		{"PATCH", "/orgs/:org/members/:id", "org.member:changed", "/orgs/{org}/members/{id}"},
		{"PATCH", "/orgs/{org:[a-z]{3}}/members/{id:[0-9]+}", "org.member:changed", "/orgs/{org}/members/{id}"},
		{"PUT", "/orgs/:org/files/*rest", "file:written", "/orgs/{org}/files/{rest...}"},
		{"PUT", "/orgs/{org}/files/{path:.*}", "file:written", "/orgs/{org}/files/{path...}"},
		{"POST", "/{$}", "root:touched", "/"},
		{"PUT", "/orgs/{org}/members/{member}", "org.member:updated", "/orgs/{org}/members/{member}"}, // inferred
		{"GET", "/orgs/{org}/members/{member}", "", ""},
		{"PATCH", "/orgs/{org}/members/{member}/x", "org.member.x:updated", "/orgs/{org}/members/{member}/x"},
	}
	for _, tt := range tests {
		r := m.Rule(tt.method, tt.route)
		if r == nil {
			if tt.code != "" {
				t.Errorf("%s %s: no event, want %s", tt.method, tt.route, tt.code)
			}
			continue
		}
		e, _ := complete(r, activitylog.Event{}, "acme", "mem_1")
		if string(e.Code) != tt.code || e.HTTP.Route != tt.normal || r.Route != tt.normal {
			t.Errorf("%s %s: got %s on %s, want %s on %s", tt.method, tt.route, e.Code, e.HTTP.Route, tt.code, tt.normal)
		}
	}
}

func TestComplete(t *testing.T) {
	m := parse(t, `
version: 1
tenant: {path: club}
event_names: dotted
events:
  club.seat:taken:
    sentence: "{actor} took seat {target.name} of {tenant}"
routes:
  PUT /clubs/{club}/rows/{row}/seats/{seat}:
    code: club.seat:taken
    target: {id: path.seat, name: path.row}
  POST /clubs/{club}/gates: {code: gate:opened}
`)
	ann := activitylog.Actor{ID: "usr_1", Name: "Ann Lee"}
	r := m.Rule("PUT", "/clubs/:c/rows/:r/seats/:s")
	if got := strings.Join(r.Params, " "); got != "c r s" || r.Inferred {
		t.Errorf("params %q, inferred %v: want the router's names of a named route", got, r.Inferred)
	}
	e, ok := complete(r, activitylog.Event{Actor: ann}, "fc", "7", "7b")
	want := activitylog.Target{Type: "seat", ID: "7b", Name: "7"}
	if !ok || e.Tenant != "fc" || e.Target() != want || e.EventName != "club.seat.taken" {
		t.Errorf("got tenant %q, target %+v, event name %q", e.Tenant, e.Target(), e.EventName)
	}
	if e.Summary != "Ann Lee took seat 7 of fc" {
		t.Errorf("summary %q", e.Summary)
	}

	// What the application has said stays.
	own := activitylog.Target{Type: "chair", ID: "x"}
	e, _ = complete(r, activitylog.Event{Actor: ann, Tenant: "other", Summary: "mine", Targets: []activitylog.Target{own}}, "fc", "7", "7b")
	if e.Tenant != "other" || e.Target() != own || len(e.Targets) != 1 || e.Summary != "mine" {
		t.Errorf("the application's words were overruled: %+v", e)
	}

	// Without a target in the file: the code's resource.
	e, _ = complete(m.Rule("POST", "/clubs/{club}/gates"), activitylog.Event{Actor: ann}, "fc")
	if e.Target() != (activitylog.Target{Type: "gate"}) || e.Tenant != "fc" {
		t.Errorf("got target %+v, tenant %q", e.Target(), e.Tenant)
	}

	e = activitylog.Event{}
	if !r.Complete(&e, nil) || e.Tenant != "" {
		t.Errorf("nil parameters: got tenant %q", e.Tenant)
	}
}

func TestCases(t *testing.T) {
	m := parse(t, `
version: 1
routes:
  POST /login:
    cases:
      - {when: {status: 401}, code: user:login_failed}
      - {when: {status: [423, 5xx]}, code: user:locked_out}
      - {when: {outcome: [success]}, code: user:logged_in}
  POST /pay:
    cases:
      - {when: {status: 4xx, outcome: denied}, code: payment:refused}
      - {code: payment:made}
`)
	tests := []struct {
		route  string
		status int
		want   string
	}{
		{"/login", 401, "user:login_failed"},
		{"/login", 423, "user:locked_out"},
		{"/login", 503, "user:locked_out"},
		{"/login", 204, "user:logged_in"},
		{"/login", 400, ""}, // no case holds
		{"/pay", 403, "payment:refused"},
		{"/pay", 404, "payment:made"},
		{"/pay", 200, "payment:made"},
	}
	for _, tt := range tests {
		e := activitylog.Event{Outcome: activitylog.OutcomeOf(tt.status), HTTP: activitylog.HTTP{Status: tt.status}}
		ok := m.Rule("POST", tt.route).Complete(&e, nil)
		if string(e.Code) != tt.want || ok != (tt.want != "") {
			t.Errorf("%s %d: got %q, %v, want %q", tt.route, tt.status, e.Code, ok, tt.want)
		}
	}
	var codes []activitylog.Code
	for _, c := range m.Explain("POST", "/pay").Cases {
		codes = append(codes, c.Code)
	}
	slices.Sort(codes)
	if codes = slices.Compact(codes); !slices.Equal(codes, []activitylog.Code{"payment:made", "payment:refused"}) {
		t.Errorf("the cases have the codes %v", codes)
	}
}

func TestReads(t *testing.T) {
	m := parse(t, `
version: 1
routes:
  GET /statements/{id}: {code: statement:viewed}
  DELETE /drafts/{id}: {ignore: "a draft is nobody's business"}
  HEAD /ping: {ignore: "never an event"}
`)
	for method, want := range map[string]bool{"GET": true, "POST": true, "DELETE": true, "HEAD": false, "OPTIONS": false, "": false, "get": false} {
		if got := m.Watches(method); got != want {
			t.Errorf("Watches(%q) = %v", method, got)
		}
	}
	if mapping.Default().Watches("GET") {
		t.Error("without a file no GET can be an event")
	}
	e, _ := complete(m.Rule("GET", "GET /statements/{id}"), activitylog.Event{}, "st_1")
	if e.Code != "statement:viewed" || e.Target() != (activitylog.Target{Type: "statement", ID: "st_1"}) {
		t.Errorf("got %s of %+v", e.Code, e.Target())
	}
	if r := m.Rule("GET", "/statements"); r != nil {
		t.Errorf("a GET that no rule names is an event: %+v", r)
	}
	if r := m.Rule("DELETE", "/drafts/{id}"); r != nil {
		t.Errorf("an ignored route is an event: %+v", r)
	}
}

// TestIgnores checks that "no event" and "nobody has decided" are told apart.
func TestIgnores(t *testing.T) {
	const rules = "routes:\n  POST /drafts: {ignore: \"nobody's business\"}\n  GET /a: {code: a:viewed}\n  POST /a: {cases: [{when: {status: 201}, code: a:made}]}\n"
	tests := []struct {
		method, route   string
		inferred, named bool // whether it is ignored with infer: on, with infer: off
	}{
		{"POST", "/drafts", true, true},
		{"POST", "/things/search", true, false},
		{"POST", "/things", false, false},
		{"POST", "/a", false, false},
		{"GET", "/a", false, false},
		{"GET", "/b", true, true}, // a read
		{"OPTIONS", "/things", true, true},
	}
	on, off := parse(t, "version: 1\n"+rules), parse(t, "version: 1\ninfer: off\n"+rules)
	for _, tt := range tests {
		for range 2 { // decided, and kept
			if got := on.Ignores(tt.method, tt.route); got != tt.inferred {
				t.Errorf("%s %s, infer: on: Ignores = %v", tt.method, tt.route, got)
			}
			if got := off.Ignores(tt.method, tt.route); got != tt.named {
				t.Errorf("%s %s, infer: off: Ignores = %v", tt.method, tt.route, got)
			}
		}
		if on.Ignores(tt.method, tt.route) && on.Rule(tt.method, tt.route) != nil {
			t.Errorf("%s %s is ignored and has a rule", tt.method, tt.route)
		}
	}
}

func TestInferModes(t *testing.T) {
	for mode, want := range map[string]struct{ event, warn bool }{
		"on": {true, false}, "warn": {true, true}, "off": {false, false},
	} {
		m := parse(t, "version: 1\ninfer: "+mode+"\nroutes:\n  POST /a: {code: a:made}\n")
		r := m.Rule("POST", "/things")
		if (r != nil) != want.event || r != nil && (r.Warn != want.warn || !r.Inferred) {
			t.Errorf("infer: %s: got %+v", mode, r)
		}
		if r := m.Rule("POST", "/a"); r == nil || r.Warn || r.Inferred {
			t.Errorf("infer: %s: a named route gave %+v", mode, r)
		}
	}
}

// TestFileKeepsCodes checks that writing a mapping file does not change what
// is inferred, unless it says so.
func TestFileKeepsCodes(t *testing.T) {
	tests := []struct{ yaml, want string }{
		{"version: 1", "org.member:updated"},
		{"version: 1\ncatalogue: payments\nevents:\n  a:created: {title: A}", "org.member:updated"},
		{"version: 1\ncatalogue: none", "member:updated"},
		{"version: 1\ncatalogue: none\nwords: {members: colleague}", "colleague:updated"},
		{"version: 1\nstrip_prefixes: /orgs/{org}", "member:updated"},
		{"version: 1\ncatalogue: none\nevents:\n  org.member:deleted: {}", "org.member:updated"},
		{"version: 1\nverbs: {members: renamed}", "org:renamed"},
	}
	for _, tt := range tests {
		if got := parse(t, tt.yaml).Explain("PATCH", "/orgs/{org}/members/{id}").Code; string(got) != tt.want {
			t.Errorf("%q: got %s, want %s", tt.yaml, got, tt.want)
		}
	}
}

// TestShippedCatalogue pins codes, titles and sentences.
func TestShippedCatalogue(t *testing.T) {
	c := mapping.Default().Catalogue()
	var b strings.Builder
	for _, entry := range c.Entries() {
		kind := entry.Code.Resource()[strings.LastIndexByte(entry.Code.Resource(), '.')+1:]
		e := activitylog.Event{
			Code:    entry.Code,
			Outcome: activitylog.Success,
			Tenant:  "Acme",
			Actor:   activitylog.Actor{ID: "usr_1", Name: "Ann Lee"},
			Targets: []activitylog.Target{{Type: kind, ID: kind + "_1"}},
			Source:  activitylog.Source{ClientAddress: "203.0.113.9"},
		}
		fmt.Fprintf(&b, "%s\t%s\t%s\n", entry.Code, entry.Title, c.Sentence(&e))
	}
	if n := len(c.Entries()); n != 36 {
		t.Errorf("the catalogue has %d codes, want 36", n)
	}
	golden(t, "catalogue.golden", b.String())
}

func TestCatalogueRoutes(t *testing.T) {
	m := parse(t, `
version: 1
events:
  org.member:invited: {title: Colleague asked in}
routes:
  POST /orgs/{org}/members: {code: org.member:invited}
  POST /orgs/{org}/guests: {cases: [{when: {status: 201}, code: org.member:invited}, {code: org.member:declined}]}
`)
	e, ok := m.Catalogue().Lookup("org.member:invited")
	if !ok || e.Title != "Colleague asked in" {
		t.Errorf("the file's title must replace the shipped one: %+v", e)
	}
	if shipped, _ := mapping.Default().Catalogue().Lookup(e.Code); !reflect.DeepEqual(e.Sentences, shipped.Sentences) || !reflect.DeepEqual(e.Attempts, shipped.Attempts) {
		t.Errorf("what the file does not say must stay as shipped: %+v", e)
	}
	if want := []string{"POST /orgs/{org}/members", "POST /orgs/{org}/guests"}; !slices.Equal(e.Routes, want) {
		t.Errorf("routes %q, want %q", e.Routes, want)
	}
	if e, _ := m.Catalogue().Lookup("org.member:declined"); e.Title != "Team member declined" || len(e.Routes) != 1 {
		t.Errorf("a shipped entry: %+v", e)
	}
}

// TestRulesAreKept checks that literal paths neither fill memory nor take the
// place of the routes that the mapping names.
func TestRulesAreKept(t *testing.T) {
	m := parse(t, "version: 1\nroutes:\n  POST /things: {code: thing:created}\n")
	for i := range 10_100 {
		m.Rule("POST", fmt.Sprintf("/orgs/%d", i))
	}
	if m.Rule("POST", "/things") != m.Rule("POST", "/things") {
		t.Error("the rule of a route that the mapping names is not kept")
	}
	if m.Rule("POST", "/orgs/9999") != m.Rule("POST", "/orgs/9999") {
		t.Error("the 10,000th rule is not kept")
	}
	if a, b := m.Rule("POST", "/orgs/10000"), m.Rule("POST", "/orgs/10000"); a == b || a.Route != b.Route {
		t.Error("the 10,001st rule is kept, or not the same")
	}
}

// TestConcurrent checks that every caller gets the same rule of a route. It is
// meant for the race detector.
func TestConcurrent(t *testing.T) {
	m := parse(t, "version: 1\n")
	const callers, routes = 8, 200
	got := make([][routes]*mapping.Rule, callers)
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range routes {
				got[c][i] = m.Rule("POST", fmt.Sprintf("/things/{id}/part%d", i))
			}
		})
	}
	wg.Wait()
	for c := range callers {
		if got[c] != got[0] {
			t.Fatalf("caller %d got other rules than caller 0", c)
		}
	}
}

// TestBuffer checks that nothing that is kept lies in the caller's buffer.
func TestBuffer(t *testing.T) {
	const route = "/things/{thing}/notes"
	buffer := []byte("POST" + route)
	text := unsafe.String(&buffer[0], len(buffer))
	m := parse(t, "version: 1\n")
	r := m.Rule(text[:4], text[4:])
	copy(buffer, strings.Repeat("x", len(buffer)))
	if r.Method != "POST" || r.Route != route || r.Params[0] != "thing" {
		t.Errorf("the rule changed with the buffer: %s %s %q", r.Method, r.Route, r.Params)
	}
	if m.Rule("POST", route) != r {
		t.Error("the decision was kept under the buffer's text")
	}
}

func TestLiteralPaths(t *testing.T) {
	m := parse(t, "version: 1\n")
	kept := m.Rule("POST", "/kept")
	for i := range 20_000 {
		if r := m.Rule("POST", fmt.Sprintf("/things/%d/notes", i)); r == nil {
			t.Fatalf("path %d gave no rule", i)
		}
	}
	if m.Rule("POST", "/kept") != kept {
		t.Error("a decision that was kept is gone")
	}
	late := "/things/19999/notes"
	if m.Rule("POST", late) == m.Rule("POST", late) {
		t.Error("a decision beyond the limit was kept")
	}
}

func TestLoad(t *testing.T) {
	if _, err := mapping.Load(filepath.Join(t.TempDir(), "none.yaml")); err == nil || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("got %v, want an error that names the file", err)
	}
	file := filepath.Join(t.TempDir(), "a.yaml")
	if err := os.WriteFile(file, []byte("version: 2\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := mapping.Load(file); err == nil || !strings.HasPrefix(err.Error(), file+":1:10: version: ") {
		t.Errorf("got %v, want FILE:LINE:COLUMN first", err)
	}
}

// TestRuleBehindPrefix checks that a rule may leave out what strip_prefixes
// strips, and that its references keep their places.
func TestRuleBehindPrefix(t *testing.T) {
	m := parse(t, `
version: 1
strip_prefixes: [/api, /api/v1]
routes:
  POST /orgs/{org}/members/{member}: {code: org.member:invited, target: {type: member, id: path.member}}
  POST /api/v1/orgs/{org}/members/{member}: {code: org.member:joined}
  POST /: {code: org:created}
`)
	tests := []struct{ route, code string }{
		{"/orgs/{o}/members/{m}", "org.member:invited"},
		{"/api/orgs/{o}/members/{m}", "org.member:invited"},
		{"/api/v1/orgs/{o}/members/{m}", "org.member:joined"}, // named in full
		{"/api/v1", "org:created"},
		{"/apis/orgs/{o}/members/{m}", "org.member:updated"}, // no such prefix: inferred
	}
	for _, tt := range tests {
		if got := m.Explain("POST", tt.route).Code; string(got) != tt.code {
			t.Errorf("POST %s: %q, want %q", tt.route, got, tt.code)
		}
	}
	e := activitylog.Event{Outcome: activitylog.Success}
	if !m.Rule("POST", "/api/orgs/:o/members/:m").Complete(&e, &mapping.Exchange{Params: params{"acme", "mem_1"}}) || e.Target().ID != "mem_1" {
		t.Errorf("target is %+v, want mem_1", e.Target())
	}
}
