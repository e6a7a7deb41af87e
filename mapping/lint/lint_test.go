package lint_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/lint"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

func parse(t *testing.T, yaml string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("a.yaml", []byte("version: 1\n"+yaml))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// api returns the routes of a list, nil for none.
func api(t *testing.T, list string) []routes.Route {
	t.Helper()
	if list == "" {
		return nil
	}
	found, err := routes.Read("routes.txt", strings.NewReader(strings.ReplaceAll(list, "; ", "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A test is a mapping with an API and all that lint finds: "LINE:COLUMN check:"
// and a part of the message. Line 1 is version: 1; places in the list of routes
// begin with its name.
type test struct {
	name   string
	yaml   string
	routes string
	want   []string
}

func run(t *testing.T, tests []test) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := lint.Check(parse(t, tt.yaml), api(t, tt.routes))
			for i, f := range found {
				if f.Pos.Line == 0 || f.Pos.Column == 0 {
					t.Errorf("finding without a place: %s", f)
				}
				place := strings.TrimPrefix(f.Pos.String(), "a.yaml:")
				if i >= len(tt.want) {
					t.Errorf("unexpected: %s %s: %s", place, f.Check, f.Msg)
					continue
				}
				head, part, _ := strings.Cut(tt.want[i], ": ")
				if place+" "+f.Check != head || !strings.Contains(f.Msg, part) {
					t.Errorf("got  %s %s: %s\nwant %s", place, f.Check, f.Msg, tt.want[i])
				}
			}
			if len(found) < len(tt.want) {
				t.Errorf("not found: %q", tt.want[len(found):])
			}
		})
	}
}

func TestUnmapped(t *testing.T) {
	const decided = "routes:\n  POST /orders: {code: order:created}\nevents: {\"order:created\": {sentence: \"{actor} ordered\"}}\ncatalogue: none\n"
	run(t, []test{
		{"decided by a rule", decided, "POST /orders; GET /orders; GET /orders/{id}; HEAD /orders", nil},
		{"decided by inference", "", "PATCH /orgs/{org}/members/{member}", nil},
		{"ignored", "routes: {\"POST /orders/search\": {ignore: it finds things}}", "POST /orders/search", nil},
		{"a search", decided, "POST /orders; POST /orders/search", []string{
			`routes.txt:2:1 unmapped: POST /orders/search is taken for no event ("search" changes nothing), and no rule says so`}},
		{"infer: warn", decided + "infer: warn", "POST /orders; DELETE /orders/{id}; POST /orders/search; GET /x", []string{
			"routes.txt:2:1 unmapped: DELETE /orders/{id}: no rule names it: accept the code order:deleted",
			"routes.txt:3:1 unmapped: POST /orders/search is taken for no event"}},
		{"infer: off", decided + "infer: off", "POST /orders; DELETE /orders/:id", []string{
			"routes.txt:2:1 unmapped: DELETE /orders/{id}: no rule names it, and nothing is inferred"}},
		{"for every method", decided + "infer: off", "* /orders", []string{
			"routes.txt:1:1 unmapped: DELETE /orders", "routes.txt:1:1 unmapped: PATCH /orders", "routes.txt:1:1 unmapped: PUT /orders"}},
		{"twice the same paths", "infer: off", "PATCH /orders/{id}; PATCH /orders/:number/", []string{
			"routes.txt:1:1 unmapped: PATCH /orders/{id}"}},
	})
}

// TestUnmappedPlace checks the place of a route of which only the router knows.
func TestUnmappedPlace(t *testing.T) {
	served := []routes.Route{{Method: "POST", Path: "/orders/search"}}
	for yaml, want := range map[string]string{
		"infer: on\nroutes:\n  POST /x/search: {ignore: \"it finds\"}": "a.yaml:3:1",
		"infer: on": "a.yaml:1:1",
	} {
		found := lint.Check(parse(t, yaml), append(served, routes.Route{Method: "POST", Path: "/x/search"}))
		if len(found) == 0 || found[0].Pos.String() != want {
			t.Errorf("%q: got %v, want it at %s", yaml, found, want)
		}
	}
	found := lint.Check(mapping.Default(), served)
	if len(found) != 1 || !strings.HasPrefix(found[0].String(), "POST /orders/search is") {
		t.Errorf("without a file: %v", found)
	}
}

// TestFix checks that the YAML of the findings, put into the file, settles them.
func TestFix(t *testing.T) {
	const list = "POST /orders; POST /orders/search; POST /orders/{id}:cancel; DELETE /orders/{id}"
	for _, mode := range []string{"on", "warn", "off"} {
		yaml := "catalogue: none\ninfer: " + mode + "\n"
		found := lint.Check(parse(t, yaml), api(t, list))
		if len(found) != 4 {
			t.Errorf("infer: %s: %d findings: %v", mode, len(found), found)
		}
		for _, section := range []string{"routes:\n", "events:\n"} {
			yaml += section
			for _, f := range found {
				_, lines, _ := strings.Cut("\n"+f.Fix, "\n"+section)
				for line := range strings.Lines(lines) {
					if !strings.HasPrefix(line, " ") {
						break
					}
					yaml += line
				}
			}
		}
		if again := lint.Check(parse(t, yaml), api(t, list)); len(again) > 0 {
			t.Errorf("%s\nleaves %v", yaml, again)
		}
	}
}

func TestReach(t *testing.T) {
	const rules = `infer: off
strip_prefixes: [/api/v1, /v1]
routes:
  POST /orgs/{org}/members: {code: org.member:invited}
`
	run(t, []test{
		{"reached in full", rules, "POST /orgs/:id/members", nil},
		{"reached behind a prefix", rules, "POST /v1/orgs/{org}/members", nil},
		{"reached by any method", rules, "* /orgs/{org}/members", []string{
			"routes.txt:1:1 unmapped: DELETE", "routes.txt:1:1 unmapped: PATCH", "routes.txt:1:1 unmapped: PUT"}},
		{"HEAD of GET", "routes: {HEAD /profile: {code: \"org.profile:updated\"}}", "GET /profile", nil},
		{"gone", rules, "GET /health", []string{`5:3 unreachable: rule "POST /orgs/{org}/members" is reached by no route: drop it`}},
		{"renamed", "infer: on\n" + rules[len("infer: off\n"):], "GET /x; POST /orgs/{org}/team-members", []string{
			"5:3 unreachable: was the route renamed to POST /orgs/{org}/team-members?",
			"routes.txt:2:1 unknown-code: the code org.member:created"}},
		{"renamed, with nothing in common", "routes: {POST /orgs: {code: \"org:created\"}}\ninfer: off\n", "POST /health; POST /organisations", []string{
			"2:10 unreachable: drop it", "routes.txt:1:1 unmapped", "routes.txt:2:1 unmapped"}},
		{"renamed, alike", "routes: {POST /orgs: {code: \"org:created\"}, POST /my-orgs: {code: \"org:created\"}}\n", "POST /org", []string{
			"2:10 unreachable: was the route renamed to POST /org?", "2:45 unreachable: drop it"}},
		{"another method", "routes: {POST /orgs: {code: \"org:created\"}}", "PUT /orgs", []string{
			"2:10 unreachable: did you mean PUT /orgs?", "routes.txt:1:1 unknown-code: org:updated"}},
		{"behind a prefix that is not stripped", "routes: {POST /orgs: {code: \"org:created\"}}", "POST /gateway/orgs", []string{
			"2:10 unreachable: there is POST /gateway/orgs: name that, or say strip_prefixes: [/gateway]"}},
		{"below another resource", "routes: {POST /members: {code: \"org.member:joined\"}}\ninfer: off", "POST /orgs/{org}/members", []string{
			"2:10 unreachable: did you mean POST /orgs/{org}/members?", "routes.txt:1:1 unmapped"}},
		{"a literal in place of a parameter", "routes: {PATCH /orgs/acme/profile: {code: \"org.profile:updated\"}}", "PATCH /orgs/{org}/profile", []string{
			"2:10 unreachable: renamed to PATCH /orgs/{org}/profile?"}},
		{"shadowed", rules + "  POST /v1/orgs/{org}/members: {code: org.member:joined}", "POST /v1/orgs/{o}/members", []string{
			`5:3 shadowed: rule "POST /orgs/{org}/members" is never used: "POST /v1/orgs/{org}/members" in line 6:3 names the same route`}},
		{"another prefix reaches it", rules + "  POST /v1/orgs/{org}/members: {code: org.member:joined}",
			"POST /v1/orgs/{o}/members; POST /api/v1/orgs/{org}/members", nil},
		{"the root behind a prefix", "strip_prefixes: [/v1]\nroutes:\n  POST /: {code: org:created}\n  POST /v1: {code: org:created}", "POST /v1", []string{
			"4:3 shadowed"}},
		{"routes not known", rules + "  POST /nowhere: {code: org:created}", "", nil},
	})
}

func TestShadowedCase(t *testing.T) {
	cases := func(lines ...string) string {
		return "routes:\n  PATCH /orgs/{org}/profile:\n    cases:\n      - {" + strings.Join(lines, ", code: \"org.profile:updated\"}\n      - {") + ", code: \"org.profile:updated\"}\n"
	}
	tests := []struct {
		name  string
		lines []string
		want  string // the case and why
	}{
		{"a class before one of it", []string{"when: {status: 4xx}", "when: {status: 404}"}, "case 2, org.profile:updated, never decides: case 1 holds"},
		{"one before its class", []string{"when: {status: 404}", "when: {status: 4xx}"}, ""},
		{"the same", []string{"when: {request: {/a: x}}", "when: {request: {/a: x}}"}, "case 1 holds"},
		{"another value", []string{"when: {request: {/a: x}}", "when: {request: {/a: y}}"}, ""},
		{"another place", []string{"when: {request: {/a: x}}", "when: {response: {/a: x}}"}, ""},
		{"some of the values", []string{"when: {query: {a: [x, y, z]}}", "when: {query: {a: [z, x]}}"}, "case 1 holds"},
		{"one more", []string{"when: {query: {a: [x, y]}}", "when: {query: {a: [x, w]}}"}, ""},
		{"any value", []string{"when: {request: {/a: \"*\"}}", "when: {request: {/a: x}}"}, "case 1 holds"},
		{"any value later", []string{"when: {request: {/a: x}}", "when: {request: {/a: \"*\"}}"}, ""},
		{"a star of an outcome is none", []string{"when: {changed: [/a/*]}", "when: {changed: [/b]}"}, ""},
		{"less is asked first", []string{"when: {status: 2xx}", "when: {status: 2xx, request: {/a: x}}"}, "case 1 holds"},
		{"more is asked first", []string{"when: {status: 2xx, request: {/a: x}}", "when: {status: 2xx}"}, ""},
		{"a field before a part of it", []string{"when: {changed: [/place]}", "when: {changed: [/place/city]}"}, "case 1 holds"},
		{"a part first", []string{"when: {changed: [/place/city]}", "when: {changed: [/place]}"}, ""},
		{"a similar name", []string{"when: {changed: [/place]}", "when: {changed: [/place2]}"}, ""},
		{"two together", []string{"when: {status: 4xx}", "when: {status: 5xx}", "when: {status: [404, 500]}"}, "case 3, org.profile:updated, never decides: the cases before it"},
		{"all outcomes", []string{"when: {outcome: [success, denied]}", "when: {outcome: [failure, unknown]}", "when: {status: 204}"}, "case 3"},
		{"not all outcomes", []string{"when: {outcome: [success, denied]}", "when: {outcome: failure}", "when: {status: 204}"}, ""},
		{"all statuses", []string{"when: {status: [2xx, 3xx]}", "when: {status: [4xx, 5xx]}", "when: {outcome: success}"}, "case 3"},
		{"not all statuses", []string{"when: {status: [2xx, 3xx]}", "when: {status: 4xx}", "when: {outcome: success}"}, ""},
		{"all under a condition", []string{"when: {outcome: [success, denied, failure, unknown], request: {/a: x}}", "when: {status: 204}"}, ""},
	}
	for _, tt := range tests {
		found := lint.Check(parse(t, cases(tt.lines...)), nil)
		switch {
		case tt.want == "" && len(found) > 0:
			t.Errorf("%s: unexpected %v", tt.name, found)
		case tt.want != "" && (len(found) != 1 || found[0].Check != lint.ShadowedCase || !strings.Contains(found[0].Msg, tt.want)):
			t.Errorf("%s: got %v, want %q", tt.name, found, tt.want)
		}
	}
}

func TestOrder(t *testing.T) {
	const yaml = "routes:\n  POST /b: {code: b:create}\n  POST /a: {code: a:create}\n"
	first := lint.Check(parse(t, yaml), api(t, "POST /z; POST /y"))
	var places []string
	for _, f := range first {
		places = append(places, f.Pos.String()+" "+f.Check)
	}
	want := []string{
		"a.yaml:3:3 unreachable", "a.yaml:3:19 tense",
		"a.yaml:4:3 unreachable", "a.yaml:4:19 tense",
		"routes.txt:1:1 unknown-code", "routes.txt:2:1 unknown-code",
	}
	if !slices.Equal(places, want) {
		t.Errorf("got %q", places)
	}
	for range 20 {
		if again := lint.Check(parse(t, yaml), api(t, "POST /z; POST /y")); !slices.Equal(first, again) {
			t.Fatalf("not the same: %v, %v", first, again)
		}
	}
}

// TestDocumented checks that the reference lists every check.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/mapping.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range lint.Checks() {
		row := "| `" + c.Name + "`"
		if c.NeedsRoutes {
			row += " ¹"
		}
		row += " | " + strings.ToLower(c.Doc[:1]) + strings.TrimSuffix(c.Doc[1:], ".") + " |"
		if !strings.Contains(string(text), row) {
			t.Errorf("docs/mapping.md lacks the row %s", row)
		}
	}
}
