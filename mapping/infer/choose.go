package infer

import (
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
)

// choose makes the candidates for the resource's name from longest to
// shortest and returns the code with the first that the catalogue has. If it
// has none, the first whose resource it knows, or a part of such a resource;
// else the tenant is left out unless nothing else is left.
func (d *decider) choose(parts []part, verb string) activitylog.Code {
	for _, spelled := range [][]part{parts, d.split(parts)} {
		if resource, ok := d.inCatalogue(spelled, verb); ok {
			return makeCode(resource, verb)
		}
	}
	plain := parts
	if rest := withoutTenant(parts); len(rest) > 0 {
		plain = rest
	}
	name := joinParts(plain, 0, false)
	if len(plain) < len(parts) {
		d.step("the path names %s; the catalogue has no code of that, so the tenant is left out", joinParts(parts, 0, false))
	} else {
		d.step("the path names %s", name)
	}
	return makeCode(name, verb)
}

// inCatalogue returns the resource that the catalogue makes of parts.
func (d *decider) inCatalogue(parts []part, verb string) (resource string, ok bool) {
	forms := [][]part{parts}
	if rest := withoutTenant(parts); len(rest) > 0 && len(rest) < len(parts) {
		forms = append(forms, rest)
	}
	named := len(forms)
	for rest := forms[named-1]; len(rest) > 1 && !rest[0].id && len(forms) < named+maxNamespaces; {
		rest = rest[1:]
		forms = append(forms, rest)
	}
	if resource, ok := find(forms, func(r string) bool {
		return d.opts.HasCode != nil && d.opts.HasCode(activitylog.Code(r+":"+verb))
	}); ok {
		d.step("the catalogue has %s:%s", resource, verb)
		return resource, true
	}
	if resource, ok := find(forms[:named], d.knows); ok {
		d.step("the catalogue has codes of %s", resource)
		return resource, true
	}
	for n := len(parts) - 1; n >= 2; n-- {
		if resource, ok := find([][]part{parts[:n]}, d.knows); ok {
			d.step("the catalogue has codes of %s, which it is a part of", resource)
			return resource + "." + joinParts(parts[n:], 0, false), true
		}
	}
	return "", false
}

// maxNamespaces bounds the leading words without an id that a resource of the
// catalogue may stand behind: /admin/organizations.
const maxNamespaces = 2

// split takes the first word off every compound, since the catalogue may know
// it as a part of its own: commerce_account is com.account.
func (d *decider) split(parts []part) []part {
	var all []part
	for _, p := range parts {
		first, rest, compound := strings.Cut(p.name, "_")
		if compound && p.alias == p.name {
			alias := first
			if a, ok := d.opts.Aliases[first]; ok {
				alias = a
			}
			all = append(all, part{name: first, alias: alias, param: -1, tenant: p.tenant})
			p.name = startWithLetter(rest)
			p.alias = p.name
		}
		all = append(all, p)
	}
	return all[max(len(all)-maxParts, 0):]
}

func (d *decider) knows(resource string) bool {
	return d.opts.HasResource != nil && d.opts.HasResource(resource)
}

func withoutTenant(parts []part) []part {
	return slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return p.tenant })
}

// maxJoined bounds the ways in which the parts of a name are joined.
const maxJoined = 6

// find returns the first name that has holds of. Every form is tried with
// dots between its parts, then with ever more of them joined by underscores.
func find(forms [][]part, has func(string) bool) (string, bool) {
	for _, form := range forms {
		ways := 1
		if len(form) <= maxJoined {
			ways <<= len(form) - 1
		}
		for way := range ways {
			for _, alias := range []bool{true, false} {
				if name := joinParts(form, way, alias); has(name) {
					return name, true
				}
			}
		}
	}
	return "", false
}

// joinParts joins the names of parts: the i-th gap, counted from the end, by
// an underscore if the i-th bit of joined is set, else by a dot.
func joinParts(parts []part, joined int, alias bool) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			separator := byte('.')
			if joined>>(len(parts)-1-i)&1 == 1 {
				separator = '_'
			}
			b.WriteByte(separator)
		}
		if alias {
			b.WriteString(p.alias)
		} else {
			b.WriteString(p.name)
		}
	}
	return b.String()
}

// makeCode joins resource and verb. What is too long loses its beginning, the
// least telling end of a path.
func makeCode(resource, verb string) activitylog.Code {
	const longestVerb = 80
	verb = startWithLetter(verb)
	if len(verb) > longestVerb {
		verb = strings.TrimRight(verb[:longestVerb], "_")
	}
	for over := func() int { return len(resource) + 1 + len(verb) - activitylog.MaxCodeLen }; over() > 0; {
		if _, rest, ok := strings.Cut(resource, "."); ok {
			resource = rest
			continue
		}
		resource = strings.TrimRight(resource[:len(resource)-over()], "_")
	}
	return activitylog.Code(resource + ":" + verb)
}
