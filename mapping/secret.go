package mapping

// Secret reports whether the value of the i-th parameter of [Rule.Params] is
// secret: by its name, the mapping says so in classify or in the secret
// changes of the rule. No event may keep it; that of a rule has neither target
// nor tenant from there.
func (r *Rule) Secret(i int) bool { return i >= 0 && i < len(r.secret) && r.secret[i] }

// hide notes which parameters of the rule are secret, by names that the router
// or the file has for them from the position first on, and takes nothing from there.
func (r *Rule) hide(first int, names []string) {
	for i, name := range names {
		if !r.changes.isSecret("/" + name) {
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
