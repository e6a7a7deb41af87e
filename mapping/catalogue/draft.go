package catalogue

import (
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
)

// Draft returns a title and a sentence for a code that has none: "Org member
// role changed" and "{actor} changed role of org member {target}" for
// org.member:role_changed. The sentence is a template, and says what the
// grammar of codes says of an event whose target is of the given kind; "" is
// what the code names.
func Draft(code activitylog.Code, target string) (title, sentence string) {
	return draftTitle(code), draftSentence(code, target)
}

func draftTitle(code activitylog.Code) string {
	words := string(appendWords(nil, string(code)))
	if words != "" && words[0] >= 'a' && words[0] <= 'z' {
		return strings.ToUpper(words[:1]) + words[1:]
	}
	return words
}

func draftSentence(code activitylog.Code, target string) string {
	if code.Verb() == "" {
		name := appendText(nil, first(string(code), "event"), maxValue)
		return "{actor}: " + braces.Replace(string(name)) + " on {target}"
	}
	verb, object, tail := splitVerb(code.Verb())
	before, behind := appendPredicate(nil, verb, object, code.Resource()), appendTail(nil, tail)
	of := ""
	if !isOwn(target, code.Resource()) {
		of = " of"
	}
	return "{actor}" + braces.Replace(string(before)) + of + " {target}" + braces.Replace(string(behind))
}

// braces writes the braces of a foreign name as a template has them.
var braces = strings.NewReplacer("{", "{{", "}", "}}")
