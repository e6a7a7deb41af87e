package activitylog

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"

	"github.com/activitylog-go/activitylog/internal/secret"
)

// The limits that [Event.Clean] keeps, in bytes and in number.
const (
	MaxString     = 8 << 10  // one string
	MaxUserAgent  = 512      // Source.UserAgent: clients choose it, and each of their events has it
	MaxEvent      = 64 << 10 // all strings of an event together
	MaxAttributes = 64       // what the application adds; the SDK drops beyond 128 in all
)

// Clean makes every string of e valid UTF-8 without NUL and keeps e within
// the limits, setting Truncated if something had to be cut or dropped. One
// invalid byte would otherwise cost the whole batch that carries the event:
// protobuf refuses it. What identifies the event is kept first, the
// application's attributes and the changes give way last come, first cut.
//
// Clean also puts "[redacted]" in place of what looks like a secret, wherever
// it is: keys and tokens of well-known makers, JSON Web Tokens, private keys,
// payment card numbers, credentials in URLs, what a text or the name of an
// attribute calls a password. The attribute [AttrRedacted] counts them.
func (e *Event) Clean() {
	c := cleaner{left: MaxEvent}
	if isID(e.ID) {
		c.left -= len(e.ID)
	} else if c.text(&e.ID); c.redacted > 0 {
		e.ID = NewID() // all such events would have the same
	}
	named := e.EventName == string(e.Code)
	if c.text((*string)(&e.Code)); named {
		e.EventName = string(e.Code)
		c.left -= len(e.EventName)
	} else {
		c.text(&e.EventName)
	}
	c.text((*string)(&e.Outcome))
	c.text(&e.Tenant)
	c.text(&e.Actor.ID)
	c.text((*string)(&e.Actor.Type))
	c.text(&e.Actor.Name)
	c.text(&e.Actor.Email)
	c.text(&e.Actor.OnBehalfOf.ID)
	c.text(&e.Actor.OnBehalfOf.Name)
	c.plain(&e.TraceID)
	c.plain(&e.SpanID)
	c.text(&e.Service)
	c.text(&e.Stream)
	c.plain(&e.Salt)
	c.text(&e.HTTP.Method)
	c.text(&e.HTTP.Route)
	c.text(&e.HTTP.Path)
	c.text(&e.Source.ClientAddress)
	c.text(&e.Source.PeerAddress)
	c.upTo(&e.Source.UserAgent, MaxUserAgent)
	c.text(&e.Source.SessionID)
	c.text(&e.Source.RequestID)
	c.text(&e.ErrorType)
	c.text(&e.Reason)
	c.text(&e.Summary)
	c.targets(&e.Targets)
	c.attributes(&e.Attributes)
	c.changes(&e.Changes)
	e.Truncated = e.Truncated || c.cut
	c.tell(&e.Attributes)
}

// AttrRedacted is the name of the attribute that says how many secrets
// [Event.Clean] has found in the event.
const AttrRedacted = "secrets.redacted"

// itemCost is what a target, a change or an attribute counts for in MaxEvent
// besides its strings, so that a great many empty ones do not pass.
const itemCost = 32

// A cleaner hands out what is left of an event's MaxEvent bytes.
type cleaner struct {
	left     int
	cut      bool
	redacted int // secrets found
}

// text cleans what may be anything.
func (c *cleaner) text(s *string) { c.upTo(s, MaxString) }

func (c *cleaner) upTo(s *string, most int) {
	if *s == "" {
		return
	}
	if clean := Text(*s); clean != *s {
		*s = clean
	}
	c.redact(s)
	if limit := min(most, c.left); len(*s) > limit {
		*s, c.cut = cutText(*s, limit), true
		for c.redact(s) && len(*s) > limit { // the end of a longer number can be a card's
			*s = cutText(*s, limit)
		}
	}
	c.left -= len(*s)
}

// redact takes the secrets out of s and reports whether it has any. It does so
// before s is cut: half a secret is not recognised.
func (c *cleaner) redact(s *string) bool {
	clean, n := secret.Redact(*s)
	if n == 0 {
		return false
	}
	*s = clean
	c.redacted += n
	return true
}

// plain cleans what is random by nature and no secret.
func (c *cleaner) plain(s *string) {
	*s = Text(*s)
	if limit := min(MaxString, c.left); len(*s) > limit {
		*s, c.cut = cutText(*s, limit), true
	}
	c.left -= len(*s)
}

// tell says in an attribute, if there is room for one, how many secrets were found.
func (c *cleaner) tell(attrs *Attributes) {
	if c.redacted == 0 {
		return
	}
	before, told := attrs.Get(AttrRedacted)
	if told || len(*attrs) < MaxAttributes && c.left >= itemCost+len(AttrRedacted) {
		attrs.Set(AttrRedacted, int64(c.redacted)+before.AsInt64())
	}
}

func (c *cleaner) targets(targets *[]Target) {
	for i := range *targets {
		if c.left <= 0 {
			*targets, c.cut = (*targets)[:i], true
			return
		}
		c.left -= itemCost
		t := &(*targets)[i]
		c.text(&t.Type)
		c.text(&t.ID)
		c.text(&t.Name)
	}
}

func (c *cleaner) attributes(attrs *Attributes) {
	var kept Attributes
	for _, kv := range *attrs {
		name := string(kv.Key)
		c.text(&name)
		if name == "" || len(kept) == MaxAttributes || c.left <= 0 {
			c.cut = true
			continue
		}
		c.left -= itemCost
		kv.Key = attribute.Key(name)
		kv.Value = plainValue(kv.Value)
		if kv.Value.Type() == attribute.STRING {
			value := kv.Value.AsString()
			if secret.Named(name, value) {
				value = secret.Mark
				c.redacted++
			}
			c.text(&value)
			kv.Value = attribute.StringValue(value)
		} else if secret.IsCard(whole(kv.Value)) {
			kv.Value = attribute.StringValue(secret.Mark)
			c.redacted++
			c.left -= len(secret.Mark)
		}
		kept.set(kv) // cleaning may have made two names the same
	}
	*attrs = kept
}

// whole returns the whole number that v is, or 0.
func whole(v attribute.Value) int64 {
	switch v.Type() {
	case attribute.INT64:
		return v.AsInt64()
	case attribute.FLOAT64:
		if f := v.AsFloat64(); math.Abs(f) < 1<<53 {
			return int64(f)
		}
	}
	return 0
}

func (c *cleaner) changes(changes *[]Change) {
	for i := range *changes {
		if c.left <= 0 {
			*changes, c.cut = (*changes)[:i], true
			return
		}
		c.left -= itemCost
		ch := &(*changes)[i]
		c.text(&ch.Path)
		if !c.value(&ch.Old) || !c.value(&ch.New) {
			ch.Old, ch.New, ch.Truncated = nil, nil, true
		}
		c.cut = c.cut || ch.Truncated // also if it was so before
	}
}

// value cleans a JSON text and reports whether it may stay. Half a JSON text
// is none, so it stays whole or not at all.
func (c *cleaner) value(v *json.RawMessage) bool {
	if *v == nil {
		return true
	}
	limit := min(MaxString, c.left)
	if len(*v) > limit || !json.Valid(*v) {
		return len(*v) == 0
	}
	if !utf8.Valid(*v) {
		*v = bytes.ToValidUTF8(*v, []byte("\uFFFD"))
	}
	if bytes.Contains(*v, []byte(`\u`)) {
		*v = replaceEscapes(*v)
	}
	if clean, n := secret.RedactJSON(*v); n > 0 {
		*v = clean
		c.redacted += n
	}
	c.left -= len(*v)
	return len(*v) <= limit
}

// Text returns s as valid UTF-8 without NUL: what is neither is replaced by
// U+FFFD, so that a reader sees that something was there.
func Text(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// isPlain reports whether s is ASCII without NUL, as most strings are. Every
// string of every event passes here, so it looks at eight bytes at once: the
// first mask finds bytes above 127, the second one (a byte borrows from its
// neighbour only if it is 0) those that are NUL.
func isPlain(s string) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; len(s) >= 8; s = s[8:] {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if w&tops != 0 || (w-ones)&tops != 0 {
			return false
		}
	}
	for i := range len(s) {
		if s[i] == 0 || s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cutText returns the longest prefix of s of at most n bytes that does not
// end inside a character.
func cutText(s string, n int) string {
	n = max(n, 0)
	for n > 0 && n < len(s) && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.Clone(s[:n]) // do not keep the rest in memory
}

// replaceEscapes replaces, in a JSON text, the escapes that stand for no
// character or for NUL by U+FFFD. They are valid JSON, but PostgreSQL's jsonb
// refuses them.
func replaceEscapes(v json.RawMessage) json.RawMessage {
	out := make(json.RawMessage, 0, len(v))
	for len(v) > 0 {
		n := 1
		if v[0] == '\\' {
			n = 2 // \\u0000 is a backslash and five letters
			if r := escaped(v); r >= 0 {
				n = 6
				if utf16.DecodeRune(r, escaped(v[6:])) != utf8.RuneError {
					n = 12
				} else if r == 0 || utf16.IsSurrogate(r) {
					out, v = append(out, `\ufffd`...), v[n:]
					continue
				}
			}
		}
		out, v = append(out, v[:n]...), v[n:]
	}
	return out
}

// escaped returns the code unit of the escape \uXXXX that v begins with, or -1.
func escaped(v []byte) rune {
	if len(v) < 6 || v[0] != '\\' || v[1] != 'u' {
		return -1
	}
	r, err := strconv.ParseUint(string(v[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(r)
}
