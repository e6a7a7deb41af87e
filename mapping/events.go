package mapping

import (
	"cmp"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/log"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// severities are the words for the severity of a log record.
var severities = map[string]log.Severity{
	"debug": log.SeverityDebug, "info": log.SeverityInfo, "warn": log.SeverityWarn,
	"error": log.SeverityError, "fatal": log.SeverityFatal,
}

// entries returns the events of a document as entries of a catalogue.
func (c *compiler) entries(d *document.Document) []catalogue.Entry {
	var entries []catalogue.Entry
	for _, e := range d.Events {
		entry := catalogue.Entry{Code: c.code(e.Key)}
		if e.Value != nil {
			c.fill(&entry, e.Key.Value, e.Value)
		}
		entries = append(entries, entry)
	}
	return entries
}

func (c *compiler) fill(entry *catalogue.Entry, name string, e *document.Event) {
	entry.Title = e.Title.Value
	entry.Sentences = c.sentences(e.Sentence, e.When, name+": sentence")
	entry.Attempts = c.sentences(e.Attempt, nil, name+": attempt")
	entry.Severity = severities[e.Severity.Value]
	entry.EmittedBy = e.EmittedBy.Value
	for _, alias := range e.Aliases {
		entry.Aliases = append(entry.Aliases, c.code(alias))
	}
	for _, t := range e.Translations {
		if _, err := catalogue.ParseTag(t.Key.Value); err != nil {
			c.Errorf(t.Key.Pos, "%s: %v", name, err)
			continue
		}
		if entry.Translations == nil {
			entry.Translations = make(map[string]catalogue.Translation)
		}
		what := name + ": " + t.Key.Value
		entry.Translations[t.Key.Value] = catalogue.Translation{
			Title:     t.Value.Title.Value,
			Sentences: c.sentences(t.Value.Sentence, e.When, what+": sentence"),
			Attempts:  c.sentences(t.Value.Attempt, nil, what+": attempt"),
		}
	}
}

// sentences compiles one sentence or several, of which the first that has all
// its values is used. outer is the condition of those that have none.
func (c *compiler) sentences(texts []document.Sentence, outer *document.When, what string) []catalogue.Sentence {
	var sentences []catalogue.Sentence
	for _, s := range texts {
		if s.Text.Value == "" {
			continue // which the reader has noted
		}
		if _, err := catalogue.ParseTemplate(s.Text.Value); err != nil {
			c.templateError(s.Text, what, err)
			continue
		}
		when := s.When
		if when == nil {
			when = outer
		}
		c.refuseValues(when, what)
		sentences = append(sentences, catalogue.Sentence{When: c.eventCondition(when), Text: s.Text.Value})
	}
	return sentences
}

func (c *compiler) templateError(t document.Text, what string, err error) {
	problem, ok := err.(*catalogue.TemplateError)
	if !ok {
		c.Errorf(t.Pos, "%s: %v", what, err)
		return
	}
	rest := t.Value[min(problem.Offset, len(t.Value)):]
	length := max(1, strings.IndexAny(rest, "|}")) // a placeholder's name
	c.Errorf(t.At(problem.Offset, length), "%s: %s", what, problem.Msg)
}

// refuseValues refuses the conditions that an event cannot answer: sentences
// are made again when the event is read, long after the request.
func (c *compiler) refuseValues(w *document.When, what string) {
	if w == nil {
		return
	}
	for _, list := range []document.Map[[]document.Text]{w.Request, w.Response, w.Item, w.Query, w.Header} {
		if len(list) > 0 {
			c.Errorf(list[0].Key.Pos, "%s: a sentence may depend on status, outcome and changed only: make it a code of its own, by cases", what)
		}
	}
}

// merge adds the base's entries to the file's. What the file does not say of a
// code, the base says.
func merge(own, base []catalogue.Entry) []catalogue.Entry {
	all := slices.Clone(own)
	at := make(map[activitylog.Code]int, len(own))
	for i, e := range own {
		at[e.Code] = i
	}
	for _, e := range base {
		i, ok := at[e.Code]
		if !ok {
			if !renamed(own, e.Code) {
				all = append(all, e)
			}
			continue
		}
		all[i].Title = cmp.Or(all[i].Title, e.Title)
		all[i].Severity = cmp.Or(all[i].Severity, e.Severity)
		all[i].EmittedBy = cmp.Or(all[i].EmittedBy, e.EmittedBy)
		if all[i].Sentences == nil {
			all[i].Sentences = e.Sentences
		}
		if all[i].Attempts == nil {
			all[i].Attempts = e.Attempts
		}
	}
	return all
}

// renamed reports whether the file makes code a former name of one of its own.
func renamed(own []catalogue.Entry, code activitylog.Code) bool {
	return slices.ContainsFunc(own, func(e catalogue.Entry) bool { return slices.Contains(e.Aliases, code) })
}

func lastPart(resource string) string { return resource[strings.LastIndexByte(resource, '.')+1:] }
