package scaffold

import (
	"regexp"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

// operationWords returns the words of an operation's own name: of
// "issues/lock", of "handlers.(*Issues).Lock-fm" only "lock".
func operationWords(operation string) []string {
	operation = strings.TrimSuffix(operation, "-fm")
	operation = operation[strings.LastIndexAny(operation, "/.")+1:]
	operation = joinedMethod.ReplaceAllString(operation, "${1}_$2")
	words := strings.FieldsFunc(infer.Snake(operation), func(r rune) bool { return r == '_' })
	words = slices.DeleteFunc(words, func(w string) bool { return operationFillers[w] })
	for i := range len(words) - 1 { // re-run, UnDismiss
		if words[i] == "re" || words[i] == "un" {
			words[i+1] = words[i] + words[i+1]
		}
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "re" || w == "un" })
}

// joinedMethod matches a method that another word follows: proxyDELETEcalls.
var joinedMethod = regexp.MustCompile(`(DELETE|PATCH|POST|PUT)([a-z])`)

var operationFillers = wordlist.Set(`handle handler func1 do bulk batch mass many api current a an the new this all`)

// splitOperation finds the verb of an operation and what it is done to. Words
// that lead it and are nouns of the route are the name of its group:
// "AdminCronRun" is run, "IssueAddTime" is add.
func splitOperation(words []string, nouns map[string]bool) (verb string, object []string) {
	for len(words) > 1 && leads(words, nouns) {
		words = words[1:]
	}
	for i, w := range words {
		switch k := kindOf(w); {
		case k == acting, k == reading && i == 0, k == ambiguous && i == 0:
			return w, words[i+1:]
		}
	}
	return "", nil
}

// leads reports whether the first word is the name of a group.
func leads(words []string, nouns map[string]bool) bool {
	isPlain := func(w string) bool { _, plain := plainVerbs[w]; return plain }
	switch known := nouns[infer.Singular(words[0])]; kindOf(words[0]) {
	case naming:
		return known && slices.ContainsFunc(words[1:], isVerb)
	case ambiguous:
		return kindOf(words[1]) == acting
	default:
		return !isPlain(words[0]) && (known && slices.ContainsFunc(words[1:], isPlain) ||
			stemOf(words[0], nouns) && !nouns[infer.Singular(words[1])] && isVerb(words[1]))
	}
}

// stemOf reports whether a noun is made of the verb.
func stemOf(verb string, nouns map[string]bool) bool {
	for noun := range nouns {
		if sameStem(verb, noun) {
			return true
		}
	}
	return false
}

// A verbKind says what a word of an operation can be.
type verbKind int

const (
	naming    verbKind = iota // a thing
	ambiguous                 // a thing or an action: lock
	acting                    // an action
	reading                   // an action that changes nothing
)

func isVerb(word string) bool { return kindOf(word) != naming }

// kindOf asks inference what it makes of the word at the end of a path.
func kindOf(word string) verbKind {
	if _, plain := plainVerbs[word]; plain {
		return acting
	}
	ask := func(path string) activitylog.Code {
		return infer.Decide("POST", route.Parse(path+word), infer.Options{}).Code
	}
	switch ofItem := ask("/things/{thing}/"); {
	case ofItem == "":
		return reading
	case ofItem.Resource() != "thing":
		return naming
	case ask("/thing/").Resource() == "thing":
		return acting
	}
	return ambiguous
}
