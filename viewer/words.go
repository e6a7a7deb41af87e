package viewer

import (
	"fmt"
	"strings"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
)

// A span is a part of a sentence; the names in it are strong.
type span struct {
	Text   string
	Strong bool
}

// sentence returns the event in words, with the names of actor and target
// marked where they stand in it.
func sentence(e *activitylog.Event) []span {
	text := e.Summary
	if text == "" {
		text = (*catalogue.Catalogue)(nil).Sentence(e)
	}
	var spans []span
	for _, name := range []string{actorName(e), e.Target().Name} {
		before, after, ok := strings.Cut(text, name)
		if name == "" || !ok {
			continue
		}
		if before != "" {
			spans = append(spans, span{Text: before})
		}
		spans = append(spans, span{name, true})
		text = after
	}
	if text != "" {
		spans = append(spans, span{Text: text})
	}
	return spans
}

func plain(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// actorName returns by what people know the actor.
func actorName(e *activitylog.Event) string {
	switch a := e.Actor; {
	case a.Name != "":
		return a.Name
	case a.Email != "":
		return a.Email
	case a.ID != "":
		return a.ID
	case a.Type == activitylog.System:
		return "System"
	default:
		return "Anonymous"
	}
}

// A face stands for an actor.
type face struct {
	Initials string
	Class    string // the type of the actor
}

func faceOf(e *activitylog.Event) face {
	class := "user"
	switch t := e.Actor.Type; t {
	case activitylog.Service, activitylog.System, activitylog.Anonymous:
		class = string(t)
	}
	return face{initials(actorName(e)), class}
}

// A code is an event's code as a label. Colour and icon repeat what its verb
// says and never say it alone.
type code struct {
	Resource, Verb string
	Family         string // of verbs: "made", "changed", "ended", "passed", "other"
	Icon           string
}

func codeOf(c activitylog.Code, l links) code {
	out := code{Resource: c.Resource(), Verb: c.Verb()}
	if out.Verb == "" { // not a code: a name that a foreign sender chose
		out.Resource, out.Verb = "", string(c)
	}
	out.Family = family(c.Verb())
	out.Icon = l.root + "assets/" + assetNames["icon.svg"] + "#" + out.Family
	return out
}

var families = verbFamilies(map[string]string{
	"made":    "created added invited joined activated enabled opened approved granted restored uploaded registered",
	"changed": "updated changed renamed moved assigned role_changed upserted processed processed_manually",
	"ended":   "deleted removed declined deactivated disabled revoked rejected cancelled closed expired login_failed",
	"passed":  "logged_in logged_out viewed exported sent downloaded requested reset_requested",
})

// verbFamilies returns the family of each verb.
func verbFamilies(verbs map[string]string) map[string]string {
	out := map[string]string{}
	for family, words := range verbs {
		for verb := range strings.FieldsSeq(words) {
			out[verb] = family
		}
	}
	return out
}

func family(verb string) string {
	if f, ok := families[verb]; ok {
		return f
	}
	return "other"
}

// An ending is an outcome other than success, which goes without saying.
type ending struct {
	Text  string // "Denied 403"
	Class string
}

func endingOf(e *activitylog.Event) *ending {
	words := map[activitylog.Outcome]string{
		activitylog.Denied:  "Denied",
		activitylog.Failure: "Failed",
		activitylog.Unknown: "Unknown outcome",
	}
	word, ok := words[e.Outcome]
	if !ok {
		return nil
	}
	end := &ending{word, string(e.Outcome)}
	if e.HTTP.Status >= 400 {
		end.Text = fmt.Sprintf("%s %d", word, e.HTTP.Status)
	}
	return end
}
