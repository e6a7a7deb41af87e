package query

import (
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/suggest"
)

// A Kind says what may stand behind a key.
type Kind string

// The kinds of keys.
const (
	KindText   Kind = "text"   // any text; * stands for any run of characters
	KindWord   Kind = "word"   // one of KeyInfo.Values
	KindNumber Kind = "number" // 403, 4xx or 400..404
	KindTime   Kind = "time"   // a date, a time or a duration; narrows Since and Until
)

// A KeyInfo describes a key of the language. Its JSON form is part of the API.
type KeyInfo struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"`
	Kind    Kind     `json:"kind"`
	Values  []string `json:"values,omitempty"` // all there are of a word; the usual ones of a text
	Doc     string   `json:"doc"`
	Example string   `json:"example"`

	fold func(string) string // makes one of the spellings of a value; nil for none
}

// The keys that narrow Since and Until.
const (
	keyAfter  = "after"
	keyBefore = "before"
	keyOn     = "on"
	keyLast   = "last"
)

// registry is in the order in which people are shown the keys.
var registry = []KeyInfo{
	{Name: string(Event), Aliases: []string{"code", "action"}, Kind: KindText,
		Doc: "The event's code.", Example: "event:org.member:*"},
	{Name: string(Actor), Kind: KindText,
		Doc: "The id of who did it.", Example: "actor:usr_ann"},
	{Name: string(ActorType), Kind: KindText, Values: []string{"user", "service", "system", "anonymous"},
		Doc: "What kind of being did it.", Example: "actor.type:service"},
	{Name: string(Tenant), Aliases: []string{"org"}, Kind: KindText,
		Doc: "The organisation whose log the event belongs to.", Example: "tenant:acme"},
	{Name: string(Target), Kind: KindText,
		Doc: "The id of what it was done to; any of an event's targets counts.", Example: "target:payr_*"},
	{Name: string(TargetType), Kind: KindText,
		Doc: "The type of what it was done to; any of an event's targets counts.", Example: "target.type:member"},
	{Name: string(Changed), Kind: KindText,
		Doc: "The path of what was changed; any of an event's changes counts.", Example: "changed:/role"},
	{Name: string(Outcome), Kind: KindWord, Values: outcomes(), fold: strings.ToLower,
		Doc: "How it ended.", Example: "outcome:denied,failure"},
	{Name: string(Status), Kind: KindNumber,
		Doc: "The status of the HTTP response.", Example: "status:4xx"},
	{Name: string(Method), Kind: KindText, Values: []string{"POST", "PUT", "PATCH", "DELETE", "GET"}, fold: strings.ToUpper,
		Doc: "The method of the HTTP request.", Example: "method:DELETE"},
	{Name: string(Address), Aliases: []string{"ip"}, Kind: KindText,
		Doc: "The client's network address.", Example: "address:203.0.113.*"},
	{Name: string(Session), Kind: KindText,
		Doc: "The session in which it was done.", Example: "session:ses_7f3a"},
	{Name: string(Request), Kind: KindText,
		Doc: "The id of the request.", Example: "request:req_01j9"},
	{Name: string(Trace), Kind: KindText, fold: strings.ToLower,
		Doc: "The id of the trace, in hexadecimal digits.", Example: "trace:4bf92f3577b34da6a3ce929d0e0e4736"},
	{Name: string(Service), Kind: KindText,
		Doc: "The name of the service that reported it.", Example: "service:payments-api"},
	{Name: keyAfter, Kind: KindTime,
		Doc: "At this time or later; a date means its first moment.", Example: "after:2026-01-01"},
	{Name: keyBefore, Kind: KindTime,
		Doc: "Before this time; a date means its first moment.", Example: "before:2026-02-01T12:00"},
	{Name: keyOn, Kind: KindTime,
		Doc: "On this day.", Example: "on:2026-01-31"},
	{Name: keyLast, Kind: KindTime,
		Doc: "So long ago at most, in weeks, days, hours, minutes and seconds.", Example: "last:1d12h"},
}

func outcomes() []string {
	var words []string
	for _, o := range activitylog.Outcomes() {
		words = append(words, string(o))
	}
	return words
}

// Keys returns the keys of the language in the order in which people are
// shown them. Documentation, completion and the parser all come from it.
func Keys() []KeyInfo {
	keys := slices.Clone(registry)
	for i := range keys {
		keys[i].Aliases = slices.Clone(keys[i].Aliases)
		keys[i].Values = slices.Clone(keys[i].Values)
	}
	return keys
}

// lookup finds a key by its name or one of its aliases, in any case.
func lookup(name string) (*KeyInfo, bool) {
	name = strings.ToLower(name)
	for i := range registry {
		if registry[i].Name == name || slices.Contains(registry[i].Aliases, name) {
			return &registry[i], true
		}
	}
	return nil, false
}

// closestKey returns the key that name is probably meant to be, or "".
func closestKey(name string) string {
	var names []string
	for _, k := range registry {
		names = append(append(names, k.Name), k.Aliases...)
	}
	return suggest.Closest(name, names)
}
