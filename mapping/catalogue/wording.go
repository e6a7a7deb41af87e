package catalogue

import (
	"errors"
	"fmt"
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

func compile(e Entry) (compiled, error) {
	var errs []error
	if e.Severity < 0 || e.Severity > log.SeverityFatal4 {
		errs = append(errs, fmt.Errorf("%s: no log record has the severity %d", e.Code, e.Severity))
	}
	own, err := newWording(string(e.Code), Translation{e.Title, e.Sentences, e.Attempts}, english)
	errs = append(errs, err)
	translations, err := newTranslations(e)
	errs = append(errs, err)

	c := compiled{Entry: e, english: []*wording{own}, translated: make(map[string][]*wording, len(translations))}
	for tag := range translations {
		for t := tag; t != ""; t = parent(t) {
			if w := translations[t]; w != nil {
				c.translated[tag] = append(c.translated[tag], w)
			}
		}
		c.translated[tag] = append(c.translated[tag], own)
	}
	return c, errors.Join(errs...)
}

func newTranslations(e Entry) (map[string]*wording, error) {
	var errs []error
	translations := make(map[string]*wording, len(e.Translations))
	for _, tag := range slices.Sorted(maps.Keys(e.Translations)) {
		what := fmt.Sprintf("%s: translation %q", e.Code, tag)
		canonical, err := ParseTag(tag)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: translation: %w", e.Code, err))
			canonical = tag // which none is like
		}
		if canonical == English {
			errs = append(errs, fmt.Errorf("%s: English is what the entry itself says", what))
		}
		if translations[canonical] != nil {
			errs = append(errs, fmt.Errorf("%s: the language %s comes twice", what, canonical))
		}
		w, err := newWording(what, e.Translations[tag], styleOf(canonical))
		errs = append(errs, err)
		translations[canonical] = w
	}
	return translations, errors.Join(errs...)
}

func newWording(what string, t Translation, s *style) (*wording, error) {
	sentences, err := newLines(what, t.Sentences, s)
	attempts, err2 := newLines(what, t.Attempts, s)
	return &wording{t.Title, sentences, attempts}, errors.Join(err, err2)
}

func newLines(what string, sentences []Sentence, s *style) ([]line, error) {
	var lines []line
	var errs []error
	for _, sentence := range sentences {
		t, err := parseTemplate(sentence.Text, s)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", what, err))
			continue
		}
		lines = append(lines, line{sentence.When, t})
	}
	return lines, errors.Join(errs...)
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
			b = l.style.appendChanges(b, e, l.tellsChange)
		}
		return b, true
	}
	return b[:start], false
}

func succeeded(e *activitylog.Event) bool { return e.Outcome == activitylog.Success || e.Outcome == "" }
