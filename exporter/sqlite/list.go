package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// stride is the number of events through which List walks, newest first,
// before it asks the index: many filters hold for one event in twenty and have
// filled a page by then. Tests change it.
var stride = 1000

// List returns a page as [store.Store] says.
func (s *Store) List(ctx context.Context, q store.Query) (store.Page, error) {
	var at *store.Position
	if q.Cursor != "" {
		p, err := store.DecodeCursor(q.Cursor, q.Filter)
		if err != nil {
			return store.Page{}, err
		}
		at = &p
	}
	var events []activitylog.Event
	err := s.reading(ctx, func(tx *sql.Tx) (err error) {
		l := s.newList(ctx, tx, q.Filter, q.PageSize()+1)
		l.after = at
		events, err = l.events()
		return err
	})
	if err != nil {
		return store.Page{}, err
	}
	p := store.Page{Events: events}
	if size := q.PageSize(); len(events) > size { // the one more shows that there is another page
		p.Events = events[:size]
		p.Next = store.EncodeCursor(store.PositionOf(&events[size-1]), q.Filter)
	}
	return p, nil
}

// Get returns an event as [store.Store] says.
func (s *Store) Get(ctx context.Context, id string) (activitylog.Event, error) {
	key, err := store.ParseID(id)
	if err != nil {
		return activitylog.Event{}, store.ErrNotFound
	}
	var events []activitylog.Event
	err = s.reading(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, selectEvents+" WHERE id = ?", key[:])
		if err != nil {
			return err
		}
		events, err = readEvents(ctx, tx, s.names, rows)
		return err
	})
	if err != nil {
		return activitylog.Event{}, err
	}
	if len(events) == 0 {
		return activitylog.Event{}, store.ErrNotFound
	}
	return events[0], nil
}

// reading runs do on one state of the database, whatever is added meanwhile.
func (s *Store) reading(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, nil)
	if err == nil {
		err = do(tx)
		tx.Rollback() // there is nothing to keep
	}
	if err != nil {
		return fmt.Errorf("sqlite store %s: %w", s.file, explain(ctx, err))
	}
	return nil
}

var selectEvents = "SELECT " + rowColumns + " FROM events"

const newestFirst = " ORDER BY time DESC, id DESC LIMIT ?"
