package infer

import (
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

func (d *decider) lastWord() int {
	for i := len(d.tokens) - 1; i >= 0; i-- {
		if !d.tokens[i].id {
			return i
		}
	}
	return -1
}

// resourceBefore returns the last resource word before the token at w, in the
// singular, or "".
func (d *decider) resourceBefore(w int) string {
	for i := w - 1; i >= 0; i-- {
		if !d.tokens[i].id {
			return Singular(d.tokens[i].snake)
		}
	}
	return ""
}

func (d *decider) afterID(w int) bool { return w > 0 && d.tokens[w-1].id }

// afterCollection reports whether the word before the one at w is a plural.
func (d *decider) afterCollection(w int) bool {
	return w > 0 && !d.tokens[w-1].id && Singular(d.tokens[w-1].snake) != d.tokens[w-1].snake
}

// takeVerb takes the verb at w out of the tokens and finds a resource for it
// where none is left: the user for a login, the object of /send-email.
func (d *decider) takeVerb(w int) {
	verb := d.tokens[w]
	d.tokens = slices.Delete(d.tokens, w, w+1)
	if d.usersOwn(verb.snake) {
		d.step("who does that is a user")
		d.tokens = []token{{raw: "user", snake: "user", param: -1}}
		return
	}
	if d.lastWord() < 0 {
		if object := actionObject(verb.snake); object != "" {
			d.tokens = append([]token{{raw: object, snake: object, param: -1}}, d.tokens...)
		}
		return
	}
	d.dropMarkers()
}

// usersOwn reports whether the verb is what users do for themselves and
// nothing but the place where they do it is left: /account/login, and
// /auth/reset-password, where the place is none of the user's things.
func (d *decider) usersOwn(verb string) bool {
	places := authSegments
	if !accountVerbs[verb] {
		places = authPlaces
	}
	return (accountVerbs[verb] || len(d.tokens) > 0 && actionObject(verb) != "") &&
		!slices.ContainsFunc(d.tokens, func(t token) bool { return t.id || !places[t.snake] })
}

// afterMarker reports whether before the word at w stands one that says only
// that a verb follows: "actions" in /droplets/{id}/actions/reboot.
func (d *decider) afterMarker(w int) bool {
	if w < 2 || d.tokens[w-1].id {
		return false
	}
	marker := d.tokens[w-1].snake
	return actionMarkers[marker] || d.tokens[w-2].id && stateMarkers[marker]
}

func (d *decider) dropMarkers() {
	if n := len(d.tokens); d.afterMarker(n) {
		d.step("%q says only that a verb follows", d.tokens[n-1].raw)
		d.tokens = d.tokens[:n-1]
	}
}

var (
	actionMarkers = wordlist.Set(`action actions operation operations command commands lifecycle`)
	stateMarkers  = wordlist.Set(`status state`)
)

// actionObject returns what a compound action is done to, in the singular:
// email for send_emails.
func actionObject(phrase string) string {
	verb, object, ok := strings.Cut(phrase, "_")
	first, _, _ := strings.Cut(object, "_")
	if !ok || complements[first] || !isAction(verb) {
		return ""
	}
	return Singular(startWithLetter(object))
}

// A part is one word of a resource's name.
type part struct {
	name   string
	alias  string // the catalogue's word for it; or name
	id     bool   // an id follows
	param  int    // the id's parameter; -1 if it has none
	tenant bool
}

// parts makes the words of a resource's name of the tokens.
func (d *decider) parts() []part {
	var parts []part
	for i, t := range d.tokens {
		if t.id {
			if len(parts) > 0 {
				parts[len(parts)-1].id = true
				parts[len(parts)-1].param = t.param
			}
			continue
		}
		p := d.word(t, i+1 < len(d.tokens) && d.tokens[i+1].id)
		if n := len(parts); n > 0 && parts[n-1].name == p.name && !parts[n-1].id {
			continue // /folder/folders
		}
		parts = append(parts, p)
	}
	if len(parts) == 0 {
		parts = []part{d.fallback()}
	}
	return parts[max(len(parts)-maxParts, 0):]
}

// maxParts bounds the words of a name; a longer route keeps the last.
const maxParts = 16

// word makes a part of one token: the mapping's word for it, or its singular
// in snake case.
func (d *decider) word(t token, idFollows bool) part {
	name, fixed := d.opts.Words[t.raw]
	switch {
	case fixed:
		d.step("the mapping's words say that %q is %s", t.raw, name)
	case keptPlural[lastWord(t.snake)] && !idFollows:
		name = t.snake
	default:
		name = Singular(t.snake)
	}
	if idFollows && !fixed {
		name = strings.TrimSuffix(name, "_id") // /user-id/{user}
	}
	alias := name
	if a, ok := d.opts.Aliases[t.raw]; ok && !fixed {
		alias = a
	}
	return part{name: name, alias: alias, param: -1, tenant: t.tenant}
}

// fallback names the resource of a route without any word by its last parameter.
func (d *decider) fallback() part {
	p := part{name: "root", param: -1}
	if n := len(d.tokens); n > 0 {
		last := d.tokens[n-1]
		if name := paramResource(last.raw); name != "" {
			p.name = name
		}
		p.id, p.param = true, last.param
	}
	p.alias = p.name
	d.step("the route has no word for a resource: it is called %s", p.name)
	return p
}

// paramResource returns what a parameter of that name identifies: user for
// user_id.
func paramResource(name string) string {
	snake := Snake(name)
	for _, suffix := range []string{"_id", "_uid", "_uuid", "_name", "_slug", "_key", "_number"} {
		snake = strings.TrimSuffix(snake, suffix)
	}
	if genericParams[snake] {
		return "item"
	}
	return Singular(snake)
}

// genericParams are parameter names that do not say what they identify.
var genericParams = wordlist.Set(`id uid uuid guid slug name path rest`)
