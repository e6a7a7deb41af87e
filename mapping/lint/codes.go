package lint

import (
	"fmt"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/suggest"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// codesOf returns the codes of a rule with their places.
func codesOf(r *document.Route) []document.Text {
	var codes []document.Text
	if r.Code.IsSet() {
		codes = append(codes, r.Code)
	}
	for _, c := range r.Cases {
		codes = append(codes, c.Code)
	}
	return codes
}

// codes finds the codes that the catalogue does not have, each once. One that
// is no code of its own, because its verb is misspelt or not in the past
// tense, is one finding only.
func (l *linter) codes() {
	told := make(map[activitylog.Code]bool)
	check := func(code activitylog.Code, at document.Pos, whose string) {
		entry, known := l.mapping.Catalogue().Lookup(code)
		if known && entry.Code == code || told[code] {
			return
		}
		told[code] = true
		switch near := l.nearest(code); {
		case known:
			l.add(UnknownCode, at, "%s %s is a former name of %s: write that", whose, code, entry.Code)
		case near != "":
			l.add(UnknownCode, at, "%s %s is not in the catalogue: did you mean %s? If not, add it to events", whose, code, near)
		case infer.IsPast(code.Verb()):
			f := l.add(UnknownCode, at, "%s %s is not in the catalogue: add it to events, with a title and a sentence", whose, code)
			f.Fix = draftYAML(code)
		default:
			l.tense(string(code), code.Verb(), at)
		}
	}
	for _, r := range l.rules {
		for _, c := range codesOf(r.Value) {
			check(activitylog.Code(c.Value), c.Pos, "code")
		}
	}
	for i := range l.requests {
		if q := &l.requests[i]; !q.named() && q.Code != "" && l.doc.Infer.Value != "warn" { // which unmapped tells
			check(q.Code, l.place(q), q.name()+": the code")
		}
	}
}

// nearest returns the code of the catalogue that differs from code by a slip
// of the pen, in its resource or in its verb.
func (l *linter) nearest(code activitylog.Code) activitylog.Code {
	var verbs, resources []string
	for _, e := range l.mapping.Catalogue().Entries() {
		if e.Code.Resource() == code.Resource() {
			verbs = append(verbs, e.Code.Verb())
		}
		if e.Code.Verb() == code.Verb() {
			resources = append(resources, e.Code.Resource())
		}
	}
	if verb := suggest.Closest(code.Verb(), verbs); verb != "" {
		return activitylog.Code(code.Resource() + ":" + verb)
	}
	if resource := suggest.Closest(code.Resource(), resources); resource != "" {
		return activitylog.Code(resource + ":" + code.Verb())
	}
	return ""
}

func draftYAML(code activitylog.Code) string {
	title, sentence := catalogue.Draft(code, "")
	return eventYAML(code, fmt.Sprintf("    title: %s\n    sentence: %q\n", title, sentence))
}

// unusedCodes finds the codes of the file that neither a rule nor inference
// gives to a request; those of the shipped catalogue only if the file asks for it.
func (l *linter) unusedCodes() {
	cat := l.mapping.Catalogue()
	emitted := make(map[activitylog.Code]bool)
	for _, r := range l.rules { // one that no route reaches is found as such
		for _, c := range codesOf(r.Value) {
			emitted[cat.Current(activitylog.Code(c.Value))] = true
		}
	}
	for _, q := range l.requests {
		for _, c := range q.Cases {
			emitted[cat.Current(c.Code)] = true
		}
	}
	for _, e := range l.doc.Events {
		code := activitylog.Code(e.Key.Value)
		if entry, _ := cat.Lookup(code); !emitted[code] && entry.EmittedBy == "" {
			l.add(UnusedCode, e.Key.Pos, "%s is emitted by no route: drop it, map a route to it, or say emitted_by if a job or the like emits it", code)
		}
		emitted[code] = true
	}
	if l.doc.Catalogue.Value != "payments" {
		return
	}
	var unused []string
	for _, e := range cat.Entries() {
		if !emitted[e.Code] && e.EmittedBy == "" {
			unused = append(unused, string(e.Code))
		}
	}
	if len(unused) > 0 {
		l.add(UnusedCode, l.doc.Catalogue.Pos, "no route emits these codes of the shipped catalogue: %s: map routes to them, or leave catalogue out, which asks for none of them", strings.Join(unused, ", "))
	}
}

// tenses finds the verbs of the catalogue and of verbs that are not in the
// past tense.
func (l *linter) tenses() {
	for _, e := range l.doc.Events {
		l.tense(e.Key.Value, activitylog.Code(e.Key.Value).Verb(), e.Key.Pos)
	}
	for _, v := range l.doc.Verbs {
		l.tense(v.Value.Value, v.Value.Value, v.Value.Pos)
	}
}

// tense finds that the verb at the end of text is not in the past tense.
func (l *linter) tense(text, verb string, at document.Pos) {
	if infer.IsPast(verb) {
		return
	}
	better := "it must say what was done, as in updated"
	if past := infer.ToPast(verb); past != "" {
		better = "write " + strings.TrimSuffix(text, verb) + past
	}
	l.add(Tense, at, "%s: the verb %q is not in the past tense: %s", text, verb, better)
}
