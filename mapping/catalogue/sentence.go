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

// Sentence returns e as an English sentence: by the first sentence of its
// code that holds and whose placeholders all have a value, or else by the
// grammar of codes. It returns one for every event, also on a nil Catalogue.
// The result is plain text on one line, valid UTF-8, of at most [MaxSentence]
// bytes.
func (c *Catalogue) Sentence(e *activitylog.Event) string { return c.SentenceIn(English, e) }

// SentenceIn returns e as a sentence in the language with that tag, as
// [Catalogue.Sentence] does. What is not translated to it is told in the next
// more general language (de for de-AT), at last in English.
func (c *Catalogue) SentenceIn(lang string, e *activitylog.Event) string {
	entry := c.find(e.Code)
	if entry != nil && entry.Code != e.Code {
		renamed := *e
		renamed.Code = entry.Code
		e = &renamed
	}
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	*buf = appendSentence((*buf)[:0], entry, lang, e)
	return finish(*buf)
}

// buffers are where sentences are put together. Values are bounded, so none
// grows much beyond its first size.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 512); return &b }}

func appendSentence(b []byte, entry *compiled, lang string, e *activitylog.Event) []byte {
	if entry != nil {
		for _, w := range entry.wordings(lang) {
			var ok bool
			if b, ok = w.append(b, e); ok {
				return b
			}
		}
	}
	if succeeded(e) {
		return english.appendChanges(appendGrammar(b, e), e, false)
	}
	return appendAttempt(b, e)
}

// appendAttempt tells of an event that was no success. Verbs are not
// conjugated for it: "tried to changed".
func appendAttempt(b []byte, e *activitylog.Event) []byte {
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

// misleads reports whether r breaks the line, cannot be seen or turns the
// direction of what follows, so that a name could pretend to be another or
// more than a name.
func misleads(r rune) bool {
	switch {
	case r >= 0x80 && r < 0xa0, // C1 controls, the next line among them
		r == 0x200b || r == 0xfeff, // spaces of no width
		r == 0x61c,                 // Arabic letter mark
		r == 0x200e || r == 0x200f, // direction marks
		r >= 0x2028 && r <= 0x202e, // line and paragraph separators, embeddings
		r >= 0x2060 && r <= 0x2069: // invisible operators, isolates
		return true
	}
	return false
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
