// Package catalogue holds the codes that an application can emit, with their
// titles, and makes English sentences of events.
package catalogue

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
)

// An Entry is one code of a catalogue.
type Entry struct {
	Code  activitylog.Code
	Title string // "Team member invited"

	// Sentences are templates of the event's sentence. The first whose
	// placeholders all have a value is used; if none has, the grammar of
	// codes. Attempts are those for an event that was denied or failed.
	Sentences []string
	Attempts  []string

	// Routes are the mapped routes that emit the code: "POST /orgs/{org}/members".
	Routes []string
}

// A Catalogue is a list of codes. It is immutable and safe for concurrent
// use; a nil Catalogue is empty.
type Catalogue struct {
	entries   []compiled // sorted by code
	codes     map[activitylog.Code]int
	resources map[string]bool
}

type compiled struct {
	Entry
	sentences []Template
	attempts  []Template
}

// New returns a catalogue of the entries. It reports every template that
// cannot be read and every code that comes twice.
func New(entries ...Entry) (*Catalogue, error) {
	c := &Catalogue{
		codes:     make(map[activitylog.Code]int, len(entries)),
		resources: make(map[string]bool),
	}
	var errs []error
	for _, e := range slices.SortedFunc(slices.Values(entries), byCode) {
		if _, ok := c.codes[e.Code]; ok {
			errs = append(errs, fmt.Errorf("%s: the code comes twice", e.Code))
			continue
		}
		sentences, err := compile(e.Code, e.Sentences)
		errs = append(errs, err)
		attempts, err := compile(e.Code, e.Attempts)
		errs = append(errs, err)
		c.codes[e.Code] = len(c.entries)
		c.resources[e.Code.Resource()] = true
		c.entries = append(c.entries, compiled{Entry: e, sentences: sentences, attempts: attempts})
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

func byCode(a, b Entry) int { return strings.Compare(string(a.Code), string(b.Code)) }

func compile(code activitylog.Code, texts []string) ([]Template, error) {
	var templates []Template
	for _, text := range texts {
		t, err := ParseTemplate(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", code, err)
		}
		templates = append(templates, t)
	}
	return templates, nil
}

// Lookup returns the entry of a code.
func (c *Catalogue) Lookup(code activitylog.Code) (Entry, bool) {
	if e := c.find(code); e != nil {
		return e.Entry, true
	}
	return Entry{}, false
}

func (c *Catalogue) find(code activitylog.Code) *compiled {
	if c == nil {
		return nil
	}
	i, ok := c.codes[code]
	if !ok {
		return nil
	}
	return &c.entries[i]
}

// HasResource reports whether the catalogue has a code of the resource:
// "org.member" if it has "org.member:updated".
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
func (c *Catalogue) Title(code activitylog.Code) string {
	if e := c.find(code); e != nil && e.Title != "" {
		return e.Title
	}
	words := strings.NewReplacer(".", " ", "_", " ", ":", " ").Replace(string(code))
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
