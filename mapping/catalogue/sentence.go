package catalogue

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	activitylog "github.com/activitylog-go/activitylog"
)

// MaxSentence is the length in bytes of the longest sentence.
const MaxSentence = 1024

// Sentence returns e as an English sentence: by the first template of its
// code whose placeholders all have a value, or else by the grammar of codes.
// It returns one for every event, also on a nil Catalogue. The result is
// plain text on one line, valid UTF-8, of at most [MaxSentence] bytes.
func (c *Catalogue) Sentence(e *activitylog.Event) string {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	*buf = appendSentence((*buf)[:0], c.find(e.Code), e)
	return finish(*buf)
}

// buffers are where sentences are put together. Values are bounded, so none
// grows much beyond its first size.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 512); return &b }}

func appendSentence(b []byte, entry *compiled, e *activitylog.Event) []byte {
	if e.Outcome != activitylog.Success && e.Outcome != "" {
		return appendAttempt(b, entry, e)
	}
	b, ok, tells := appendFirst(b, entry.templates(true), e)
	if !ok {
		b = appendGrammar(b, e)
	}
	return appendChanges(b, e, tells)
}

// templates returns those for a success or for an attempt.
func (e *compiled) templates(success bool) []Template {
	switch {
	case e == nil:
		return nil
	case success:
		return e.sentences
	default:
		return e.attempts
	}
}

// appendFirst appends the first template that has all its values, and
// reports whether it tells a change.
func appendFirst(b []byte, templates []Template, e *activitylog.Event) (_ []byte, ok, tells bool) {
	start := len(b)
	for _, t := range templates {
		if b, ok = t.append(b[:start], e); ok {
			return b, true, t.tellsChange
		}
	}
	return b[:start], false, false
}

// appendAttempt tells of an event that was no success. Verbs are not
// conjugated for it: "tried to changed".
func appendAttempt(b []byte, entry *compiled, e *activitylog.Event) []byte {
	b, ok, _ := appendFirst(b, entry.templates(false), e)
	if ok {
		return b
	}
	switch e.Outcome {
	case activitylog.Denied:
		b = append(b, "Denied: "...)
	case activitylog.Failure:
		b = append(b, "Failed: "...)
	default:
		b = append(b, "Unknown outcome: "...)
	}
	b = appendText(b, string(e.Code), maxValue)
	b = append(b, " — "...)
	b = appendActor(b, e)
	if name := first(targetName(e), underscores.Replace(e.Target().Type)); name != "" {
		b = append(b, " on "...)
		b = appendText(b, name, maxValue)
	}
	if e.HTTP.Status == 0 && e.Reason == "" {
		return b
	}
	b = append(b, " ("...)
	if e.HTTP.Status != 0 {
		b = strconv.AppendInt(b, int64(e.HTTP.Status), 10)
		if e.Reason != "" {
			b = append(b, ' ')
		}
	}
	b = appendText(b, e.Reason, maxValue)
	return append(b, ')')
}

// appendChanges tells one change in full and of several how many there are.
func appendChanges(b []byte, e *activitylog.Event, told bool) []byte {
	switch n := len(e.Changes); {
	case n > 1:
		b = append(b, " · "...)
		b = strconv.AppendInt(b, int64(n), 10)
		return append(b, " fields"...)
	case n == 0 || told:
		return b
	}
	c := &e.Changes[0]
	b = append(b, " · "...)
	b = appendText(b, fieldName(c.Path), maxJSONValue)
	switch {
	case c.Redacted || c.Truncated || len(c.Old) == 0 && len(c.New) == 0:
		return append(b, " changed"...)
	case len(c.New) == 0:
		return append(b, " removed"...)
	case len(c.Old) == 0:
		return appendJSON(append(b, ": "...), c.New)
	}
	b = appendJSON(append(b, ": "...), c.Old)
	return appendJSON(append(b, " → "...), c.New)
}

// misleads reports whether r breaks the line or turns the direction of what
// follows, so that a name could pretend to be more than a name.
func misleads(r rune) bool {
	return r >= 0x80 && r < 0xa0 || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

var underscores = strings.NewReplacer("_", " ")

func finish(b []byte) string {
	s := activitylog.Text(string(b))
	if !isASCII(s) && strings.IndexFunc(s, misleads) >= 0 {
		s = strings.Map(func(r rune) rune {
			if misleads(r) {
				return ' '
			}
			return r
		}, s)
	}
	if len(s) <= MaxSentence {
		return s
	}
	n := MaxSentence - len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// isASCII reports whether there can be nothing in s that misleads.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
