package query

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/suggest"
)

// list reads values with commas between them into p.part.
func (p *parser) list(key *KeyInfo, negate bool) error {
	for {
		raw, err := p.raw(key)
		if err != nil {
			return err
		}
		v, err := p.value(key, raw)
		if err != nil {
			return err
		}
		if p.values++; p.values > MaxTerms {
			return p.fault(raw.at, "more than %d values", MaxTerms)
		}
		p.part.add(Key(key.Name), negate, v)
		if !strings.HasPrefix(p.text[p.pos:], ",") {
			return nil
		}
		p.pos++
	}
}

// add adds an alternative to the term of key and negate.
func (q *Query) add(key Key, negate bool, v Value) {
	for i := range q.Terms {
		if t := &q.Terms[i]; t.Key == key && t.Negate == negate {
			t.Values = append(t.Values, v)
			return
		}
	}
	q.Terms = append(q.Terms, Term{Key: key, Negate: negate, Values: []Value{v}})
}

// A rawValue is a value as it is written, its quotes removed.
type rawValue struct {
	text string
	glob bool // text has a * that was not quoted
	star bool // text has a * that was quoted
	at   [2]int
}

// raw reads one value: bare and quoted pieces up to a space or a comma.
func (p *parser) raw(key *KeyInfo) (rawValue, error) {
	v := rawValue{at: [2]int{p.pos, p.pos}}
	quoted := false
	var text strings.Builder
	for !p.valueEnds() {
		r, size := utf8.DecodeRuneInString(p.text[p.pos:])
		switch {
		case isQuote(r):
			piece, err := p.quoted()
			if err != nil {
				return v, err
			}
			quoted = true
			v.star = v.star || strings.Contains(piece, "*")
			text.WriteString(piece)
			continue
		case r == '(' || r == ')':
			return v, p.fault([2]int{p.pos, p.pos + 1}, "a bracket in a value must be quoted")
		case r == '*':
			v.glob = true
			if p.text[p.pos-1] == '*' { // ** is *
				p.pos++
				continue
			}
		}
		text.WriteRune(r)
		p.pos += size
	}
	v.text, v.at[1] = text.String(), p.pos
	if v.text == "" && !quoted {
		return v, p.fault([2]int{p.pos, p.pos}, `%s: needs a value, as in %s; "" is the empty one`, key.Name, key.Example)
	}
	if v.glob && v.star {
		return v, p.fault(v.at, "a quoted * and a * that stands for other characters cannot be in one value")
	}
	return v, nil
}

func (p *parser) valueEnds() bool {
	if p.pos == len(p.text) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return r == ',' || !p.flat && unicode.IsSpace(r)
}

// isQuote reports whether r begins a quoted text. Word processors and
// telephones make the curved ones.
func isQuote(r rune) bool { return strings.ContainsRune("\"“”„", r) }

// quoted reads a text in quotes. A straight quote is closed by a straight
// one, a curved one by a curved one.
func (p *parser) quoted() (string, error) {
	start := p.pos
	open, size := utf8.DecodeRuneInString(p.text[start:])
	p.pos += size
	var text strings.Builder
	for escaped := false; p.pos < len(p.text); {
		r, size := utf8.DecodeRuneInString(p.text[p.pos:])
		p.pos += size
		switch {
		case escaped:
			text.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case isQuote(r) && (r == '"') == (open == '"'):
			return text.String(), nil
		default:
			text.WriteRune(r)
		}
	}
	return "", p.fault([2]int{start, len(p.text)}, "the quote is not closed")
}

// value makes of raw what the kind of key wants.
func (p *parser) value(key *KeyInfo, raw rawValue) (Value, error) {
	if key.fold != nil {
		raw.text = key.fold(raw.text)
	}
	switch key.Kind {
	case KindNumber:
		low, high, ok := parseNumbers(raw.text)
		if !ok || raw.glob {
			return Value{}, p.fault(raw.at, "%s: wants a number such as 403, 4xx or 400..404", key.Name)
		}
		return Value{Low: low, High: high}, nil
	case KindWord:
		if !slices.Contains(key.Values, raw.text) {
			fault := p.fault(raw.at, "%s: is one of %s", key.Name, strings.Join(key.Values, ", "))
			fault.DidYouMean = suggest.Closest(raw.text, key.Values)
			return Value{}, fault
		}
	}
	return Value{Text: raw.text, Glob: raw.glob}, nil
}

// parseNumbers reads "403", "4xx" or "400..404".
func parseNumbers(s string) (low, high int, ok bool) {
	if len(s) == 3 && s[0] >= '1' && s[0] <= '9' && strings.EqualFold(s[1:], "xx") {
		low = int(s[0]-'0') * 100
		return low, low + 99, true
	}
	from, to, isRange := strings.Cut(s, "..")
	if !isRange {
		to = from
	}
	low, ok1 := parseNumber(from)
	high, ok2 := parseNumber(to)
	return low, high, ok1 && ok2 && low <= high
}

func parseNumber(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 31)
	return int(n), err == nil
}

func isOutcome(word string) bool {
	return slices.Contains(activitylog.Outcomes(), activitylog.Outcome(strings.ToLower(word)))
}
