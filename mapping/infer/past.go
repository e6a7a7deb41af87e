package infer

import (
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

// IsPast reports whether a lower_snake verb phrase says what was done:
// updated, sent, logged_in, role_changed, processed_manually. The verb may
// stand anywhere in it; one whose past form is the verb itself, such as reset,
// not in the middle, where it is more often part of a name.
func IsPast(phrase string) bool {
	words := strings.Split(phrase, "_")
	for i, word := range words {
		inside := i > 0 && i < len(words)-1
		if isPastWord(word) && !(inside && participles[word] == word) {
			return true
		}
	}
	return false
}

func isPastWord(word string) bool {
	if _, ok := base(word); ok || otherPasts[word] || pastParticiples[word] {
		return true
	}
	for _, prefix := range []string{"under", "over", "mis", "out", "un", "re", "de", "pre"} {
		if stem, ok := strings.CutPrefix(word, prefix); ok && pastParticiples[stem] {
			return true
		}
	}
	return strings.HasSuffix(word, "ed") && len(word) > 3 && !notPast[word] && !knownVerb(word)
}

// ToPast returns the past form of a phrase that is not in the past tense,
// invite → invited, role_change → role_changed, or "" where it holds no verb
// that this package knows.
func ToPast(phrase string) string {
	if p, ok := canonical[phrase]; ok {
		return p
	}
	head, last, compound := cutLast(phrase)
	first, _, _ := strings.Cut(phrase, "_")
	if stem := gerundStem(last); stem != "" { // processing
		return strings.TrimPrefix(head+"_"+Past(stem), "_")
	}
	if k, past := classify(phrase, ""); k != noun && past != "" {
		return past
	}
	switch {
	case knownVerb(phrase):
		return Past(phrase)
	case compound && particles[last] && knownVerb(first):
		return Past(phrase)
	case compound && knownVerb(last):
		return head + "_" + Past(last)
	}
	return ""
}

// gerundStem returns the verb of which word is the form in ing.
func gerundStem(word string) string {
	stem, ok := strings.CutSuffix(word, "ing")
	if !ok {
		return ""
	}
	stems := []string{stem, stem + "e"}
	if n := len(stem); n > 2 && stem[n-1] == stem[n-2] {
		stems = append(stems, stem[:n-1]) // cancelling
	}
	for _, s := range stems {
		if knownVerb(s) {
			return s
		}
	}
	return ""
}

func knownVerb(word string) bool {
	_, irregular := participles[word]
	return strongVerbs[word] || weakVerbs[word] || readVerbs[word] || irregular
}

// pastParticiples are those of the irregular verbs, by word.
var pastParticiples = makePastParticiples()

func makePastParticiples() map[string]bool {
	m := make(map[string]bool)
	for _, participle := range participles {
		for word := range strings.SplitSeq(participle, "_") {
			m[word] = !particles[word]
		}
	}
	return m
}

// otherPasts are the forms that [Past] does not make: the simple past of
// irregular verbs, and spellings in t.
var otherPasts = wordlist.Set(`
	began became came did drank drew drove fell flew forbade foresaw forgot froze gave got grew hid knew overcame
	overrode oversaw ran rang reran retook rewrote rode rose sang sank saw shook showed shown shrank spoke sprang stole
	swam swore took tore undid unfroze was went withdrew woke wore wove wrote been gotten misled
	burnt dreamt learnt leapt spelt spilt spoilt dealt felt meant overheard heard fled
`)

// notPast end in ed and are no past forms.
var notPast = wordlist.Set(`bleed breed creed deed greed indeed need reed speed steed unneed weed hundred biped moped sacred`)
