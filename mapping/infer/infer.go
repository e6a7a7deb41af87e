package infer

import (
	"fmt"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// Options is what a mapping says about inference. The zero value infers from
// the route alone.
type Options struct {
	// StripPrefixes are the paths at the beginning of a route that are no
	// part of a resource's name: "/api/v1". The usual ones are known.
	StripPrefixes []string

	// TenantParam is the name of the path parameter that names the tenant.
	// If it is empty, the first pair of a route names the tenant if its
	// resource is an organisation, a workspace or the like.
	TenantParam string

	Words map[string]string // path segment → resource word, always
	Verbs map[string]string // path segment → past verb

	// Aliases are resource words that hold only where the catalogue knows
	// the resource that they give: commerce → com.
	Aliases map[string]string

	HasCode     func(activitylog.Code) bool // whether the catalogue has the code
	HasResource func(string) bool           // whether it has a code of the resource
}

// A Decision is the code of a route, or that there is none, and why.
type Decision struct {
	Code activitylog.Code // empty: no event

	// Tenant is the position of the parameter that names the tenant, TargetID
	// that of the one that names the target; -1 if there is none.
	Tenant     int
	TargetID   int
	TargetType string

	Steps []string // the reasons in plain words
}

// Decide infers the code of a request from its method and route template.
func Decide(method string, t route.Template, o Options) Decision {
	d := &decider{method: method, opts: o, Decision: Decision{Tenant: -1, TargetID: -1}}
	if !Mutates(method) {
		d.step("only POST, PUT, PATCH and DELETE are events unless a rule names the route")
		return d.Decision
	}
	d.tokens = d.read(t)
	d.findTenant(t)
	verb, ok := d.verb()
	if !ok {
		return d.Decision
	}
	d.name(verb)
	return d.Decision
}

// Mutates reports whether requests with this method can be events without a rule.
func Mutates(method string) bool {
	switch method {
	case "POST", "PUT", "PATCH", "DELETE":
		return true
	}
	return false
}

type decider struct {
	Decision
	method  string
	opts    Options
	tokens  []token
	custom  string // the verb behind a colon, or a procedure's
	rpc     bool   // it is a procedure's
	service bool   // it is a method's of a service
}

// A token is a resource word or an id.
type token struct {
	raw    string // the segment, in lower case; the parameter's name for an id
	snake  string // the segment in snake case, not yet singular; empty for an id
	param  int    // position of the parameter; -1 for a word and for a pseudo-id
	id     bool
	tenant bool // a word whose id names the tenant
}

func (d *decider) step(format string, args ...any) {
	d.Steps = append(d.Steps, fmt.Sprintf(format, args...))
}

// name puts the resource and the verb together.
func (d *decider) name(verb string) {
	parts := d.parts()
	code := d.choose(parts, verb)
	d.Code = code
	d.target(parts)
}

// target finds what the action is done to: the thing that the last segment
// names; where that has no id of its own, such as a profile, its owner.
func (d *decider) target(parts []part) {
	resource := d.Code.Resource()
	d.TargetType = resource[strings.LastIndexByte(resource, '.')+1:]
	last := parts[len(parts)-1]
	if last.id || d.Code.Verb() == "created" {
		d.TargetID = last.param
		return
	}
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i].param >= 0 {
			d.TargetType, d.TargetID = parts[i].name, parts[i].param
			return
		}
	}
}
