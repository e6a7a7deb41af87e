package catalogue

import (
	"maps"
	"slices"

	"go.opentelemetry.io/otel/log"

	activitylog "github.com/activitylog-go/activitylog"
)

// A wording is what an entry says in one language.
type wording struct {
	title     string
	sentences []line
	attempts  []line
}

// A line is a sentence, compiled.
type line struct {
	when Condition
	Template
}

func (p *problems) compile(e Entry) compiled {
	at := EntryError{Code: e.Code}
	if e.Severity < 0 || e.Severity > log.SeverityFatal4 {
		p.add(at, "no log record has the severity %d", e.Severity)
	}
	own := p.wording(at, Translation{e.Title, e.Sentences, e.Attempts}, english)
	translations := p.translations(e)
	c := compiled{Entry: e, english: []*wording{own}, translated: make(map[string][]*wording, len(translations))}
	for tag := range translations {
		for t := tag; t != ""; t = parent(t) {
			if w := translations[t]; w != nil {
				c.translated[tag] = append(c.translated[tag], w)
			}
		}
		c.translated[tag] = append(c.translated[tag], own)
	}
	return c
}

func (p *problems) translations(e Entry) map[string]*wording {
	translations := make(map[string]*wording, len(e.Translations))
	for _, tag := range slices.Sorted(maps.Keys(e.Translations)) {
		at := EntryError{Code: e.Code, Language: tag}
		canonical, err := ParseTag(tag)
		switch {
		case err != nil:
			p.add(at, "%w", err)
			canonical = tag // which none is like
		case canonical == English:
			p.add(at, "English is what the entry itself says")
		case translations[canonical] != nil:
			p.add(at, "the language %s comes twice", canonical)
		}
		translations[canonical] = p.wording(at, e.Translations[tag], styleOf(canonical))
	}
	return translations
}

func (p *problems) wording(at EntryError, t Translation, s *style) *wording {
	return &wording{t.Title, p.lines(at, t.Sentences, s), p.lines(at, t.Attempts, s)}
}

func (p *problems) lines(at EntryError, sentences []Sentence, s *style) []line {
	var lines []line
	for _, sentence := range sentences {
		t, err := parseTemplate(sentence.Text, s)
		if err != nil {
			p.add(at, "%w", err)
			continue
		}
		lines = append(lines, line{sentence.When, t})
	}
	return lines
}

// append appends the first sentence that holds and has all its values, with
// the changes that it does not tell, and reports whether there is one.
func (w *wording) append(b []byte, e *activitylog.Event) ([]byte, bool) {
	success := succeeded(e)
	lines := w.attempts
	if success {
		lines = w.sentences
	}
	start := len(b)
	for i := range lines {
		l := &lines[i]
		if !l.when.Holds(e) {
			continue
		}
		var ok bool
		if b, ok = l.Template.append(b[:start], e); !ok {
			continue
		}
		if success {
			b = l.style.appendChanges(b, e, len(l.fields) > 0)
		}
		return b, true
	}
	return b[:start], false
}

func succeeded(e *activitylog.Event) bool { return e.Outcome == activitylog.Success || e.Outcome == "" }
