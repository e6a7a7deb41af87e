// Package store is the contract between those who keep events and those who
// read them. Package storetest checks that an implementation keeps it;
// package memory is one for tests. The databases are in the exporter module,
// so that an application does not depend on their drivers.
package store

import (
	"context"
	"errors"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
)

// Errors that callers branch on.
var (
	ErrNotFound = errors.New("event not found")
	ErrCursor   = errors.New("cursor does not belong to this query")

	// ErrEvent is wrapped by the error of Append when the reason lies in one
	// of the events, so that trying again cannot help. It is never wrapped
	// for what may pass: a full disk, a lock, a lost connection, a time-out.
	ErrEvent = errors.New("event cannot be stored")
)

// The number of events on a page.
const (
	DefaultLimit = 50
	MaxLimit     = 1000
)

// A Store keeps events. Its methods are safe for concurrent use and end early,
// with the context's error, when the context is done.
type Store interface {
	// Append adds events, all or none, and returns when they are durable.
	// The events must have been cleaned ([activitylog.Event.Clean]); if one
	// of them does not pass [Check], the error is ErrEvent.
	//
	// An event whose ID is present, in the store or earlier in events, is
	// counted and not added: as a duplicate if its content is the same, so
	// that a batch may be sent again after an unclear failure, else as a
	// conflict. The first of two conflicting events stays as it is; the
	// second one is put aside in quarantine and never lost.
	Append(ctx context.Context, events []activitylog.Event) (Result, error)

	// List returns a page of the events that q selects, newest first by Time
	// and among equal times by descending ID. Following Page.Next visits each
	// event that was present at the first call once, whatever is added
	// meanwhile. The error is ErrCursor if q.Cursor was made for another
	// filter; only Since may differ, see [EncodeCursor].
	List(ctx context.Context, q Query) (Page, error)

	// Count returns how many events filter selects, but looks no further than
	// limit: the answer limit means that many or more. A limit of 0 or less
	// asks for nothing and is answered with 0.
	Count(ctx context.Context, filter query.Query, limit int) (int, error)

	// Facet returns the values of q.Key, the most frequent ones first and among
	// equals in the order of their bytes, in the newest FacetScope events that
	// q.Filter selects. The error wraps ErrQuery if q does not pass its Check.
	Facet(ctx context.Context, q FacetQuery) (Facet, error)

	// Histogram returns how many events q.Filter selects in each part of q's
	// span of time, those without an event included: what q.Bars returns, filled.
	Histogram(ctx context.Context, q HistogramQuery) ([]Bar, error)

	// Get returns the event with the given ID as [Kept] leaves it, with Ingested
	// and Erased, or ErrNotFound, also for an ID that is no UUID.
	Get(ctx context.Context, id string) (activitylog.Event, error)

	// Close releases what the store holds. No other method may be called
	// during or after it.
	Close() error
}

// A Result says what became of the events given to Append. Its fields add up
// to their number.
type Result struct {
	Added      int
	Duplicates int // present with the same content
	Conflicts  int // present with other content; in quarantine
}

// A Query asks for a page. The zero Query asks for the newest DefaultLimit events.
type Query struct {
	Filter query.Query
	Limit  int    // at most MaxLimit; 0 means DefaultLimit
	Cursor string // Page.Next of the page before; "" for the first
}

// PageSize returns the number of events that a full page has.
func (q Query) PageSize() int {
	if q.Limit <= 0 {
		return DefaultLimit
	}
	return min(q.Limit, MaxLimit)
}

// A Page is a part of a list of events.
type Page struct {
	Events []activitylog.Event // as [Kept] leaves them, with Ingested and Erased
	Next   string              // the cursor of the page after; "" on the last
}
