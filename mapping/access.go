package mapping

import (
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// accessible is what is accessed if a route does not say what its tenant is.
const accessible = "org"

// Access returns a rule that makes, of a request to a route by whatever method,
// the event that the route's tenant was accessed. The tenant is also its
// target. Its code is code or, if that is empty, what the tenant is called with
// the verb accessed: "org:accessed" for "/orgs/{org}/members". The decision is
// kept as that of [Mapping.Rule] is.
func (m *Mapping) Access(pattern string, code activitylog.Code) *Rule {
	key := cacheKey{string(code), pattern} // no method is a code
	if d := m.cache.get(key); d != nil {
		return d.rule
	}
	key = cacheKey{strings.Clone(string(code)), strings.Clone(pattern)}
	return m.cache.put(key, &decision{rule: m.access(key.route, activitylog.Code(key.method))}).rule
}

func (m *Mapping) access(pattern string, code activitylog.Code) *Rule {
	_, template := route.Cut(pattern)
	t := route.Parse(template)
	d := infer.Decide("PUT", t, m.inference)
	if code == "" {
		code = activitylog.Code(m.tenantWord(t, d.Tenant) + ":accessed")
	}
	r := m.newRule("", t, infer.Decision{Tenant: d.Tenant, TargetID: d.Tenant, TargetType: lastPart(code.Resource())})
	r.Inferred = true
	r.cases = []ruleCase{m.newCase(caseSpec{code: code})}
	r.hide(0, t)
	return r
}

// tenantWord returns the resource word of the tenant that the i-th parameter names.
func (m *Mapping) tenantWord(t route.Template, i int) string {
	if i < 0 {
		return accessible
	}
	end := strings.Index(t.Path, "{"+t.Params[i]+"}")
	if end < 0 {
		return accessible
	}
	own := route.Parse(t.Path[:end] + "{" + t.Params[i] + "}")
	if code := infer.Decide("PUT", own, m.inference).Code; code != "" {
		return code.Resource()
	}
	return accessible
}

// Tenant returns the tenant that a request names, by what the mapping file says
// of the route or else in its path, or "". x may be nil.
func (r *Rule) Tenant(x *Exchange) string {
	v := view{exchange: x, skipped: r.skipped}
	if r.spec != nil {
		if tenant := first(r.spec.tenants, &v); tenant != "" {
			return tenant
		}
	}
	return v.param(r.tenant)
}

// TenantParam returns the position of the parameter that names the tenant, or -1.
func (r *Rule) TenantParam() int { return r.tenant }
