package infer

import "strings"

// A kind says what a word of a route can be.
type kind int

const (
	noun   kind = iota
	weak        // a thing or an action
	strong      // an action
	read        // an action that changes nothing
)

// classify says what a lower_snake word or compound is and returns the past
// form of an action: change_role → role_changed. resource is what the word
// stands behind; an object that only repeats it is left out.
func classify(phrase, resource string) (kind, string) {
	switch {
	case readVerbs[phrase]:
		return read, ""
	case accountVerbs[phrase]:
		return strong, Past(phrase)
	case strongVerbs[phrase]:
		return strong, Past(phrase)
	case weakVerbs[phrase]:
		return weak, Past(phrase)
	}
	first, rest, compound := strings.Cut(phrase, "_")
	if fixedNouns[Singular(phrase)] {
		return noun, ""
	}
	if !compound {
		return derived(phrase)
	}
	if k, _ := classify(first+rest, resource); k != noun && (first == "re" || first == "un" || first == "de") {
		return k, Past(first + rest) // re-run
	}
	if manyWords[first] {
		return classify(rest, resource)
	}
	if adverbs[first] {
		if k, past := classify(rest, resource); k != noun {
			return k, joinKind(k, first, past)
		}
	}
	return classifyCompound(first, rest, resource)
}

func joinKind(k kind, adverb, past string) string {
	if k == read {
		return ""
	}
	return adverb + "_" + past
}

// classifyCompound is classify for a word of several parts.
func classifyCompound(first, rest, resource string) (kind, string) {
	object, last, _ := cutLast(rest)
	plural := Singular(last) != last
	tail := nounTails[Singular(last)]
	next, _, _ := strings.Cut(rest, "_")
	switch {
	case first == resource: // issues/{n}/issue-links are links, not issued
		return noun, ""
	case allOf(rest) && isAction(first):
		return strong, rest + "_" + Past(first)
	case isBase(first) && next == "as": // marked_as_read
		return strong, first + "_" + rest
	case particles[next] && phrasalVerbs[first], complements[next] && isAction(first), first == "make", first == "mark":
		return strong, Past(first) + "_" + rest
	case alwaysRead[first], readPrefixes[first] && !(plural && tail), readBefore[first] && !plural && !tail:
		return read, ""
	case previews[rest] && makers[first]:
		return read, ""
	case next == "and" || next == "or":
		if _, second, ok := strings.Cut(rest, "_"); ok && isAction(first) { // create_or_update
			return strong, Past(first) + "_" + next + "_" + Past(second)
		}
	}
	if strongVerbs[last] && !strongVerbs[first] { // mirror_sync
		return strong, withObject(Past(last), strings.TrimSuffix(first+"_"+object, "_"), resource)
	}
	k, past := classify(first, resource)
	switch past = withObject(past, rest, resource); {
	case k == noun || k == read:
		return noun, ""
	case pureVerbs[first], first == "request" && !tail:
		return strong, past
	case tail, k == weak && (plural || weakAlone[first]): // import_job, order_items, email_verification
		return noun, ""
	case plural: // mute_timings
		return weak, past
	}
	return k, past
}

// allOf reports whether the object of an action is all of some things:
// archive-all-cards, unlike mark-all-as-read.
func allOf(object string) bool {
	things, all := strings.CutPrefix(object, "all_")
	return all && Singular(things) != things
}

// withObject puts what an action is done to before its verb, unless it is the
// resource itself.
func withObject(past, object, resource string) string {
	if Singular(object) == resource {
		return plainest(past)
	}
	return object + "_" + past
}

// plainest returns updated for changed, where nothing says what was changed.
func plainest(past string) string {
	if verb, ok := base(past); ok && canonical[verb] != "" {
		return canonical[verb]
	}
	return past
}

func isAction(word string) bool {
	k, _ := classify(word, "")
	return k == strong || k == weak || participles[word] != ""
}

// derived classifies a single word that no list has.
func derived(word string) (kind, string) {
	for many := range manyWords {
		if verb, ok := strings.CutPrefix(word, many); ok && verb != "" {
			if k, past := classify(verb, ""); k != noun { // bulkfetch
				return k, past
			}
		}
	}
	for _, prefix := range []string{"un", "re", "de", "dis", "over", "mis"} {
		verb, ok := strings.CutPrefix(word, prefix)
		if ok && len(verb) > 2 && (strongVerbs[verb] || weakVerbs[verb]) && !verbLikeNouns[word] {
			return strong, Past(word)
		}
	}
	for _, suffix := range []string{"ify", "ize", "yze", "ivate", "inate", "ulate", "igate", "erate"} {
		if strings.HasSuffix(word, suffix) && len(word) > len(suffix)+2 && !verbLikeNouns[word] {
			return strong, Past(word)
		}
	}
	return noun, ""
}
