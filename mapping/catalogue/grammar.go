package catalogue

import (
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

// appendGrammar makes a sentence of the code alone: actor, verb, resource,
// target. "Ann Lee changed role of org member Bob Ito" for
// org.member:role_changed.
func appendGrammar(b []byte, e *activitylog.Event) []byte {
	b = appendActor(b, e)
	name := targetName(e)
	if e.Code.Verb() == "" { // a name that a foreign sender chose
		b = append(b, ": "...)
		b = appendText(b, first(string(e.Code), "event"), maxValue)
		if name != "" {
			b = appendText(append(b, " on "...), name, maxValue)
		}
		return b
	}
	verb, object, tail := splitVerb(e.Code.Verb())
	b = appendPredicate(b, verb, object, e.Code.Resource())
	if name != "" {
		if !ownTarget(e) {
			b = append(b, " of"...)
		}
		b = append(b, ' ')
		b = appendText(b, name, maxValue)
	}
	return appendTail(b, tail)
}

// appendPredicate appends what stands between the actor and the target:
// " changed role of org member".
func appendPredicate(b []byte, verb, object, resource string) []byte {
	b = appendWords(append(b, ' '), verb)
	if object != "" {
		b = appendWords(append(b, ' '), object)
		b = append(b, " of"...)
	}
	return appendWords(append(b, ' '), resource)
}

func appendTail(b []byte, tail string) []byte {
	if tail == "" {
		return b
	}
	return appendWords(append(b, ' '), tail)
}

// ownTarget reports whether the target is the resource that the code names,
// and not, say, the user whose password it is.
func ownTarget(e *activitylog.Event) bool { return isOwn(e.Target().Type, e.Code.Resource()) }

func isOwn(kind, resource string) bool {
	return kind == "" || kind == resource || strings.HasSuffix(resource, kind) && resource[len(resource)-len(kind)-1] == '.'
}

// splitVerb splits the verb of a code into the verb in the simple past, what
// it was done to, and what stands behind: role_changed is "changed" and
// "role", processed_manually is "processed" with "manually" behind, logged_in
// is one verb. The reset of reset_requested is what was requested.
func splitVerb(phrase string) (verb, object, tail string) {
	head, rest, more := strings.Cut(phrase, "_")
	if !more {
		return simplePast(head), "", ""
	}
	if isPast(head) && !(nouns[head] && isPast(rest[strings.LastIndexByte(rest, '_')+1:])) {
		particle, behind, _ := strings.Cut(rest, "_")
		if particles[particle] {
			return simplePast(head) + "_" + particle, "", behind
		}
		return simplePast(head), "", rest
	}
	if i := strings.LastIndexByte(phrase, '_'); isPast(phrase[i+1:]) {
		if adverbs[phrase[:i]] {
			return phrase[:i] + "_" + simplePast(phrase[i+1:]), "", ""
		}
		return simplePast(phrase[i+1:]), phrase[:i], ""
	}
	return phrase, "", ""
}

func isPast(word string) bool {
	if strings.HasSuffix(word, "ed") && len(word) > 3 {
		return true
	}
	_, ok := irregularPast[withoutPrefix(word)]
	return ok
}

func simplePast(participle string) string {
	base := withoutPrefix(participle)
	if past := irregularPast[base]; past != "" {
		return participle[:len(participle)-len(base)] + past
	}
	return participle
}

// withoutPrefix returns the irregular participle that word is made of, as
// resent is of sent; word itself if there is none.
func withoutPrefix(word string) string {
	if _, ok := irregularPast[word]; ok {
		return word
	}
	for _, prefix := range []string{"re", "un", "over", "out", "mis"} {
		if base, ok := strings.CutPrefix(word, prefix); ok {
			if _, ok := irregularPast[base]; ok {
				return base
			}
		}
	}
	return word
}

// particles belong to their verb: logged in, rolled back.
var particles = wordlist.Set(`in out up down on off over back away`)

// adverbs may lead a verb: force cancelled.
var adverbs = wordlist.Set(`force soft hard auto`)

// nouns are spelled like the participles that they are, too.
var nouns = wordlist.Set(`set reset cut split spread hit cast broadcast bid read run rerun output`)

// irregularPast are the participles that do not end in ed, with the simple
// past that a sentence needs where it is another word.
var irregularPast = wordlist.Pairs(`
	sent set reset put cut let split spread shut hit cast broadcast bid read
	paid repaid prepaid sold resold bought built rebuilt bound unbound held withheld upheld found left kept
	lent spent made lost won caught taught brought sought met fed led slept told said stood
	given:gave forgiven:forgave taken:took retaken:retook written:wrote rewritten:rewrote overwritten:overwrote
	underwritten:underwrote frozen:froze unfrozen:unfroze hidden:hid unhidden:unhid shown:showed
	drawn:drew withdrawn:withdrew chosen:chose broken:broke overridden:overrode undone:undid redone:redid
	done:did begun:began known:knew grown:grew thrown:threw forgotten:forgot stolen:stole woken:woke
	driven:drove spoken:spoke run:ran rerun:reran become:became overcome:overcame torn:tore worn:wore
	sworn:swore shrunk:shrank sunk:sank woven:wove foreseen:foresaw overseen:oversaw sprung:sprang shaken:shook
	forbidden:forbade beaten:beat sewn:sewed spun struck stuck stung dug swung swept hung ground slid flung laid flown:flew eaten:ate fallen:fell seen:saw gone:went
`)
