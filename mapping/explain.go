package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// An Explanation says how a mapping decides on a route.
type Explanation struct {
	Method   string
	Route    string           // normalised, as in [Rule]
	Code     activitylog.Code // of the case that holds when no other does; empty if there is no event
	Cases    []Case           // in the order in which they are tried
	Target   string           // the kind of thing that it is done to
	Title    string
	Sentence string // the sentence of an invented event

	// Rule is where the rule that decides stands; zero if none names the route.
	Rule Pos

	// Steps are the reasons in plain words, in order.
	Steps []string
}

// A Case is one of the codes of a route and when the route has it.
type Case struct {
	When string // in words; empty if it has it whenever no case before holds
	Code activitylog.Code
}

// Explain says how a request with this method and route is decided. It takes
// the same decision as [Mapping.Rule], but does not keep it.
func (m *Mapping) Explain(method, pattern string) Explanation {
	_, template := route.Cut(pattern)
	t := route.Parse(template)
	x := Explanation{Method: method, Route: t.Path}
	if len(pattern) > maxRoute {
		x.step("the route is longer than %d bytes: no event", maxRoute)
		return x
	}
	if named := m.named(method, t); named != nil {
		x.Rule = named.at
		m.explainRule(&x, named)
	} else if m.mode == "off" && infer.Mutates(method) {
		x.Steps = append(x.Steps, "no rule names the route and the mapping says infer: off: no event")
	} else {
		x.Steps = infer.Decide(method, t, m.inference).Steps
	}
	if d := m.decide(method, pattern); d.rule != nil {
		m.explainEvent(&x, d.rule)
	}
	return x
}

// Infer returns the code that the route itself tells, whatever the rules say
// and whether or not the mapping infers; "" if it tells that there is no event.
func (m *Mapping) Infer(method, pattern string) activitylog.Code {
	if len(pattern) > maxRoute {
		return ""
	}
	_, template := route.Cut(pattern)
	return infer.Decide(method, route.Parse(template), m.inference).Code
}

func (m *Mapping) explainRule(x *Explanation, named *routeSpec) {
	x.step("the rule %q names the route", named.key)
	if named.ignore != "" {
		x.step("it is ignored: %s", named.ignore)
		return
	}
	if named.each != nil {
		x.step("one event for each element of %s", named.each)
	}
	if named.result != nil {
		x.step("%s", named.result)
	}
	x.explainCases(named.cases)
	for _, c := range named.cases {
		if now := m.catalogue.Current(c.code); now != c.code {
			x.step("%s is a former name of %s", c.code, now)
		}
	}
	if len(named.tenants) > 0 {
		x.step("the tenant is %s", list(named.tenants, orElse))
	}
	if len(named.operation) > 0 {
		x.step("the operation that it is a part of is %s, of unknown outcome if it is only accepted (202)", list(named.operation, orElse))
	}
	for _, t := range named.targets {
		x.step("%s", t.String())
	}
	x.explainChanges(&named.changes)
}

func (x *Explanation) step(format string, args ...any) {
	x.Steps = append(x.Steps, fmt.Sprintf(format, args...))
}

func (x *Explanation) explainCases(cases []caseSpec) {
	last := cases[len(cases)-1]
	if len(cases) == 1 && last.when.always() {
		return
	}
	for _, c := range cases {
		if c.when.always() {
			x.step("%s otherwise", c.code)
		} else {
			x.step("%s if %s", c.code, c.when.String())
		}
	}
	if !last.when.always() {
		x.step("no event otherwise")
	}
}

func (x *Explanation) explainChanges(ch *changes) {
	if ch.fromRequest {
		x.step("what the request body sets is a change, if the handler tells none")
	}
	for _, l := range []struct {
		words    string
		patterns []pointer.Pattern
	}{
		{"changes are kept of", ch.track}, {"changes are dropped of", ch.ignore}, {"values are never kept of", ch.secret},
	} {
		if len(l.patterns) > 0 {
			x.step("%s %s", l.words, list(l.patterns, ", "))
		}
	}
}

// list names all, with what stands between two of them.
func list[T fmt.Stringer](all []T, between string) string {
	var texts []string
	for _, v := range all {
		texts = append(texts, v.String())
	}
	return strings.Join(texts, between)
}

// orElse stands between values of which the first that is there counts.
const orElse = ", or else "

// explainEvent fills in what becomes of a successful request.
func (m *Mapping) explainEvent(x *Explanation, r *Rule) {
	for i := range r.cases {
		x.Cases = append(x.Cases, Case{r.cases[i].when.String(), r.cases[i].code})
	}
	x.Code = r.cases[len(r.cases)-1].code
	x.Target = r.target.kind
	if r.spec != nil && len(r.spec.targets) > 0 {
		x.Target = r.spec.targets[0].kind
	}
	x.Title = m.catalogue.Title(x.Code)
	e := exampleEvent(m, r, x.Code)
	x.Sentence = m.catalogue.Sentence(&e)
}

// exampleEvent invents a successful event with the code.
func exampleEvent(m *Mapping, r *Rule, code activitylog.Code) activitylog.Event {
	e := activitylog.Event{
		Time:    time.Unix(0, 0),
		Code:    code,
		Outcome: activitylog.Success,
		Tenant:  "acme",
		Actor:   activitylog.Actor{ID: "usr_1", Type: activitylog.User, Name: "Ann Lee", Email: "ann@example.com"},
		Targets: []activitylog.Target{{Type: r.target.kind}},
	}
	switch {
	case r.target.id >= 0 && r.target.id == r.tenant:
		e.Targets[0].ID = e.Tenant
	case r.target.id >= 0 || !r.Inferred:
		e.Targets[0].ID = r.target.kind + "_1"
		if people[r.target.kind] {
			e.Targets[0].Name = "Bob Ito"
		}
	}
	entry, _ := m.catalogue.Lookup(code)
	for _, sentence := range entry.Sentences {
		t, _ := catalogue.ParseTemplate(sentence.Text) // which the catalogue has read
		for _, field := range t.Fields() {
			if !slices.ContainsFunc(e.Changes, func(c activitylog.Change) bool { return c.Path == field }) {
				e.Changes = append(e.Changes, activitylog.NewChange(field, "before", "after"))
			}
		}
	}
	return e
}

var people = map[string]bool{"member": true, "user": true, "person": true, "contact": true, "employee": true, "customer": true}

// codes returns every code that the route can have, each once.
func (x *Explanation) codes() []activitylog.Code {
	var codes []activitylog.Code
	for _, c := range x.Cases {
		if !slices.Contains(codes, c.Code) {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// String returns the explanation as lines for a terminal.
func (x Explanation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", x.Method, x.Route)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %-9s %s\n", name, value)
		}
	}
	line("rule", cmp.Or(x.Rule.String(), "none"))
	for i, step := range x.Steps {
		name := ""
		if i == 0 {
			name = "because"
		}
		line(name, step)
	}
	if x.Code == "" {
		line("event", "none")
		return b.String()
	}
	for i, code := range x.codes() {
		name := "code"
		if i > 0 {
			name = "or"
		}
		line(name, string(code))
	}
	line("title", x.Title)
	line("sentence", x.Sentence)
	if x.Rule.IsZero() {
		line("in YAML", fmt.Sprintf("%s %s: {code: %s}", x.Method, x.Route, x.Code))
	}
	return b.String()
}
