// Package catalogue holds the codes that an application can emit, with their
// titles, and makes sentences of events: in English, and in the languages
// that the catalogue is translated to.
package catalogue

import (
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/log"

	activitylog "github.com/activitylog-go/activitylog"
)

// An Entry is one code of a catalogue.
type Entry struct {
	Code  activitylog.Code
	Title string // "Team member invited"

	// Sentences tell the event. The first whose condition holds and whose
	// placeholders all have a value is used; if there is none, the grammar of
	// codes. Attempts are those for an event that was denied or failed.
	Sentences []Sentence
	Attempts  []Sentence

	// Severity is the least severity of the event's log record; 0 leaves it
	// to the outcome.
	Severity log.Severity

	// Aliases are former names of the code. Events that are stored under one
	// of them read as those of the code.
	Aliases []activitylog.Code

	// Translations are what the entry says in other languages than English,
	// by language tag (BCP 47): "de", "pt-BR".
	Translations map[string]Translation

	// Routes are the mapped routes that emit the code: "POST /orgs/{org}/members".
	Routes []string

	// EmittedBy says what emits the code if no route does, in plain words.
	EmittedBy string
}

// A Sentence is a template, as [ParseTemplate] reads it, and when it is used.
type Sentence struct {
	When Condition
	Text string
}

// A Translation is what an entry says in another language. What it leaves out
// is told in the next more general one (de for de-AT), at last in English.
type Translation struct {
	Title     string
	Sentences []Sentence
	Attempts  []Sentence
}

// A Catalogue is a list of codes. It is immutable and safe for concurrent
// use; a nil Catalogue is empty.
type Catalogue struct {
	entries   []compiled               // sorted by code
	names     map[activitylog.Code]int // position in entries by code and alias
	resources map[string]bool
	languages []string // see [Catalogue.Languages]
}

type compiled struct {
	Entry
	english    []*wording            // one
	translated map[string][]*wording // by canonical tag; then those of its parents, then English
}

// New returns a catalogue of the entries. It reports every template and
// language tag that cannot be read, every code that comes twice, and every
// alias that is not the former name of just one code: each an [*EntryError],
// joined.
func New(entries ...Entry) (*Catalogue, error) {
	c := &Catalogue{
		names:     make(map[activitylog.Code]int, len(entries)),
		resources: make(map[string]bool),
	}
	var p problems
	languages := map[string]bool{English: true}
	for _, e := range slices.SortedFunc(slices.Values(entries), byCode) {
		if _, ok := c.names[e.Code]; ok {
			p.add(EntryError{Code: e.Code}, "the code comes twice")
			continue
		}
		entry := p.compile(e)
		c.names[e.Code] = len(c.entries)
		c.resources[e.Code.Resource()] = true
		c.entries = append(c.entries, entry)
		for tag := range entry.translated {
			languages[tag] = true
		}
	}
	c.languages = slices.Sorted(maps.Keys(languages))
	c.addAliases(&p)
	if err := p.err(); err != nil {
		return nil, err
	}
	return c, nil
}

func byCode(a, b Entry) int { return strings.Compare(string(a.Code), string(b.Code)) }

// addAliases adds the former names of codes, when all codes are known.
func (c *Catalogue) addAliases(p *problems) {
	for i, e := range c.entries {
		for _, alias := range e.Aliases {
			at := EntryError{Code: e.Code, Alias: alias}
			j, taken := c.names[alias]
			switch {
			case alias == "":
				p.add(at, "an alias is empty")
			case !taken:
				c.names[alias] = i
				c.resources[alias.Resource()] = true
			case c.entries[j].Code == alias:
				p.add(at, "the alias %s is a code of the catalogue", alias)
			case i == j:
				p.add(at, "the alias %s comes twice", alias)
			default:
				p.add(at, "the alias %s is one of %s already", alias, c.entries[j].Code)
			}
		}
	}
}

// Lookup returns the entry of a code or of the code that it is an alias of.
func (c *Catalogue) Lookup(code activitylog.Code) (Entry, bool) {
	if e := c.find(code); e != nil {
		return e.Entry, true
	}
	return Entry{}, false
}

// Current returns the present name of a code: that of which it is an alias,
// or else code itself.
func (c *Catalogue) Current(code activitylog.Code) activitylog.Code {
	if e := c.find(code); e != nil {
		return e.Code
	}
	return code
}

func (c *Catalogue) find(code activitylog.Code) *compiled {
	if c == nil {
		return nil
	}
	i, ok := c.names[code]
	if !ok {
		return nil
	}
	return &c.entries[i]
}

// HasResource reports whether the catalogue has a code of the resource, or an
// alias: "org.member" if it has "org.member:updated".
func (c *Catalogue) HasResource(resource string) bool { return c != nil && c.resources[resource] }

// Entries returns every entry, sorted by code.
func (c *Catalogue) Entries() []Entry {
	if c == nil {
		return nil
	}
	entries := make([]Entry, len(c.entries))
	for i, e := range c.entries {
		entries[i] = e.Entry
	}
	return entries
}

// Title returns the title of a code; for one that has none, a title made of
// its words: "Org member updated".
func (c *Catalogue) Title(code activitylog.Code) string { return c.TitleIn(English, code) }
