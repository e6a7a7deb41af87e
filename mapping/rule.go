package mapping

import (
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// A Rule makes events of the requests of one method and route. It is
// immutable and safe for concurrent use.
type Rule struct {
	Method string

	// Route is the router's template without method and host, with its
	// parameters in braces: "/orgs/{org}/members/{member}".
	Route string

	// Params are the names of the route's parameters, in order of position.
	Params []string

	// Inferred says that no rule of the mapping names the route.
	Inferred bool

	// Warn says that the route is inferred and that the mapping asks to be
	// told of such routes (infer: warn).
	Warn bool

	cases     []ruleCase
	tenant    int // position of a parameter; -1 for none, as below
	target    targetSpec
	catalogue *catalogue.Catalogue
}

// A ruleCase is a code and when it holds.
type ruleCase struct {
	when      condition
	code      activitylog.Code
	eventName string // empty if it is the code
}

// Params gives a rule the values of the path parameters of a request.
type Params interface {
	// Param returns the value of the i-th parameter of [Rule.Params], or "".
	Param(i int) string
}

// Complete fills in what the mapping knows of the event of a request whose
// handler has ended: Code, EventName, HTTP.Route, and, where they are empty,
// Tenant, Targets and Summary. HTTP.Status, Outcome, Actor and everything
// else that the sentence tells must be set before. It reports whether there
// is an event: not if no case of the rule holds. p may be nil.
func (r *Rule) Complete(e *activitylog.Event, p Params) bool {
	c := r.pick(e)
	if c == nil {
		return false
	}
	e.Code, e.EventName = c.code, c.eventName
	e.HTTP.Route = r.Route
	if e.Tenant == "" {
		e.Tenant = param(p, r.tenant)
	}
	if len(e.Targets) == 0 && r.target.kind != "" {
		e.Targets = append(e.Targets, activitylog.Target{
			Type: r.target.kind,
			ID:   param(p, r.target.id),
			Name: param(p, r.target.name),
		})
	}
	if e.Summary == "" {
		e.Summary = r.catalogue.Sentence(e)
	}
	return true
}

// Codes returns every code that the rule can give, in the order of its cases.
func (r *Rule) Codes() []activitylog.Code {
	var codes []activitylog.Code
	for _, c := range r.cases {
		if !slices.Contains(codes, c.code) {
			codes = append(codes, c.code)
		}
	}
	return codes
}

func (r *Rule) pick(e *activitylog.Event) *ruleCase {
	for i := range r.cases {
		if r.cases[i].when.holds(e) {
			return &r.cases[i]
		}
	}
	return nil
}

func param(p Params, i int) string {
	if p == nil || i < 0 {
		return ""
	}
	return p.Param(i)
}

// newRule returns a rule without cases for a router's template, with the
// tenant and the target that inference has found.
func (m *Mapping) newRule(method string, t route.Template, d infer.Decision) *Rule {
	return &Rule{
		Method:    method,
		Route:     t.Path,
		Params:    t.Params,
		tenant:    d.Tenant,
		target:    targetSpec{kind: d.TargetType, id: d.TargetID, name: -1},
		catalogue: m.catalogue,
	}
}

// namedRule returns the rule for a route that the file names, or nil if it
// says that the route is no event. Parameters go by their positions: the
// router may call them otherwise than the file.
func (m *Mapping) namedRule(named *routeSpec, t route.Template) *Rule {
	if len(named.cases) == 0 {
		return nil
	}
	method := named.method
	if !infer.Mutates(method) {
		method = "PATCH" // to find tenant and target as if it changed something
	}
	d := infer.Decide(method, named.template, m.inference)
	r := m.newRule(named.method, t, d)
	if r.tenant < 0 && m.tenant != "" {
		r.tenant = slices.Index(t.Params, m.tenant)
	}
	for _, c := range named.cases {
		r.cases = append(r.cases, m.newCase(c))
	}
	resource := r.cases[len(r.cases)-1].code.Resource()
	if own := lastPart(resource); named.target != nil {
		r.target = *named.target
		if r.target.kind == "" {
			r.target.kind = own
		}
	} else if r.target.kind == "" || r.target.kind == lastPart(d.Code.Resource()) {
		r.target.kind = own
	}
	return r
}

func lastPart(resource string) string { return resource[strings.LastIndexByte(resource, '.')+1:] }

func (m *Mapping) newCase(c caseSpec) ruleCase {
	rc := ruleCase{when: c.when, code: c.code}
	if m.dotted {
		rc.eventName = c.code.Dotted()
	}
	return rc
}
