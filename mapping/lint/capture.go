package lint

import (
	"fmt"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/internal/sensitive"
)

// A capture is a field of a request or response that a rule looks at.
type capture struct {
	at    document.Pos
	what  string // the key of the rule: target.name
	field string // a JSON pointer, or the name of a parameter or header
	kept  bool   // as it is, in the event
}

func (c *capture) isPointer() bool { return strings.HasPrefix(c.field, "/") }

// key is what classify would call the field.
func (c *capture) key() string {
	if names := c.path(); len(names) == 1 {
		return names[0]
	}
	return c.field
}

// path returns the names on the way to the field.
func (c *capture) path() []string {
	if p, err := pointer.Parse(c.field); err == nil {
		return p.Segments()
	}
	return []string{c.field}
}

// unclassified finds the captured fields that look personal or secret and of
// which nothing says what they are, each once.
func (l *linter) unclassified() {
	told := make(map[string]bool)
	for _, r := range l.rules {
		for _, c := range captures(&r) {
			class := sensitive.Looks(c.path())
			if class == "" || l.classified(&c) || covered(r.Value.Changes, &c) || told[pointer.FoldName(c.key())] {
				continue
			}
			told[pointer.FoldName(c.key())] = true
			l.sensitive(&c, class)
		}
		l.wholeBody(&r)
	}
	for i := range l.requests {
		if q := &l.requests[i]; !q.named() && q.Code != "" {
			for _, c := range parameters(q.template, l.place(q), q.name()) {
				if class := sensitive.Looks(c.path()); class != "" && !l.classified(&c) && !told[pointer.FoldName(c.field)] {
					told[pointer.FoldName(c.field)] = true
					l.sensitive(&c, class)
				}
			}
		}
	}
}

// parameters returns what the path of a request with this route tells, which an
// event keeps in url.path, and in its target or tenant.
func parameters(t route.Template, at document.Pos, what string) []capture {
	var found []capture
	for _, name := range t.Params {
		if !sensitive.NamesCollection(t, name) {
			found = append(found, capture{at, what, name, false})
		}
	}
	return found
}

func (l *linter) sensitive(c *capture, class sensitive.Class) {
	if class == sensitive.Secret && c.kept {
		l.add(Unclassified, c.at, "%s: %s looks secret, and an event would keep it: take something else, or say in classify that it is public", c.what, c.field)
		return
	}
	f := l.add(Unclassified, c.at, "%s: %s looks %s: say in classify what it is, public if it only looks so", c.what, c.field, class)
	f.Fix = fmt.Sprintf("classify:\n  %s: %s\n", c.key(), class)
}

// wholeBody finds the rule that makes changes of whatever a client sends.
func (l *linter) wholeBody(r *rule) {
	c := r.Value.Changes
	if c == nil || c.From.Value != "request" || len(c.Track)+len(c.Secret) > 0 {
		return
	}
	for _, e := range l.doc.Classify {
		if e.Value.Value == string(sensitive.Secret) {
			return
		}
	}
	l.add(Unclassified, c.From.Pos, "changes.from: every field that a client sends is kept, unless its name says that it is a secret: name the fields in track, or those that are secret in secret or classify")
}

// captures returns what a rule looks at, in the order of its keys.
func captures(r *rule) []capture {
	var found []capture
	add := func(at document.Pos, what, field string, kept bool) {
		found = append(found, capture{at, what, field, kept})
	}
	values := func(what string, texts []document.Text) {
		for _, t := range texts {
			from, field, _ := strings.Cut(t.Value, ".")
			if from != "path" || !sensitive.NamesCollection(r.template, field) {
				add(t.Pos, what, field, true)
			}
		}
	}
	tests := func(what string, m document.Map[[]document.Text]) {
		for _, t := range m {
			add(t.Key.Pos, what, t.Key.Value, false)
		}
	}
	pointers := func(what string, texts []document.Text) {
		for _, t := range texts {
			add(t.Pos, what, t.Value, false)
		}
	}
	for _, c := range r.Value.Cases {
		if w := c.When; w != nil {
			pointers("when.changed", w.Changed)
			tests("when.request", w.Request)
			tests("when.response", w.Response)
			tests("when.item", w.Item)
			tests("when.query", w.Query)
			tests("when.header", w.Header)
		}
	}
	values("tenant", r.Value.Tenant)
	values("operation", r.Value.Operation)
	targets := r.Value.Targets
	if r.Value.Target != nil {
		targets = append([]*document.Target{r.Value.Target}, targets...)
	}
	for _, t := range targets {
		values("target.id", t.ID)
		values("target.name", t.Name)
	}
	if result := r.Value.Result; result != nil {
		for _, kept := range []struct {
			what  string
			texts []document.Text
		}{{"result.status", result.Status}, {"result.reason", result.Reason}, {"result.type", result.Type}} {
			for _, t := range kept.texts {
				add(t.Pos, kept.what, t.Value, true)
			}
		}
		pointers("result.error", result.Error)
	}
	if r.Value.Changes != nil {
		pointers("changes.track", r.Value.Changes.Track)
	}
	if !r.Value.Ignore.IsSet() {
		found = append(found, parameters(r.template, r.Key.Pos, "route")...)
	}
	return found
}

// classified reports whether the file says what a field is: by its name, or by
// that of what it is a part of.
func (l *linter) classified(c *capture) bool {
	for _, e := range l.doc.Classify {
		if p, err := pointer.Parse(e.Key.Value); err == nil {
			if c.isPointer() && p.Covers(c.field) {
				return true
			}
			continue
		}
		for _, name := range c.path() {
			if pointer.FoldName(name) == pointer.FoldName(e.Key.Value) {
				return true
			}
		}
	}
	return false
}

// covered reports whether the changes of a rule leave a field out or hide it.
func covered(c *document.Changes, field *capture) bool {
	if c == nil || !field.isPointer() {
		return false
	}
	for _, list := range [][]document.Text{c.Ignore, c.Secret} {
		for _, t := range list {
			if p, err := pointer.Parse(t.Value); err == nil && p.Covers(field.field) {
				return true
			}
		}
	}
	return false
}
