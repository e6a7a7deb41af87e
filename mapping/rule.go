package mapping

import (
	"slices"

	"go.opentelemetry.io/otel/log"

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

	spec      *routeSpec // nil if the rule is inferred
	skipped   int        // parameters of a stripped prefix, which the file's rule does not name
	changes   *changes
	cases     []ruleCase
	secret    []bool // by position of the parameter; nil if none is secret
	tenant    int    // position of a parameter; -1 for none
	target    inferredTarget
	delivery  string
	catalogue *catalogue.Catalogue
}

// A ruleCase is a code and when it holds.
type ruleCase struct {
	when      condition
	code      activitylog.Code
	eventName string // empty if it is the code
	severity  log.Severity
}

// An inferredTarget is what the route says of the target.
type inferredTarget struct {
	kind string
	id   int // position of a parameter; -1 for none
}

// Reads reports whether the rule needs the JSON bodies of request and response.
func (r *Rule) Reads() (request, response bool) {
	return r.spec != nil && r.spec.readsRequest, r.spec != nil && r.spec.readsResponse
}

// Delivery returns the mode of delivery that the mapping asks for, "" if it
// does not say.
func (r *Rule) Delivery() string { return r.delivery }

// Complete fills in what the mapping knows of the event of a request whose
// handler has ended: Code, EventName, Severity, HTTP.Route, what becomes of
// its Changes, and, where they are empty, Tenant, Targets and Summary.
// HTTP.Status, Outcome, Actor and everything else that conditions and the
// sentence look at must be set before. It reports whether there is an event:
// not if no case of the rule holds. x may be nil.
//
// Which bodies the rule asks for and could not see, the attributes
// unread.request and unread.response say.
func (r *Rule) Complete(e *activitylog.Event, x *Exchange) bool {
	v := view{exchange: x, skipped: r.skipped}
	return r.complete(e, &v)
}

func (r *Rule) complete(e *activitylog.Event, v *view) bool {
	v.settle(e, r.spec)
	if r.spec != nil {
		r.spec.join(e, v)
	}
	if v.common == nil || !v.common.changes {
		r.changes.apply(e, v)
	}
	c := r.pick(e, v)
	if c == nil {
		return false
	}
	e.Code, e.EventName = c.code, c.eventName
	e.Severity = max(e.Severity, c.severity)
	e.HTTP.Route = r.Route
	if r.spec != nil {
		r.fill(e, v)
		v.unread(e, r.spec)
	}
	if e.Tenant == "" {
		e.Tenant = v.param(r.tenant)
	}
	if len(e.Targets) == 0 && r.target.kind != "" {
		e.Targets = append(e.Targets, activitylog.Target{Type: r.target.kind, ID: v.param(r.target.id)})
	}
	if e.Summary == "" {
		e.Summary = r.catalogue.Sentence(e)
	}
	return true
}

// fill fills in what the file says of tenant and targets. A target of the kind
// that the route names has its id from there if the file does not say otherwise.
func (r *Rule) fill(e *activitylog.Event, v *view) {
	if e.Tenant == "" {
		e.Tenant = first(r.spec.tenants, v)
	}
	if len(e.Targets) > 0 {
		return
	}
	for i := range r.spec.targets {
		t := &r.spec.targets[i]
		id := first(t.id, v)
		if i == 0 && len(t.id) == 0 && t.kind == r.target.kind {
			id = v.param(r.target.id)
		}
		e.Targets = append(e.Targets, activitylog.Target{Type: t.kind, ID: id, Name: first(t.name, v)})
	}
}

func (r *Rule) pick(e *activitylog.Event, v *view) *ruleCase {
	for i := range r.cases {
		if r.cases[i].when.holds(e, v) {
			return &r.cases[i]
		}
	}
	return nil
}

// newRule returns a rule without cases for a router's template, with the
// tenant and the target that inference has found.
func (m *Mapping) newRule(method string, t route.Template, d infer.Decision) *Rule {
	return &Rule{
		Method:    method,
		Route:     t.Path,
		Params:    t.Params,
		changes:   &m.unruled,
		tenant:    d.Tenant,
		target:    inferredTarget{kind: d.TargetType, id: d.TargetID},
		delivery:  m.delivery,
		catalogue: m.catalogue,
	}
}

// namedRule returns the rule for a route that the file names, or nil if it
// says that the route is no event. Parameters go by their positions: the
// router may call them otherwise than the file, and have more of them, in a
// prefix that the file leaves out.
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
	r.spec, r.changes = named, &named.changes
	r.skipped = len(t.Params) - len(named.template.Params)
	if r.tenant >= 0 {
		r.tenant += r.skipped
	}
	if r.target.id >= 0 {
		r.target.id += r.skipped
	}
	if named.delivery != "" {
		r.delivery = named.delivery
	}
	if r.tenant < 0 && m.tenant != "" {
		r.tenant = slices.Index(t.Params, m.tenant)
	}
	for _, c := range named.cases {
		r.cases = append(r.cases, m.newCase(c))
	}
	if own := r.ownKind(); r.target.kind == "" || r.target.kind == lastPart(d.Code.Resource()) {
		r.target.kind = own
	}
	r.hide(0, t)
	r.hide(r.skipped, named.template)
	return r
}

// ownKind returns what the resource of the rule's last code is called.
func (r *Rule) ownKind() string { return lastPart(r.cases[len(r.cases)-1].code.Resource()) }

func (m *Mapping) newCase(c caseSpec) ruleCase {
	rc := ruleCase{when: c.when, code: m.catalogue.Current(c.code)}
	if m.dotted {
		rc.eventName = rc.code.Dotted()
	}
	entry, _ := m.catalogue.Lookup(rc.code)
	rc.severity = entry.Severity
	return rc
}
