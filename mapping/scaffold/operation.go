package scaffold

import (
	"cmp"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// An inferrer returns the code that a route has without a rule, "" for none.
type inferrer func(method, path string) activitylog.Code

// byOperation returns the code of a route whose operation ("issues/lock",
// "AdminCronRun", or the name of a handler) says better than its method what
// is done. It is asked only where the method alone has decided: then the code
// ends in created, updated or deleted. The code is empty if the operation only
// reads.
func byOperation(r routes.Route, code activitylog.Code, in inferrer) (activitylog.Code, bool) {
	if !methodVerbs[code.Verb()] {
		return "", false
	}
	t := route.Parse(r.Path)
	words := operationWords(nameOf(r))
	if slices.Contains(words, "or") || slices.Contains(words, "and") {
		return "", false // create-or-update: the method knows which
	}
	verb, object := splitOperation(words, nouns(t, r.Tags))
	past, plain := plainVerbs[verb]
	switch {
	case verb == "", plain && (past == "" || past == code.Verb()):
		return "", false
	case plain && r.Method != "POST":
		return "", false // PUT and DELETE say it themselves
	case verb == "add" && r.Method == "POST" && !endsNested(t):
		return "", false // what is added to nothing is created
	case kindOf(verb) == reading:
		return "", r.Method == "POST" && !sameStem(verb, lastWord(t))
	case !plain:
		past = pastOf(verb, object)
	}
	resource := code.Resource()
	if of := actedOn(t, verb, object); of.path != "" && strings.Contains(resource, ".") {
		resource = cmp.Or(in(r.Method, of.path).Resource(), resource)
	} else if of.resource != "" {
		resource = of.resource
	}
	return activitylog.Code(resource + ":" + past), true
}

// nameOf returns what the author of an API calls a route: its operation, or
// else its summary ("Lock an issue.").
func nameOf(r routes.Route) string {
	if r.Operation != "" {
		return r.Operation
	}
	return strings.NewReplacer("/", " ", ".", " ").Replace(r.Summary)
}

// confirms reports whether a route's operation says itself what the method says.
func confirms(r routes.Route, code activitylog.Code) bool {
	verb, _ := splitOperation(operationWords(nameOf(r)), nouns(route.Parse(r.Path), r.Tags))
	return plainVerbs[verb] == code.Verb()
}

// pastOf returns the verb of a code: marked_as_read for mark-thread-as-read.
func pastOf(verb string, object []string) string {
	past := infer.Past(verb)
	if i := slices.Index(object, "as"); verb == "mark" && i >= 0 && i+1 < len(object) {
		past += "_as_" + object[i+1]
	}
	return past
}

// methodVerbs are what the method alone says.
var methodVerbs = wordlist.Set(`created updated deleted`)

// plainVerbs say no more than a method; those without a past form leave it to
// the method.
var plainVerbs = wordlist.Pairs(`
	create:created new:created insert:created update:updated edit:updated modify:updated change:updated set:updated
	replace:updated delete:deleted destroy:deleted
	post put patch save store upsert make
`)

// nouns returns the words of the route and of its tags, in the singular.
func nouns(t route.Template, tags []string) map[string]bool {
	set := make(map[string]bool)
	add := func(text string) {
		for word := range strings.SplitSeq(infer.Snake(text), "_") {
			set[infer.Singular(word)] = true
		}
	}
	for _, s := range t.Segments {
		add(s.Word)
	}
	for _, tag := range tags {
		add(tag)
	}
	return set
}

// A deed is what an operation's verb is done to, where that is not what the
// route says: another path, or a resource.
type deed struct{ path, resource string }

// actedOn returns what a verb is done to if the route's last word only repeats
// it (PUT /reviews/{id}/dismissals is dismiss-review, PUT /blocks/{username}
// is block-user) or is a record of the deed (POST /deliveries/{id}/attempts is
// redeliver-delivery).
func actedOn(t route.Template, verb string, object []string) deed {
	last := lastWord(t)
	if i := slices.IndexFunc(object, func(w string) bool { return prepositions[w] }); i >= 0 {
		object = object[:i]
	}
	path := strings.TrimSuffix(t.Path, "/")
	before, ends := strings.CutSuffix(path, "/"+last)
	plain := plainVerbs[verb] == "updated" || plainVerbs[verb] == "created" || verb == "add" || verb == "remove"
	switch repeats := sameStem(verb, last); {
	case plain || path == "/"+last:
	case repeats && !ends && len(object) > 0:
		return deed{resource: infer.Singular(strings.Join(object, "_"))}
	case repeats:
		return deed{path: strings.Replace(path, "/"+last, "", 1)}
	case ends && endsWith(object, wordBefore(t)) && !mentions(object, last):
		return deed{path: before}
	}
	return deed{}
}

var prepositions = wordlist.Set(`for from to in of by with on at as`)

func lastWord(t route.Template) string {
	for _, s := range slices.Backward(t.Segments) {
		if s.Word != "" {
			return s.Word
		}
	}
	return ""
}

// wordBefore returns the word before the last one.
func wordBefore(t route.Template) string {
	seen := false
	for _, s := range slices.Backward(t.Segments) {
		if s.Word != "" && seen {
			return s.Word
		}
		seen = seen || s.Word != ""
	}
	return ""
}

// mentions reports whether an operation's object holds every word of a segment.
func mentions(object []string, segment string) bool {
	for word := range strings.SplitSeq(infer.Snake(segment), "_") {
		if !slices.ContainsFunc(object, func(o string) bool { return infer.Singular(o) == infer.Singular(word) }) {
			return false
		}
	}
	return segment != ""
}

// endsWith reports whether an operation's object ends with a segment.
func endsWith(object []string, segment string) bool {
	words := strings.Split(infer.Snake(segment), "_")
	return len(object) >= len(words) && mentions(object[len(object)-len(words):], segment)
}

// endsNested reports whether the route's last word belongs to something that
// an id names.
func endsNested(t route.Template) bool {
	params := 0
	for _, s := range t.Segments {
		if s.Word != "" && params > 0 && s.Word == lastWord(t) {
			return true
		}
		params += s.Params
	}
	return false
}

// sameStem reports whether a segment is made of the verb: dismissals of
// dismiss, activation of activate, blocks of unblock.
func sameStem(verb, segment string) bool {
	stem := strings.TrimPrefix(verb, "un")
	if len(stem) > 3 {
		stem = strings.TrimRight(stem, "eyt")
	}
	noun := strings.TrimPrefix(infer.Singular(infer.Snake(segment)), "un")
	return len(stem) > 2 && strings.HasPrefix(noun, stem) && !strings.Contains(noun, "_")
}
