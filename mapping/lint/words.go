package lint

import (
	"fmt"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// unusedWords finds the entries of words and verbs whose segment no route has.
func (l *linter) unusedWords() {
	used := make(map[string]bool)
	for _, q := range l.requests {
		for _, s := range q.template.Segments {
			used[strings.ToLower(s.Verb)] = true
			used[strings.ToLower(s.Word)] = true
			for part := range strings.SplitSeq(s.Word, ".") { // a procedure: users.invite
				used[strings.ToLower(part)] = true
			}
		}
	}
	check := func(what string, words document.Map[document.Text]) {
		for _, w := range words {
			if !used[strings.ToLower(strings.TrimPrefix(w.Key.Value, ":"))] {
				l.add(UnusedWord, w.Key.Pos, "%s: no route has a segment %q: drop the entry, or mend it", what, w.Key.Value)
			}
		}
	}
	check("words", l.doc.Words)
	check("verbs", l.doc.Verbs)
}

// unusedTenant finds a tenant that no route names: its events would be in the
// log of no tenant, where nobody looks for them.
func (l *linter) unusedTenant() {
	if l.doc.Tenant == nil || !l.doc.Tenant.Path.IsSet() {
		return
	}
	name := l.doc.Tenant.Path
	for _, q := range l.requests {
		if slices.Contains(q.template.Params, name.Value) {
			return
		}
	}
	l.add(UnusedTenant, name.Pos, "tenant: no route has a parameter %q, so no event has a tenant from there: name one that the routes have, or drop it", name.Value)
}

// sentences finds the codes of the file that nothing tells in a sentence.
func (l *linter) sentences() {
	for _, e := range l.doc.Events {
		code := activitylog.Code(e.Key.Value)
		if entry, _ := l.mapping.Catalogue().Lookup(code); len(entry.Sentences) > 0 {
			continue
		}
		_, sentence := catalogue.Draft(code, "")
		f := l.add(NoSentence, e.Key.Pos, "%s has no sentence: say in one what people will read", code)
		f.Fix = eventYAML(code, "    sentence: \""+sentence+"\"\n")
	}
}

// translations finds the codes of the file that lack a language, or a part of
// what they say in it, that others have.
func (l *linter) translations() {
	var languages []string
	for _, e := range l.doc.Events {
		if e.Value == nil {
			continue
		}
		for _, t := range e.Value.Translations {
			if !slices.Contains(languages, t.Key.Value) {
				languages = append(languages, t.Key.Value)
			}
		}
	}
	for _, language := range languages {
		var untold []document.Text // the codes that say nothing in it
		for _, e := range l.doc.Events {
			if e.Value != nil {
				if t, ok := e.Value.Translations.Get(language); ok && t != nil {
					l.translation(e, language, t)
					continue
				}
			}
			untold = append(untold, e.Key)
		}
		l.untranslated(untold, language)
	}
}

// untranslated is one finding for all of the codes: who begins with a language
// begins with one code of many.
func (l *linter) untranslated(codes []document.Text, language string) {
	switch n := len(codes); n {
	case 0:
	case 1:
		l.add(MissingTranslation, codes[0].Pos, "%s is not translated to %s, as others are: add it to its translations", codes[0].Value, language)
	default:
		var names []string
		for _, code := range codes[:min(n, namedCodes)] {
			names = append(names, code.Value)
		}
		list := strings.Join(names, ", ")
		if n > namedCodes {
			list += fmt.Sprintf(" and %d more", n-namedCodes)
		}
		l.add(MissingTranslation, codes[0].Pos, "%d codes are not translated to %s, as others are: add it to their translations: %s", n, language, list)
	}
}

const namedCodes = 5 // how many codes a finding names

func (l *linter) translation(e document.Entry[*document.Event], language string, t *document.Translation) {
	var missing []string
	lacks := func(what string, english, translated bool) {
		if english && !translated {
			missing = append(missing, what)
		}
	}
	lacks("title", e.Value.Title.IsSet(), t.Title.IsSet())
	lacks("sentence", len(e.Value.Sentence) > 0, len(t.Sentence) > 0)
	lacks("attempt", len(e.Value.Attempt) > 0, len(t.Attempt) > 0)
	if len(missing) > 0 {
		l.add(MissingTranslation, e.Key.Pos, "%s: its translation to %s has no %s", e.Key.Value, language, strings.Join(missing, " and no "))
	}
}
