package viewer

import (
	"fmt"
	"strings"
	"unicode"
)

// visible returns s with every character that would act instead of being seen
// replaced by a sign for it. Everything that is shown is the attacker's to
// choose, and an override of the direction of writing makes one name look
// like another.
func visible(s string) string {
	if strings.IndexFunc(s, acts) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !acts(r):
			b.WriteRune(r)
		case r < 0x20:
			b.WriteRune(0x2400 + r) // ␊ for a line feed
		case r == 0x7f:
			b.WriteRune('␡')
		default:
			fmt.Fprintf(&b, "‹U+%04X›", r)
		}
	}
	return b.String()
}

// visibleJSON is visible for a JSON text: what acts is escaped as JSON does it,
// so that a copy of the text is still the same value.
func visibleJSON(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || !acts(r):
			b.WriteRune(r)
		case r > 0xffff:
			hi, lo := surrogates(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func surrogates(r rune) (hi, lo rune) {
	r -= 0x10000
	return 0xd800 + r>>10, 0xdc00 + r&0x3ff
}

// acts reports whether r is a control or format character. Joiners stay:
// Persian, Indic scripts and emoji are written with them.
func acts(r rune) bool {
	const zwnj, zwj, softHyphen = 0x200c, 0x200d, 0xad
	switch r {
	case zwnj, zwj:
		return false
	case softHyphen, 0x2028, 0x2029: // line and paragraph separator
		return true
	}
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r)
}

// initials returns one or two letters that stand for a name.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	switch len(words) {
	case 0:
		return "?"
	case 1:
		return firstLetter(words[0])
	default:
		return firstLetter(words[0]) + firstLetter(words[len(words)-1])
	}
}

func firstLetter(word string) string {
	for _, r := range word {
		return string(unicode.ToUpper(r))
	}
	return ""
}
