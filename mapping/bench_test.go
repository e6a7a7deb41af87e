package mapping_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

// BenchmarkRule measures how long a request's route takes to its rule.
// Compare with watches, the cost of a request that can be no event.
func BenchmarkRule(b *testing.B) {
	b.Run("baseline=map", func(b *testing.B) {
		type key struct{ method, route string }
		rules := make(map[key]*mapping.Rule)
		_, routes := manyRoutes(b, 10)
		for _, route := range routes {
			rules[key{"PUT", route}] = new(mapping.Rule)
		}
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			if rules[key{"PUT", routes[i]}] == nil {
				b.Fatal("not there")
			}
			if i++; i == len(routes) {
				i = 0
			}
		}
	})
	b.Run("watches", func(b *testing.B) {
		m := mapping.Default()
		b.ReportAllocs()
		for b.Loop() {
			m.Watches("GET")
		}
	})
	for _, n := range []int{10, 10_000} {
		m, routes := manyRoutes(b, n)
		routes = routes[:10] // the same work: what differs is how many others there are
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				m.Rule("PUT", routes[i])
				if i++; i == len(routes) {
					i = 0
				}
			}
		})
	}
}

// manyRoutes returns a mapping of n rules and the routes that are kept.
func manyRoutes(b testing.TB, n int) (*mapping.Mapping, []string) {
	var yaml strings.Builder
	yaml.WriteString("version: 1\nroutes:\n")
	var routes []string
	for i := range n {
		routes = append(routes, fmt.Sprintf("/orgs/{org}/things%d/{thing}", i))
		fmt.Fprintf(&yaml, "  PUT %s: {code: thing:updated}\n", routes[i])
	}
	m := parse(b, yaml.String())
	for _, route := range routes {
		m.Rule("PUT", route)
	}
	return m, routes
}

// BenchmarkComplete measures what a rule does to an event: by the grammar, by
// a template, and with a failure.
func BenchmarkComplete(b *testing.B) {
	m := mapping.Default()
	x := mapping.Exchange{Params: params{"acme", "mem_1"}}
	for _, bb := range []struct{ name, route string }{
		{"grammar", "/orgs/{org}/invoices/{invoice}"},
		{"template", "/orgs/{org}/members/{member}"},
	} {
		r := m.Rule("PATCH", bb.route)
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e := activitylog.Event{Outcome: activitylog.Success, Actor: activitylog.Actor{ID: "usr_1", Name: "Ann Lee"}}
				r.Complete(&e, &x)
			}
		})
	}
}

// BenchmarkSplit measures a bulk request of as much as is looked at, by a rule
// that asks for values of the whole request too.
func BenchmarkSplit(b *testing.B) {
	r := parse(b, `
version: 1
catalogue: none
routes:
  POST /bulk:
    each: request./items
    cases:
      - {when: {request: {/a: x, /b: x}}, code: thing:refunded}
      - {code: thing:made}
    tenant: request./org
    operation: request./job
    target: {id: item}
`).Rule("POST", "/bulk")
	x := request{body: `{"pad":"` + strings.Repeat("x", 60<<10) + `","items":[` + strings.Repeat("1,", 999) + `1],"org":"acme","job":"j1"}`}.exchange()
	b.ReportAllocs()
	for b.Loop() {
		e := activitylog.Event{Outcome: activitylog.Success}
		r.Split(&e, x)
	}
}

// BenchmarkChanges measures what the changes of an event cost beside one without.
func BenchmarkChanges(b *testing.B) {
	r := mapping.Default().Rule("PATCH", "/orgs/{org}/members/{member}")
	var told []activitylog.Change
	for _, path := range []string{"/role", "/first_name", "/address/city", "/limits/0/daily_amount", "/status"} {
		told = append(told, activitylog.NewChange(path, "before", "after"))
	}
	for _, bb := range []struct {
		name string
		n    int
	}{{"baseline=none", 0}, {"five", len(told)}} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e := activitylog.Event{Outcome: activitylog.Success, Changes: slices.Clone(told[:bb.n])}
				r.Complete(&e, nil)
			}
		})
	}
}

// BenchmarkParse measures reading a file of many rules, once per start.
func BenchmarkParse(b *testing.B) {
	var yaml strings.Builder
	yaml.WriteString("version: 1\nroutes:\n")
	for i := range 1000 {
		fmt.Fprintf(&yaml, "  PUT /orgs/{org}/things%d/{thing}: {code: thing:updated}\n", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := mapping.Parse("bench.yaml", []byte(yaml.String())); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkInfer measures a decision that is not kept.
func BenchmarkInfer(b *testing.B) {
	m := mapping.Default()
	b.ReportAllocs()
	for b.Loop() {
		m.Explain("POST", "/api/v1/orgs/{org}/commerce/schemes/{scheme}/payment-services/{service}/deactivate")
	}
}
