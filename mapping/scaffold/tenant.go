package scaffold

import (
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// findTenant finds the path parameter that names the tenant if there is one:
// it must lead a quarter of the routes if its resource is an organisation or
// the like, and two thirds if it is what some APIs have in its place.
func (h *header) findTenant(api []routes.Route) {
	known, scoped := make(map[string]int), make(map[string]int)
	total := 0
	for _, r := range api {
		if !infer.Mutates(r.Method) {
			continue
		}
		total++
		t := route.Parse(r.Path)
		if d := infer.Decide(r.Method, t, infer.Options{StripPrefixes: h.prefixes}); d.Tenant >= 0 {
			known[t.Params[d.Tenant]]++
		} else if name := scopeParam(strippedPath(t.Path, h.prefixes)); name != "" {
			scoped[name]++
		}
	}
	for name, n := range known {
		if len(known) == 1 && 4*n >= total {
			h.tenant = name
		}
	}
	for name, n := range scoped {
		if len(known) == 0 && n >= minCommon && 3*n >= 2*total {
			h.tenant, h.guessed = name, true
		}
	}
}

// scopeParam returns the parameter of a leading pair such as /accounts/{account}
// if more stands behind it.
func scopeParam(path string) string {
	t := route.Parse(path)
	if len(t.Segments) < 3 || !scopes[infer.Singular(infer.Snake(t.Segments[0].Word))] ||
		t.Segments[0].Params > 0 || t.Segments[1].Word != "" || t.Segments[2].Word == "" {
		return ""
	}
	return t.Params[0]
}

// scopes are the resources that take the place of an organisation.
var scopes = wordlist.Set(`account company merchant project shop site space store team`)
