package infer

import (
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

// Past returns the past participle of a lower_snake verb phrase, the form
// that codes have: activate → activated, log_in → logged_in, send → sent.
// Only the first word is changed.
func Past(phrase string) string {
	verb, rest, more := strings.Cut(phrase, "_")
	past := participle(verb)
	if more {
		past += "_" + rest
	}
	return past
}

func participle(verb string) string {
	if p, ok := participles[verb]; ok {
		return p
	}
	for _, prefix := range []string{"under", "over", "mis", "out", "un", "re", "de", "pre"} {
		if base, ok := strings.CutPrefix(verb, prefix); ok && participles[base] != "" {
			return prefix + participles[base]
		}
	}
	return regularPast(verb)
}

func regularPast(verb string) string {
	n := len(verb)
	switch {
	case n == 0:
		return verb
	case strings.HasSuffix(verb, "e"):
		return verb + "d"
	case strings.HasSuffix(verb, "ic") && n > 3:
		return verb + "ked" // panicked
	case n > 1 && verb[n-1] == 'y' && !isVowel(verb[n-2]):
		return verb[:n-1] + "ied"
	case doubles[verb] || oneSyllableCVC(verb):
		return verb + verb[n-1:] + "ed"
	default:
		return verb + "ed"
	}
}

// oneSyllableCVC reports whether verb has one vowel with one consonant
// behind it, which is then doubled: stop, pin, also unpin and resubmit's kin
// that doubles lists.
func oneSyllableCVC(verb string) bool {
	for _, prefix := range []string{"un", "re", "de"} {
		if base, ok := strings.CutPrefix(verb, prefix); ok && len(base) > 2 && isCVC(base) {
			return true
		}
	}
	return isCVC(verb)
}

func isCVC(verb string) bool {
	n := len(verb)
	if n < 3 || isVowel(verb[n-1]) || !isVowel(verb[n-2]) || strings.IndexByte("wxy", verb[n-1]) >= 0 {
		return false
	}
	for i := range n - 2 {
		if isVowel(verb[i]) && !(verb[i] == 'u' && i > 0 && verb[i-1] == 'q') {
			return false
		}
	}
	return true
}

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// doubles are the longer verbs that double their last consonant.
var doubles = wordlist.Set(`
	cancel uncancel embed unenrol label relabel refer prefer defer infer confer transfer submit resubmit commit recommit permit admit
	readmit emit omit remit transmit retransmit control enrol fulfil equip program reprogram
	debug occur recur incur concur deter expel compel dispel repel propel rebel patrol regret acquit
	outfit retrofit backlog blog unsubmit handicap kidnap worship zigzag signal total airdrop disbar model remodel channel
	dial tunnel travel level counsel annul overlap onlap quiz allot rebut abet upset input output
`)

// participles are the past participles that no rule makes.
var participles = wordlist.Pairs(`
	set:set reset:reset put:put cut:cut let:let bid:bid cast:cast broadcast:broadcast hit:hit shut:shut split:split
	spread:spread cost:cost quit:quit read:read upset:upset input:input output:output preset:preset
	send:sent lend:lent spend:spent bend:bent build:built rebuild:rebuilt bind:bound find:found wind:wound
	pay:paid prepay:prepaid repay:repaid lay:laid say:said buy:bought bring:brought catch:caught teach:taught
	seek:sought think:thought fight:fought sell:sold resell:resold tell:told hold:held withhold:withheld
	uphold:upheld lead:led feed:fed leave:left keep:kept sleep:slept sweep:swept meet:met make:made lose:lost
	shoot:shot win:won spin:spun strike:struck stick:stuck hang:hung dig:dug swing:swung stand:stood understand:understood withstand:withstood troubleshoot:troubleshot
	run:run rerun:rerun come:come become:become overcome:overcome begin:begun drink:drunk swim:swum
	take:taken retake:retaken mistake:mistaken give:given forgive:forgiven write:written rewrite:rewritten
	overwrite:overwritten underwrite:underwritten drive:driven ride:ridden override:overridden rise:risen
	freeze:frozen unfreeze:unfrozen choose:chosen speak:spoken break:broken steal:stolen wake:woken
	forget:forgotten forgot:reset_requested get:got hide:hidden unhide:unhidden bite:bitten eat:eaten fall:fallen see:seen do:done undo:undone
	redo:redone go:gone know:known grow:grown throw:thrown draw:drawn withdraw:withdrawn show:shown
	sew:sewn fly:flown wear:worn swear:sworn tear:torn bear:borne
	ack:acknowledged hangup:hung_up exec:executed sync:synced resync:resynced desync:desynced init:initialized
	login:logged_in logon:logged_on logout:logged_out logoff:logged_off signin:signed_in signout:signed_out
	signup:signed_up signoff:signed_off checkin:checked_in checkout:checked_out backup:backed_up
	rollback:rolled_back rollout:rolled_out setup:set_up shutdown:shut_down startup:started_up
	cleanup:cleaned_up warmup:warmed_up pickup:picked_up dropoff:dropped_off handoff:handed_off failback:failed_back topup:topped_up poweroff:powered_off poweron:powered_on failover:failed_over
	optin:opted_in optout:opted_out lookup:looked_up unsub:unsubscribed signalling:signalled
	favorite:favorited favourite:favourited
	shrink:shrunk sink:sunk weave:woven foresee:foreseen ring:rung sing:sung spring:sprung sting:stung shake:shaken grind:ground
	slide:slid fling:flung rend:rent forbid:forbidden beat:beaten sublet:sublet proofread:proofread offset:offset
	layoff:laid_off handover:handed_over rollover:rolled_over rollup:rolled_up timeout:timed_out
	visit:visited edit:edited limit:limited exit:exited audit:audited credit:credited debit:debited deposit:deposited
	benefit:benefited target:targeted market:marketed trigger:triggered render:rendered register:registered
	deregister:deregistered unregister:unregistered format:formatted open:opened reopen:reopened
	offer:offered order:ordered reorder:reordered enter:entered answer:answered counter:countered
	develop:developed ping:pinged delay:delayed relay:relayed
	quarantine:quarantined
`)

// base returns the verb of which word is the past participle, if it is one of
// a verb that this package knows.
func base(word string) (verb string, ok bool) {
	verb, ok = bases[word]
	return verb, ok
}

var bases = makeBases()

func makeBases() map[string]string {
	m := make(map[string]string)
	for _, list := range []map[string]bool{weakVerbs, strongVerbs} {
		for verb := range list {
			m[Past(verb)] = verb
		}
	}
	delete(m, "set") // more often a set of things
	delete(m, "read")
	return m
}
