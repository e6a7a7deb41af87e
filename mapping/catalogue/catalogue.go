// Package catalogue holds the codes that an application can emit, with their
// titles, and makes English sentences of events.
package catalogue

import activitylog "github.com/activitylog-go/activitylog"

// An Entry is one code of a catalogue.
type Entry struct {
	Code  activitylog.Code
	Title string // "Team member invited"

	// Sentence is the template of the event's sentence, Attempt the one for
	// an event that was denied or failed. Both may be empty.
	Sentence string
	Attempt  string

	// Routes are the mapped routes that emit the code: "POST /orgs/{org}/members".
	Routes []string
}

// A Catalogue is a list of codes. It is immutable and safe for concurrent
// use; a nil Catalogue is empty.
type Catalogue struct {
	entries []Entry
}

// Lookup returns the entry of a code.
func (c *Catalogue) Lookup(code activitylog.Code) (Entry, bool) { return Entry{}, false }

// Entries returns every entry, sorted by code.
func (c *Catalogue) Entries() []Entry { return nil }

// Sentence returns e as an English sentence: by the template of its code, or,
// where there is none or a value that it needs is missing, by the grammar of
// codes. It returns a sentence for every event, also on a nil Catalogue. The
// result is plain text of at most [MaxSentence] bytes.
func (c *Catalogue) Sentence(e *activitylog.Event) string { return "" }

// MaxSentence is the length in bytes of the longest sentence.
const MaxSentence = 1024
