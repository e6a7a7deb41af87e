package mapping

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/diff"
	"github.com/activitylog-go/activitylog/mapping/internal/body"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

// changes says what becomes of the changes of an event.
type changes struct {
	fromRequest           bool
	track, ignore, secret []pointer.Pattern
	classes               *classes
}

func (c *routeCompiler) changes(known *classes) changes {
	made := changes{classes: known}
	spec := c.spec.Changes
	if spec == nil {
		return made
	}
	made.track = c.pointers(spec.Track, "changes.track")
	made.ignore = c.pointers(spec.Ignore, "changes.ignore")
	made.secret = c.pointers(spec.Secret, "changes.secret")
	if made.fromRequest = spec.From.Value == "request"; made.fromRequest {
		c.reads(fromRequest)
	}
	for _, t := range spec.Track {
		if slices.ContainsFunc(spec.Ignore, func(i document.Text) bool { return i.Value == t.Value }) {
			c.Errorf(t.Pos, "changes: %s is both tracked and ignored", t.Value)
		}
	}
	return made
}

// refuseSecrets refuses to put a value that the file calls secret into an event.
func (c *routeCompiler) refuseSecrets(known *classes) {
	secret := changes{classes: known, secret: c.rule.changes.secret}
	check := func(texts []document.Text, what string) {
		for _, t := range texts {
			from, at, ok := strings.Cut(t.Value, ".")
			at = pointerOf(at)
			if ok && secret.declaresSecret(at) || origin(from) == fromItem && secret.declaresSecret(c.rule.element()+at) ||
				origin(from) == fromResult && c.rule.result != nil && secret.declaresSecret(c.rule.result.place(c.rule.each)+at) {
				c.Errorf(t.Pos, "%s: %s is secret by this file, and an event would keep it: take something else", what, at)
			}
		}
	}
	check(c.spec.Tenant, "tenant")
	check(c.spec.Operation, "operation")
	for _, t := range c.spec.AllTargets() {
		check(t.ID, "target.id")
		check(t.Name, "target.name")
	}
	if spec := c.spec.Result; spec != nil {
		base := c.rule.result.place(c.rule.each)
		for _, texts := range [][]document.Text{spec.Status, spec.Reason, spec.Type} {
			for _, t := range texts {
				if secret.declaresSecret(base + t.Value) {
					c.Errorf(t.Pos, "result: %s is secret by this file, and an event would keep it: take something else", t.Value)
				}
			}
		}
	}
}

// apply makes of the changes that the handler has told those that the event keeps.
func (ch *changes) apply(e *activitylog.Event, v *view) {
	if len(e.Changes) == 0 && ch.fromRequest {
		at, doc := v.set()
		ch.collect(e, at, doc)
	}
	if len(e.Changes) == 0 {
		return
	}
	e.Changes = slices.DeleteFunc(e.Changes, func(c activitylog.Change) bool { return !ch.keeps(pointerOf(c.Path)) })
	for i := range e.Changes {
		c := &e.Changes[i]
		switch at := pointerOf(c.Path); {
		case c.Redacted:
			c.Old, c.New = fingerprint(c.Old), fingerprint(c.New)
		case isRemainder(c): // its path is above all that is secret
		case ch.isSecret(at) || ch.holdsSecret(at, c):
			*c = activitylog.Change{Path: c.Path, Redacted: true}
		}
	}
}

// pointerOf returns the pointer that a handler means by the path of a change:
// one that says "token" or "/" must not get past what the file says of /token.
func pointerOf(path string) string {
	if path = strings.Trim(path, "/"); path == "" {
		return ""
	}
	return "/" + path
}

// fingerprint returns the value of a redacted change if it may be kept.
func fingerprint(value json.RawMessage) json.RawMessage {
	if diff.IsFingerprint(value) {
		return value
	}
	return nil
}

// isRemainder reports whether a change says of the whole document only that
// there is more than was kept.
func isRemainder(c *activitylog.Change) bool {
	return diff.Change(*c).More() > 0 || c.Path == "" && c.Truncated && len(c.Old)+len(c.New) == 0
}

// keeps reports whether a change at a pointer is wanted.
func (ch *changes) keeps(at string) bool {
	covers := func(p pointer.Pattern) bool { return p.Covers(at) }
	if slices.ContainsFunc(ch.ignore, covers) {
		return false
	}
	return len(ch.track) == 0 || slices.ContainsFunc(ch.track, func(p pointer.Pattern) bool {
		return p.Covers(at) || p.Below(at)
	})
}

func (ch *changes) isSecret(at string) bool { return ch.classes.isSecret(at) || ch.names(at) }

// declaresSecret reports whether the file itself says that a field is secret.
func (ch *changes) declaresSecret(at string) bool {
	return ch.classes.secret.holds(at, segments(at)) || ch.names(at)
}

// names reports whether the route's secret pointers name a field, or what is in it.
func (ch *changes) names(at string) bool {
	return slices.ContainsFunc(ch.secret, func(p pointer.Pattern) bool { return p.Covers(at) || p.Below(at) })
}

// holdsSecret reports whether a value of a change has a field in it that is secret.
func (ch *changes) holdsSecret(at string, c *activitylog.Change) bool {
	for _, text := range [][]byte{c.Old, c.New} {
		if len(text) == 0 {
			continue
		}
		doc, ok := body.Parse(text, false)
		if !ok || ch.secretBelow(at, doc, maxFieldDepth) {
			return true
		}
	}
	return false
}

// secretBelow reports whether a part of doc, which is the field at a pointer,
// is secret. What lies deeper than anybody looks is taken for it.
func (ch *changes) secretBelow(at string, doc body.Document, depth int) bool {
	found := false
	parts(doc, func(key string, part body.Document) bool {
		below := at + "/" + key
		found = depth == 0 || ch.isSecret(below) || ch.secretBelow(below, part, depth-1)
		return !found
	})
	return found
}

// The limits of changes that are taken from a body.
const (
	maxFields     = 100
	maxFieldDepth = 16
)

// collect makes a change of every plain value below doc, which stands at a pointer.
func (ch *changes) collect(e *activitylog.Event, at string, doc body.Document) {
	leaf := true
	parts(doc, func(key string, part body.Document) bool {
		leaf = false
		if strings.Count(at, "/") >= maxFieldDepth || len(e.Changes) == maxFields {
			e.Truncated = true
			return false
		}
		if below := at + "/" + key; ch.keeps(below) {
			ch.collect(e, below, part)
		}
		return true
	})
	if leaf && at != "" && doc.Exists() {
		e.Changes = append(e.Changes, activitylog.Change{Path: at, New: slices.Clone(doc.JSON())})
	}
}

// parts calls f for each member of an object or element of an array, with its
// key as a segment of a pointer, until f returns false.
func parts(doc body.Document, f func(key string, part body.Document) bool) {
	for key, part := range doc.Members() {
		if !f(pointer.Escape(key), part) {
			return
		}
	}
	i := 0
	for part := range doc.Elements() {
		if !f(strconv.Itoa(i), part) {
			return
		}
		i++
	}
}
