package infer

import "slices"

// onSingleton reports whether the word at w is what is done to a thing of
// which there is one: /account/lock, /me/player/play.
func (d *decider) onSingleton(w int) bool {
	word := d.tokens[w].snake
	_, flag := flagVerbs[word]
	return (flag || putVerbs[word]) && !flagNouns[word] && w > 0 && !d.afterID(w) && !d.afterCollection(w)
}

// isState reports whether a word says in which state things are: starred, following.
func isState(word string) bool { return gerunds[word] != "" || isBase(word) }

// ownFlag returns the verb where the last word lists what the user who asks,
// or the tenant, has flagged, and an id follows: PUT /user/blocks/{username}.
func (d *decider) ownFlag(w int, item bool) (string, bool) {
	verb, ok := ownFlags[d.tokens[w].snake]
	name := paramResource(d.tokens[len(d.tokens)-1].raw)
	if !ok || !item || w == 0 || d.method == "PATCH" || name == "item" || len(name) < 3 || !d.asks(w-1) {
		return "", false
	}
	past := Past(verb)
	if d.method == "DELETE" {
		past = Past("un" + verb)
	}
	if paramPeople[name] {
		name = "user"
	}
	last := d.tokens[len(d.tokens)-1]
	d.step("%s on what is in %q: {%s} is %s", d.method, d.tokens[w].raw, last.raw, past)
	tenant := slices.DeleteFunc(d.tokens[:w], func(t token) bool { return !t.tenant && (t.param < 0 || t.param != d.Tenant) })
	d.tokens = append(tenant, token{raw: name, snake: name, param: -1}, last)
	return past, true
}

// asks reports whether the tokens up to i are the user who asks or the tenant.
func (d *decider) asks(i int) bool {
	first, last := d.tokens[0], d.tokens[i]
	if first.tenant {
		return i == 1
	}
	return Singular(first.snake) == "user" && (i == 0 || i == 1 && last.id && last.param < 0)
}

// nameByID names the resource at w by the parameter behind it if w is the
// user who asks: in /user/starred/{repo} it is the repo that is starred.
func (d *decider) nameByID(w int) {
	for w > 0 && d.tokens[w].id && d.tokens[w].param < 0 {
		w-- // "me"
	}
	last := d.tokens[len(d.tokens)-1]
	name := paramResource(last.raw)
	if d.tokens[w].snake != "user" || len(name) < 3 || name == "item" || paramPeople[name] {
		return
	}
	d.step("it is done to {%s}", last.raw)
	d.tokens = []token{{raw: name, snake: name, param: -1}, last}
}

func isBase(word string) bool {
	_, ok := base(word)
	return ok
}

// removal returns what DELETE on the last word means if it is a verb:
// unlocked for a lock or for locked, revoked for revoke.
func (d *decider) removal(w int, item bool) (string, bool) {
	word := d.tokens[w]
	verb, state := word.snake, false
	if v, ok := gerunds[verb]; ok {
		verb, state = v, true
	} else if v, ok := base(verb); ok {
		verb, state = v, true
	} else if item && !flagsBeforeID[verb] && !removalVerbs[verb] {
		return "", false
	}
	inverse, flag := flagVerbs[verb]
	past := ""
	switch {
	case removalVerbs[verb] && !state:
		past = Past(verb)
		if p, ok := canonical[verb]; ok {
			past = p
		}
	case !flag, !item && !d.afterID(w) && !(state && d.afterMarker(w)) && !d.onSingleton(w):
		return "", false
	case inverse != "":
		past = inverse
	default:
		past = Past("un" + verb)
	}
	d.step("DELETE on %q: the verb is %s", word.raw, past)
	return past, true
}
