package query

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The limits of a query, so that nobody can make a store work without end.
const (
	MaxText  = 2 << 10 // bytes, both as it is written and as String prints it
	MaxTerms = 50      // values, all terms together
)

// Options say what a query's times are relative to. The zero Options are
// right for a program that thinks in UTC.
type Options struct {
	Now      time.Time      // what last: counts back from; zero means the current time
	Location *time.Location // of dates and of times without a zone; nil means UTC
}

// Parse returns the query that text stands for. An error is an [*Error].
//
// A query is made of terms with spaces between them, each a key, a colon and
// a value. Values with commas between them are alternatives, and so are those
// of a key that is repeated; different keys must all hold. A minus before the
// key, or an exclamation mark behind it, negates: none of its values may
// hold. A * stands for any run of characters. Values with spaces, commas,
// brackets, quotes or a literal * are quoted; in quotes, a backslash goes
// before a quote or a backslash. AND between two terms begins anew, so that
// target:a AND target:b asks for events that have both targets.
func Parse(text string, opts Options) (Query, error) {
	p := parser{text: text, opts: opts}
	return p.parse()
}

// A parser reads one text, from pos on.
type parser struct {
	text string
	pos  int
	opts Options
	flat bool // the value ends with the text, not at a space

	part   Query           // the terms since the last AND
	values int             // so far, in all terms
	times  map[string]bool // the keys of time seen in this part
}

func (p *parser) parse() (Query, error) {
	if err := p.checkText(); err != nil {
		return Query{}, err
	}
	var q Query
	joined := [2]int{} // the last AND, while no term has followed it
	for p.skipSpace(); p.pos < len(p.text); p.skipSpace() {
		if at, ok := p.and(); ok {
			if p.part.isZero() {
				return Query{}, p.fault(at, "AND must stand between two terms")
			}
			q, p.part, p.times, joined = And(q, p.part), Query{}, nil, at
			continue
		}
		if err := p.term(); err != nil {
			return Query{}, err
		}
		joined = [2]int{}
	}
	if joined[1] > 0 {
		return Query{}, p.fault(joined, "AND must stand between two terms")
	}
	return p.finish(q)
}

// finish joins what was read to q. Its canonical form must keep the limit
// too, or a saved query could not be read back.
func (p *parser) finish(q Query) (Query, error) {
	q = And(q, p.part)
	if n := len(q.String()); n > MaxText {
		return Query{}, p.fault([2]int{0, 0}, "the query is %d bytes long when written out, the longest may be %d", n, MaxText)
	}
	return q, nil
}

func (p *parser) checkText() error {
	if len(p.text) > MaxText {
		return p.fault([2]int{0, 0}, "the query is %d bytes long, the longest may be %d", len(p.text), MaxText)
	}
	for i, r := range p.text {
		if r == 0 || r == utf8.RuneError && !strings.HasPrefix(p.text[i:], "\uFFFD") {
			return p.fault([2]int{i, i + 1}, "not valid UTF-8 text")
		}
	}
	return nil
}

func (p *parser) fault(at [2]int, format string, args ...any) *Error {
	return &Error{Text: p.text, At: at, Msg: fmt.Sprintf(format, args...)}
}

func (p *parser) skipSpace() {
	rest := strings.TrimLeftFunc(p.text[p.pos:], unicode.IsSpace)
	p.pos = len(p.text) - len(rest)
}

// and reads the word AND, if that is what comes next.
func (p *parser) and() (at [2]int, ok bool) {
	end := p.wordEnd()
	if p.text[p.pos:end] != "AND" {
		return at, false
	}
	at = [2]int{p.pos, end}
	p.pos = end
	return at, true
}

// wordEnd returns where the word at pos ends: at a space or with the text.
func (p *parser) wordEnd() int {
	if i := strings.IndexFunc(p.text[p.pos:], unicode.IsSpace); i >= 0 {
		return p.pos + i
	}
	return len(p.text)
}

// term reads one term into p.part.
func (p *parser) term() error {
	start, end := p.pos, p.wordEnd()
	colon := strings.IndexAny(p.text[start:end], ":\"“”„")
	if colon < 0 || p.text[start+colon] != ':' {
		return p.bareWord(start, end)
	}
	key, negate, err := p.key(start, start+colon)
	if err != nil {
		return err
	}
	p.pos = start + colon + 1
	if key.Kind == KindTime {
		return p.time(key, negate, start)
	}
	return p.list(key, negate)
}

// key reads the key that lies between start and end, with its sign.
func (p *parser) key(start, end int) (key *KeyInfo, negate bool, err error) {
	name := p.text[start:end]
	if rest, ok := strings.CutPrefix(name, "-"); ok {
		name, negate, start = rest, true, start+1
	}
	if rest, ok := strings.CutSuffix(name, "!"); ok {
		if negate {
			return nil, false, p.fault([2]int{start - 1, end}, "negated twice")
		}
		name, negate, end = rest, true, end-1
	}
	at := [2]int{start, end}
	if name == "" {
		return nil, false, p.fault([2]int{start, end + 1}, "a key must stand before the colon, as in actor:ann")
	}
	if strings.HasPrefix(name, "(") {
		return nil, false, p.fault([2]int{start, start + 1}, "brackets are not part of the language")
	}
	key, ok := lookup(name)
	if !ok {
		fault := p.fault(at, "unknown key")
		fault.DidYouMean = closestKey(name)
		return nil, false, fault
	}
	return key, negate, nil
}

// bareWord reports text that is no term, and what was probably meant.
func (p *parser) bareWord(start, end int) error {
	fault := p.fault([2]int{start, end}, "free text cannot be searched, write key:value")
	word := strings.TrimPrefix(p.text[start:end], "-")
	name, value, isPair := strings.Cut(word, "=")
	switch key, isKey := lookup(name); {
	case isKey && isPair && value != "":
		fault.DidYouMean = key.Name + ":" + value
	case isKey:
		fault.DidYouMean = key.Example
	case isOutcome(word):
		fault.DidYouMean = string(Outcome) + ":" + strings.ToLower(word)
	case strings.IndexFunc(word, needsQuotes) < 0:
		fault.DidYouMean = string(Actor) + ":" + word
	}
	return fault
}
