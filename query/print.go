package query

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// String returns the canonical text of q: equal queries print alike, and
// [Parse] makes the same query of it, whatever its Options.
func (q Query) String() string {
	var parts []string
	for rest := q.normal().Terms; len(rest) > 0; {
		var b strings.Builder
		rest = printOncePerKey(&b, rest)
		parts = append(parts, b.String())
	}
	text := strings.Join(parts, " AND ")
	text = appendTime(text, keyAfter, q.Since)
	return appendTime(text, keyBefore, q.Until)
}

// printOncePerKey prints the first term of each key and returns the others,
// which must stand behind an AND.
func printOncePerKey(b *strings.Builder, terms []Term) (rest []Term) {
	for i, t := range terms {
		if i > 0 && terms[i-1].Key == t.Key && terms[i-1].Negate == t.Negate {
			rest = append(rest, t)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		t.print(b)
	}
	return rest
}

func (t Term) print(b *strings.Builder) {
	if t.Negate {
		b.WriteByte('-')
	}
	b.WriteString(string(t.Key))
	b.WriteByte(':')
	for i, v := range t.Values {
		if i > 0 {
			b.WriteByte(',')
		}
		switch info, _ := lookup(string(t.Key)); {
		case info != nil && info.Kind == KindNumber:
			b.WriteString(numberText(v.Low, v.High))
		case v.Glob:
			b.WriteString(globText(v.Text))
		default:
			b.WriteString(plainText(v.Text))
		}
	}
}

func appendTime(text, key string, t time.Time) string {
	if t.IsZero() {
		return text
	}
	if text != "" {
		text += " "
	}
	return text + key + ":" + t.UTC().Format(time.RFC3339Nano)
}

func numberText(low, high int) string {
	switch {
	case low == high:
		return strconv.Itoa(low)
	case low%100 == 0 && high == low+99 && low >= 100 && low <= 900:
		return strconv.Itoa(low/100) + "xx"
	default:
		return strconv.Itoa(low) + ".." + strconv.Itoa(high)
	}
}

// globText quotes what must be quoted between the stars.
func globText(s string) string {
	pieces := strings.Split(s, "*")
	for i, piece := range pieces {
		if piece != "" {
			pieces[i] = plainText(piece)
		}
	}
	return strings.Join(pieces, "*")
}

var escaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func plainText(s string) string {
	if s != "" && strings.IndexFunc(s, needsQuotes) < 0 {
		return s
	}
	return `"` + escaper.Replace(s) + `"`
}

func needsQuotes(r rune) bool {
	return unicode.IsSpace(r) || isQuote(r) || strings.ContainsRune(",()*", r)
}
