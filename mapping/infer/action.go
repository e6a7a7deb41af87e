package infer

import (
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

// verb finds the verb of the code in the past tense and takes the segment
// that says it out of the tokens. It returns false if the request is no event.
func (d *decider) verb() (string, bool) {
	if d.custom != "" {
		return d.customVerb()
	}
	w := d.lastWord()
	if w < 0 {
		return d.plain(true), true
	}
	word := d.tokens[w]
	if past, ok := d.opts.Verbs[word.raw]; ok {
		d.step("the mapping's verbs say that %q is %s", word.raw, past)
		d.takeVerb(w)
		return past, true
	}
	item := w < len(d.tokens)-1
	resource := d.resourceBefore(w)
	if resource == "" {
		resource = actionObject(word.snake)
	}
	k, past := classify(word.snake, resource)
	if p, ok := canonical[word.snake]; ok {
		k, past = strong, p
	}
	if reading := d.reading(w, k); d.method == "POST" && reading != "" {
		if manyThings[word.snake] {
			d.step("%q takes queries and mutations alike, and the route does not tell them apart: no event unless a rule or the handler says so", word.raw)
		} else {
			d.step("%q changes nothing: no event unless a rule names the route", reading)
		}
		return "", false
	}
	if past, ok := d.ownFlag(w, item); ok {
		return past, true
	}
	if past, ok := d.action(w, item, k, past); ok {
		d.takeVerb(w)
		if item && isState(word.snake) {
			d.nameByID(w - 1)
		}
		return past, true
	}
	if d.method == "POST" {
		if past, ok := d.leadingVerb(); ok {
			return past, true
		}
	}
	return d.plain(item), true
}

// action returns the past form of the last word if it is what is done.
func (d *decider) action(w int, item bool, k kind, past string) (string, bool) {
	word := d.tokens[w]
	if d.resourceBefore(w) == "" && !d.standsAlone(w, k, item) {
		return "", false
	}
	switch {
	case d.method == "DELETE":
		return d.removal(w, item)
	case item:
		if verb, ok := gerunds[word.snake]; ok && d.method == "PUT" {
			past = Past(verb)
		} else if _, ok := base(word.snake); ok && d.method == "PUT" {
			past = word.snake // PUT /user/starred/{repo}
		} else if (k != strong || strings.Contains(word.snake, "_")) && !flagsBeforeID[word.snake] {
			return "", false
		}
	case k == strong:
	case d.method == "PUT" && gerunds[word.snake] != "" && d.asks(w-1): // PUT /me/following
		past = Past(gerunds[word.snake])
	case isBase(word.snake) && (d.afterID(w) || d.afterMarker(w)):
		past = word.snake // PUT /installations/{id}/suspended, /installations/{id}/status/suspended
	case d.onSingleton(w):
	case k == weak && d.method == "POST":
		if !d.afterID(w) && !d.afterCollection(w) {
			return "", false
		}
	case k == weak:
		if _, flag := flagVerbs[word.snake]; !flag && !putVerbs[word.snake] || !d.afterID(w) {
			return "", false
		}
	default:
		return "", false
	}
	d.step("%s on %q: the verb is %s", d.method, word.raw, past)
	return past, true
}

// standsAlone reports whether the word at w can be the verb although no
// resource stands before it: a login, send-email, an action on /{bucket}.
func (d *decider) standsAlone(w int, k kind, item bool) bool {
	if item || d.method == "DELETE" {
		return false
	}
	snake := d.tokens[w].snake
	return accountVerbs[snake] || k == strong && (d.afterID(w) || actionObject(snake) != "")
}

// reading returns the word that says that a POST on the last word, which is of
// kind k, changes nothing; "" if it may change something.
func (d *decider) reading(w int, k kind) string {
	if k == read {
		word := d.tokens[w]
		if item := w < len(d.tokens)-1; readNouns[word.snake] && (w == 0 || item) {
			return ""
		}
		return word.raw
	}
	if k == strong {
		return ""
	}
	for _, t := range d.tokens[:w] {
		if readPlaces[t.snake] {
			return t.raw
		}
	}
	return ""
}

// manyThings are places where the body says what is to be done.
var manyThings = wordlist.Set(`graphql gql`)

// readPlaces are words behind which a POST changes nothing.
var readPlaces = wordlist.Set(`
	search query markdown markup lookup autocomplete typeahead suggest
	calculate compute estimate simulate preview validate compare export render
`)

// customVerb is the verb of /users/{id}:activate.
func (d *decider) customVerb() (string, bool) {
	phrase := Snake(d.custom)
	if past, ok := d.opts.Verbs[strings.ToLower(d.custom)]; ok {
		d.step("the mapping's verbs say that %q is %s", d.custom, past)
		return past, true
	}
	k, past := classify(phrase, d.resourceBefore(len(d.tokens)))
	if p, ok := canonical[phrase]; ok {
		k, past = strong, p
	}
	head, _, _ := strings.Cut(phrase, "_")
	if k == read || d.service && methodReads[head] || k == noun && d.rpc && (Singular(phrase) != phrase || rpcReads[phrase]) {
		d.step("%q changes nothing: no event unless a rule names the route", d.custom)
		return "", false
	}
	if k == noun {
		past = Past(phrase)
	}
	if past == "" {
		return d.plain(true), true // no letters behind the colon
	}
	d.step("%q behind the colon: the verb is %s", d.custom, past)
	return past, true
}

// methodReads begin the names of a service's methods that send what there is or
// what happens. The first word of such a name is always its verb: GetSelf.
var methodReads = wordlist.Set(`get list describe query download watch stream subscribe tail`)

// rpcReads are names of procedures that give what they are called.
var rpcReads = wordlist.Set(`history info status members usage`)

// leadingVerb is the verb of /verify/email.
func (d *decider) leadingVerb() (string, bool) {
	first := d.tokens[0]
	if first.id || len(d.tokens) < 2 || d.tokens[1].id {
		return "", false
	}
	if accountVerbs[first.snake] {
		d.step("%q comes first: the verb is %s", first.raw, Past(first.snake))
		d.tokens = []token{{raw: "user", snake: "user", param: -1}}
		return Past(first.snake), true
	}
	words := 0
	for _, t := range d.tokens {
		if !t.id {
			words++
		}
	}
	if words != 2 || !leadingVerbs[first.snake] {
		return "", false
	}
	past := Past(first.snake)
	if p, ok := canonical[first.snake]; ok {
		past = p
	}
	d.tokens = d.tokens[1:]
	d.step("%q comes first: the verb is %s", first.raw, past)
	return past, true
}

// isMembership reports whether the path ends in a user who belongs to what
// stands before, as in /teams/{team}/members/{username}. Where the id is that
// of the membership itself, /teams/{team}/members/{member}, it is a thing like
// others.
func (d *decider) isMembership() bool {
	w := d.lastWord()
	if !d.afterID(w) || w != len(d.tokens)-2 || !memberships[Singular(d.tokens[w].snake)] {
		return false
	}
	name := paramResource(d.tokens[w+1].raw)
	return membershipIDs[name] && name != Singular(d.tokens[w].snake)
}

// memberships are the words for users as those who belong to something.
var memberships = wordlist.Set(`
	member membership collaborator participant attendee assignee reviewer subscriber follower watcher owner admin
	administrator moderator maintainer editor viewer approver contributor
`)

// membershipIDs are parameter names that mean a user and no membership.
var membershipIDs = wordlist.Set(`user username login account person people employee handle principal`)

// plain is the verb that the method alone says.
func (d *decider) plain(item bool) string {
	switch {
	case item && d.isMembership() && d.method == "PUT":
		d.step("PUT of a user among others: the verb is added")
		return "added"
	case item && d.isMembership() && d.method == "DELETE":
		d.step("DELETE of a user among others, who stays a user: the verb is removed")
		return "removed"
	case d.method == "DELETE":
		d.step("DELETE: the verb is deleted")
		return "deleted"
	case d.method != "POST":
		d.step("%s: the verb is updated", d.method)
		return "updated"
	case item:
		d.step("POST on one thing (the path ends in its id): the verb is updated")
		return "updated"
	}
	if last := d.tokens[d.lastWord()]; singletons[last.snake] {
		d.step("POST on %q, of which there is one: the verb is updated", last.raw)
		return "updated"
	}
	if w := d.lastWord(); w > 0 && d.tokens[w-1].id && Singular(d.tokens[w].snake) == d.tokens[w].snake {
		d.step("%q is taken for a thing, the verb is created; if it is an action, say so: verbs: {%[1]s: …}", d.tokens[w].raw)
	} else {
		d.step("POST on a collection: the verb is created")
	}
	return "created"
}
