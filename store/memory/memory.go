// Package memory keeps events in memory, for tests and demonstrations. It is
// lost with the process, unlike what the contract of package store asks for
// in Append; in all else it is a complete store.
package memory

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

var (
	_ store.Store       = (*Store)(nil)
	_ store.Quarantiner = (*Store)(nil)
	_ store.Custodian   = (*Store)(nil)
)

// A Store keeps events in memory. The zero Store is empty and ready to use.
type Store struct {
	mu          sync.RWMutex
	byID        map[uuid.UUID]*activitylog.Event
	sorted      []*activitylog.Event // newest first, the order of List
	quarantined []store.Quarantined
	holds       []store.Hold // by name
	deeds       []store.Deed
	clock       func() time.Time // time.Now if nil
}

// New returns an empty store.
func New() *Store { return new(Store) }

// NewWithClock returns an empty store that takes the time from now.
func NewWithClock(now func() time.Time) *Store { return &Store{clock: now} }

func (s *Store) now() time.Time {
	if s.clock == nil {
		return time.Now().UTC().Round(0)
	}
	return s.clock().UTC().Round(0)
}

// Append adds events as [store.Store] says, except that they are not durable.
func (s *Store) Append(ctx context.Context, events []activitylog.Event) (store.Result, error) {
	if err := ctx.Err(); err != nil {
		return store.Result{}, err
	}
	for i := range events {
		if err := store.Check(&events[i]); err != nil {
			return store.Result{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var r store.Result
	for _, e := range events {
		if err := s.add(store.Kept(e), &r); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (s *Store) add(e activitylog.Event, r *store.Result) error {
	id := store.PositionOf(&e).ID
	first, taken := s.byID[id]
	switch {
	case taken && store.Same(*first, e):
		r.Duplicates++
	case taken:
		r.Conflicts++
		return s.putAside(e)
	default:
		r.Added++
		if s.byID == nil {
			s.byID = map[uuid.UUID]*activitylog.Event{}
		}
		e.Ingested = s.now()
		s.byID[id] = &e
		i, _ := slices.BinarySearchFunc(s.sorted, store.PositionOf(&e), order)
		s.sorted = slices.Insert(s.sorted, i, &e)
	}
	return nil
}

// order compares e with a position in the order of List.
func order(e *activitylog.Event, p store.Position) int {
	at := store.PositionOf(e)
	return cmp.Or(p.Time.Compare(at.Time), slices.Compare(p.ID[:], at.ID[:]))
}

// List returns a page as [store.Store] says.
func (s *Store) List(ctx context.Context, q store.Query) (store.Page, error) {
	start := store.Position{}
	if q.Cursor != "" {
		var err error
		if start, err = store.DecodeCursor(q.Cursor, q.Filter); err != nil {
			return store.Page{}, err
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	rest := s.sorted
	if q.Cursor != "" {
		i, found := slices.BinarySearchFunc(rest, start, order)
		if found {
			i++
		}
		rest = rest[i:]
	}
	return page(ctx, rest, q.Filter, q.PageSize())
}

// page returns the first size events that filter selects. Only one more event
// shows that there is a page after it.
func page(ctx context.Context, events []*activitylog.Event, filter query.Query, size int) (store.Page, error) {
	var p store.Page
	for i, e := range events {
		if i%1024 == 0 && ctx.Err() != nil {
			return store.Page{}, ctx.Err()
		}
		if !filter.Match(e) {
			continue
		}
		if len(p.Events) == size {
			p.Next = store.EncodeCursor(store.PositionOf(&p.Events[size-1]), filter)
			break
		}
		p.Events = append(p.Events, copyOf(e))
	}
	return p, ctx.Err()
}

// Get returns an event as [store.Store] says.
func (s *Store) Get(ctx context.Context, id string) (activitylog.Event, error) {
	if err := ctx.Err(); err != nil {
		return activitylog.Event{}, err
	}
	key, err := store.ParseID(id)
	if err != nil {
		return activitylog.Event{}, store.ErrNotFound
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	e, ok := s.byID[key]
	if !ok {
		return activitylog.Event{}, store.ErrNotFound
	}
	return copyOf(e), nil
}

// copyOf returns e, sharing nothing with the store.
func copyOf(e *activitylog.Event) activitylog.Event {
	kept := store.Kept(*e)
	kept.Ingested, kept.Erased = e.Ingested, e.Erased
	return kept
}

// Close does nothing: memory needs no end.
func (s *Store) Close() error { return nil }
