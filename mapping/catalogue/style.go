package catalogue

import (
	"slices"
	"strconv"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/diff"
	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
)

// A style is how a language writes numbers and what the catalogue adds to a
// sentence. Only English has words of ours; the others have signs.
type style struct {
	group, mark string // between thousands; before decimals
}

const noBreakSpace = "\u00a0"

var (
	english = &style{group: ",", mark: "."}
	comma   = &style{group: noBreakSpace, mark: ","}
	point   = &style{group: noBreakSpace, mark: "."}
)

// commaLanguages write a comma before decimals.
var commaLanguages = wordlist.Set(`
	af az be bg bs ca cs da de el es et eu fi fr gl hr hu hy id is it ka kk ky lt lv mk mn nb nl nn no
	pl pt ro ru sk sl sq sr sv tr uk uz vi
`)

// styleOf returns the style of a language. Groups of digits are set apart by
// a space, which no language takes for a decimal mark.
func styleOf(tag string) *style {
	language, _, _ := strings.Cut(tag, "-")
	switch {
	case language == English:
		return english
	case commaLanguages[language]:
		return comma
	default:
		return point
	}
}

// appendChanges tells one change in full and of several how many there are,
// those counted in that Diff had no room for.
func (s *style) appendChanges(b []byte, e *activitylog.Event, told bool) []byte {
	named, more := remainder(e.Changes)
	switch n := len(named) + more; {
	case more > 0 || n > 1:
		b = append(b, " · "...)
		if n == 1 && s == english {
			return append(b, "1 field"...)
		} else if s == english {
			return append(strconv.AppendInt(b, int64(n), 10), " fields"...)
		}
		return s.appendList(b, len(named), more, func(b []byte, i int) []byte {
			return appendField(b, named[i].Path)
		})
	case n == 0 || told:
		return b
	}
	c := &named[0]
	hidden := c.Redacted || c.Truncated || len(c.Old) == 0 && len(c.New) == 0
	if hidden && c.Path == "" { // the whole target: the verb says so
		return b
	}
	b = append(b, " · "...)
	b = appendField(b, c.Path)
	switch {
	case hidden && s == english:
		return append(b, " changed"...)
	case hidden:
		return b
	case len(c.New) == 0 && s == english:
		return append(b, " removed"...)
	case len(c.Old) == 0:
		return appendJSON(append(b, ": "...), c.New)
	}
	b = appendJSON(append(b, ": "...), c.Old)
	if len(c.New) == 0 {
		return append(b, " → –"...)
	}
	return appendJSON(append(b, " → "...), c.New)
}

// remainder returns the changes that an event has and how many it lacks.
func remainder(changes []activitylog.Change) (named []activitylog.Change, more int) {
	for i := range changes {
		more += diff.Change(changes[i]).More()
	}
	if more == 0 {
		return changes, 0
	}
	return slices.DeleteFunc(slices.Clone(changes), func(c activitylog.Change) bool { return diff.Change(c).More() > 0 }), more
}

const listed = 3 // elements of a list that are named; the others are counted

// appendList appends n elements as "A", "A and B", "A, B and C", and, where
// there are more or some without a name, "A, B and 3 more"; without words where
// the language is not English.
func (s *style) appendList(b []byte, n, more int, element func(b []byte, i int) []byte) []byte {
	if n+more > listed && n >= listed {
		n, more = listed-1, more+n-(listed-1)
	}
	for i := range n {
		switch {
		case i == 0:
		case i == n-1 && more == 0 && s == english:
			b = append(b, " and "...)
		default:
			b = append(b, ", "...)
		}
		b = element(b, i)
	}
	switch more := int64(more); {
	case more == 0:
		return b
	case s == english:
		return append(strconv.AppendInt(append(b, " and "...), more, 10), " more"...)
	case n == 0:
		return strconv.AppendInt(append(b, '+'), more, 10)
	default:
		return strconv.AppendInt(append(b, ", +"...), more, 10)
	}
}
