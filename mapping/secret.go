package mapping

import (
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/internal/sensitive"
)

// Secret reports whether the value of the i-th parameter of [Rule.Params] is
// secret: the mapping says so of its name, in classify or in the secret changes
// of the rule, or the name itself does, as that of a token or a password. No event may keep it; that of a rule has neither target
// nor tenant from there.
func (r *Rule) Secret(i int) bool { return i >= 0 && i < len(r.secret) && r.secret[i] }

// hide notes which parameters of the rule are secret, by names that the router
// or the file has for them in t from the position first on, and takes nothing
// from there. One that is called like the things before it, as in
// /tokens/{token}, is an id, unless the file says that it is secret.
func (r *Rule) hide(first int, t route.Template) {
	for i, name := range t.Params {
		if !r.changes.isSecret("/"+name) || sensitive.NamesCollection(t, name) && !r.changes.declaresSecret("/"+name) {
			continue
		}
		if r.secret == nil {
			r.secret = make([]bool, len(r.Params))
		}
		r.secret[first+i] = true
	}
	if r.Secret(r.tenant) {
		r.tenant = -1
	}
	if r.Secret(r.target.id) {
		r.target.id = -1
	}
}
