package mapping

import (
	"slices"

	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// Secret reports whether the value of the i-th parameter of [Rule.Params] is
// secret: by its name, the mapping says so in classify or in the secret
// changes of the rule. No event may keep it; that of a rule has neither target
// nor tenant from there.
func (r *Rule) Secret(i int) bool { return i >= 0 && i < len(r.secret) && r.secret[i] }

// hide notes which parameters of the rule are secret, by their names in the
// router's template and in the file's, and takes nothing from there.
func (r *Rule) hide(templates ...route.Template) {
	secret := make([]bool, len(r.Params))
	for _, t := range templates {
		for i, name := range t.Params {
			if i < len(secret) && r.changes.isSecret("/"+name) {
				secret[i] = true
			}
		}
	}
	if !slices.Contains(secret, true) {
		return
	}
	r.secret = secret
	if r.Secret(r.tenant) {
		r.tenant = -1
	}
	if r.Secret(r.target.id) {
		r.target.id = -1
	}
}
