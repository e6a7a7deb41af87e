package scaffold

import (
	"cmp"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

// A draft is the entry of a code that the catalogue lacks.
type draft struct {
	code      activitylog.Code
	title     string
	sentences []string
	attempts  []string // of a shipped code only
}

// drafts returns an entry for each code that the mapping's catalogue lacks,
// sorted.
func drafts(d *decisions) []draft {
	var all []draft
	for _, e := range d.entries {
		if e.code == "" || d.inCatalogue(e) {
			continue
		}
		if i := slices.IndexFunc(all, func(other draft) bool { return other.code == e.code }); i >= 0 {
			continue
		}
		all = append(all, newDraft(e))
	}
	slices.SortFunc(all, func(a, b draft) int {
		return cmp.Or(strings.Compare(a.code.Resource(), b.code.Resource()), strings.Compare(a.code.Verb(), b.code.Verb()))
	})
	return all
}

// newDraft returns what is known of a code: what the shipped catalogue says, the
// summary of its operation, or what its words say.
func newDraft(e entry) draft {
	if shipped, ok := mapping.Default().Catalogue().Lookup(e.code); ok && len(shipped.Sentences) > 0 {
		return draft{e.code, shipped.Title, templates(shipped.Sentences), templates(shipped.Attempts)}
	}
	title, sentence := catalogue.Draft(e.code, e.target)
	if told := titleOf(e.summary, e.code); told != "" {
		title = told
	}
	return draft{code: e.code, title: title, sentences: []string{sentence}}
}

func templates(sentences []catalogue.Sentence) []string {
	var all []string
	for _, s := range sentences {
		all = append(all, s.Text)
	}
	return all
}

// byResource puts the drafts of one resource together.
func byResource(all []draft) [][]draft {
	var groups [][]draft
	for _, e := range all {
		if n := len(groups); n > 0 && topResource(groups[n-1][0].code) == topResource(e.code) {
			groups[n-1] = append(groups[n-1], e)
		} else {
			groups = append(groups, []draft{e})
		}
	}
	return groups
}

func topResource(code activitylog.Code) string {
	top, _, _ := strings.Cut(code.Resource(), ".")
	return top
}

// eventLines returns the lines of entries below events.
func eventLines(events []draft, indent string) []string {
	var lines []string
	for _, e := range events {
		lines = append(lines,
			indent+string(e.code)+":",
			indent+"  title: "+title(e.title),
			indent+"  sentence: "+quotedList(e.sentences))
		if len(e.attempts) > 0 {
			lines = append(lines, indent+"  attempt: "+quotedList(e.attempts))
		}
	}
	return lines
}

// quotedList returns one text, or several in brackets.
func quotedList(texts []string) string {
	if len(texts) == 1 {
		return quoted(texts[0])
	}
	return "[" + strings.Join(mapped(texts, quoted), ", ") + "]"
}

const longTitle = 5 // words

// titleOf makes a title of the summary of an OpenAPI operation: "Issue locked"
// of "Lock an issue". It is empty unless the summary is a plain command with
// the code's verb: what says more, or something else, would not read well.
func titleOf(summary string, code activitylog.Code) string {
	words := strings.Fields(strings.TrimSuffix(summary, "."))
	if len(words) < 2 || infer.Past(strings.ToLower(words[0])) != code.Verb() && plainVerbs[strings.ToLower(words[0])] != code.Verb() {
		return ""
	}
	object := words[1:]
	for len(object) > 0 && articles[strings.ToLower(object[0])] {
		object = object[1:]
	}
	if len(object) == 0 || len(object) > longTitle || slices.ContainsFunc(object, func(w string) bool {
		return prepositions[strings.ToLower(w)] || articles[strings.ToLower(w)]
	}) {
		return ""
	}
	text := strings.Join(object, " ") + " " + strings.ReplaceAll(code.Verb(), "_", " ")
	text = strings.ToUpper(text[:1]) + text[1:]
	if !titleText.MatchString(text) {
		return ""
	}
	return text
}

var articles = wordlist.Set(`a an the new existing`)
