package diff

import (
	"slices"
	"strconv"
	"strings"
)

// equal reports whether two values are the same. What cannot be read equals
// nothing, and the order of lists counts.
func equal(a, b *node) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case unreadable:
		return false
	case number:
		return a.text == b.text || decimal(a.text) == decimal(b.text)
	case instant:
		return a.same == b.same
	case blob:
		return string(a.bytes) == string(b.bytes)
	case list:
		return slices.EqualFunc(a.parts, b.parts, func(p, q part) bool { return equal(&p.node, &q.node) })
	case object:
		return equalMembers(a.parts, b.parts)
	default:
		return a.text == b.text
	}
}

func equalMembers(a, b []part) bool {
	before, after := byName(a), byName(b)
	for i := range a {
		p, q := &a[i], after.find(i, a[i].name)
		if q == nil && p.there() || q != nil && max(p.class, q.class) != ignored && !equal(&p.node, &q.node) {
			return false
		}
	}
	for i := range b {
		if b[i].there() && before.find(i, b[i].name) == nil {
			return false
		}
	}
	return true
}

// decimal returns a form of a JSON number that only equal numbers share. The
// text of a number with an absurd exponent is its own form.
func decimal(s string) string {
	sign, digits := "", s
	if strings.HasPrefix(s, "-") {
		sign, digits = "-", s[1:]
	}
	exponent := int64(0)
	if i := strings.IndexAny(digits, "eE"); i >= 0 {
		var err error
		if exponent, err = strconv.ParseInt(digits[i+1:], 10, 32); err != nil {
			return s
		}
		digits = digits[:i]
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	exponent -= int64(len(fraction))
	if digits == "" {
		return "0"
	}
	short := strings.TrimRight(digits, "0")
	exponent += int64(len(digits) - len(short))
	return sign + short + "e" + strconv.FormatInt(exponent, 10)
}
