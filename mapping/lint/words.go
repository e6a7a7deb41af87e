package lint

import (
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

// sentences finds the codes of the file that nothing tells in a sentence.
func (l *linter) sentences() {
	for _, e := range l.doc.Events {
		code := activitylog.Code(e.Key.Value)
		if entry, _ := l.mapping.Catalogue().Lookup(code); len(entry.Sentences) > 0 {
			continue
		}
		_, sentence := catalogue.Draft(code)
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
	for _, e := range l.doc.Events {
		for _, language := range languages {
			var t *document.Translation
			if e.Value != nil {
				t, _ = e.Value.Translations.Get(language)
			}
			l.translation(e, language, t)
		}
	}
}

func (l *linter) translation(e document.Entry[*document.Event], language string, t *document.Translation) {
	if t == nil {
		l.add(MissingTranslation, e.Key.Pos, "%s is not translated to %s, as others are: add it to its translations", e.Key.Value, language)
		return
	}
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
