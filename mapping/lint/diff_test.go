package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/lint"
)

// line writes a change as "kind METHOD ROUTE: old -> new".
func line(c lint.Change) string {
	text := func(cases []mapping.Case) string {
		var parts []string
		for _, k := range cases {
			part := string(k.Code)
			if k.When != "" {
				part += " if " + k.When
			}
			parts = append(parts, part)
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprintf("%s %s %s: %s -> %s", c.Kind, c.Method, c.Route, text(c.Old), text(c.New))
}

func TestDiff(t *testing.T) {
	rule := func(text string) string { return "catalogue: none\nroutes:\n  POST /orders/{id}/x: " + text + "\n" }
	const off = "infer: off\n"
	tests := []struct {
		name     string
		old, new string
		routes   string
		want     []string
	}{
		{"the same", rule("{code: order:sold}"), rule("{code: order:sold}"), "POST /orders; DELETE /orders/{id}", nil},
		{"other words only", "strip_prefixes: [/v1]\nroutes:\n  POST /orders: {code: order:sold}\n", "routes:\n  POST /v1/orders: {code: order:sold}\n",
			"POST /v1/orders", nil},
		{"another code", rule("{code: order:sold}"), rule("{code: order:bought}"), "",
			[]string{"changed POST /orders/{id}/x: order:sold -> order:bought"}},
		{"the name of a parameter", rule("{code: order:sold}"), strings.Replace(rule("{code: order:sold}"), "{id}", "{order}", 1), "", nil},
		{"to a case", rule("{code: order:sold}"), rule("{cases: [{when: {status: 4xx}, code: \"order:lost\"}, {code: \"order:sold\"}]}"), "",
			[]string{"changed POST /orders/{id}/x: order:sold -> order:lost if the status is 4xx, order:sold"}},
		{"another condition", rule("{cases: [{when: {status: 4xx}, code: \"order:lost\"}]}"), rule("{cases: [{when: {status: 404}, code: \"order:lost\"}]}"), "",
			[]string{"changed POST /orders/{id}/x: order:lost if the status is 4xx -> order:lost if the status is 404"}},
		{"no event any more", rule("{code: order:sold}"), rule("{ignore: \"nobody cares\"}"), "", []string{"removed POST /orders/{id}/x: order:sold -> "}},
		{"an event now", rule("{ignore: \"nobody cares\"}"), rule("{code: order:sold}"), "", []string{"added POST /orders/{id}/x:  -> order:sold"}},
		{"for another reason", rule("{ignore: \"nobody cares\"}"), rule("{ignore: \"a search\"}"), "", nil},
		{"the rule is gone", rule("{code: order:sold}"), "catalogue: none", "", []string{"changed POST /orders/{id}/x: order:sold -> order.x:created"}},
		{"renamed", rule("{code: order:sold}"), rule("{code: order:bought}") + "events: {\"order:bought\": {aliases: \"order:sold\"}}", "",
			[]string{"renamed POST /orders/{id}/x: order:sold -> order:bought"}},
		{"renamed, under another condition", rule("{code: order:sold}"),
			rule("{cases: [{when: {status: 201}, code: \"order:bought\"}]}") + "events: {\"order:bought\": {aliases: \"order:sold\"}}", "",
			[]string{"changed POST /orders/{id}/x: order:sold -> order:bought if the status is 201"}},
		{"inferred otherwise", "catalogue: none", "catalogue: none\nwords: {orders: purchase}", "POST /orders; GET /orders; PATCH /things/{id}",
			[]string{"changed POST /orders: order:created -> purchase:created"}},
		{"inference off", "catalogue: none", "catalogue: none\n" + off, "DELETE /orders/:id; POST /orders/search",
			[]string{"removed DELETE /orders/{id}: order:deleted -> "}},
		{"a read", "catalogue: none", "catalogue: none\nroutes: {GET /orders: {code: \"order:viewed\"}}", "* /orders",
			[]string{"added GET /orders:  -> order:viewed"}},
		{"in the order of paths", off, "catalogue: none", "POST /b; PUT /a; DELETE /a",
			[]string{"added DELETE /a:  -> a:deleted", "added PUT /a:  -> a:updated", "added POST /b:  -> b:created"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, c := range lint.Diff(parse(t, tt.old), parse(t, tt.new), api(t, tt.routes)) {
				got = append(got, line(c))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestDiffDefault compares with what is in force without a file.
func TestDiffDefault(t *testing.T) {
	changes := lint.Diff(mapping.Default(), parse(t, "routes: {POST /orgs: {ignore: \"not yet\"}}"), nil)
	if len(changes) != 1 || line(changes[0]) != "removed POST /orgs: org:created -> " {
		t.Errorf("got %v", changes)
	}
}
