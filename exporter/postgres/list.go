package postgres

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// stride is the number of events through which List walks, newest first,
// before it asks the index: many filters hold for one event in twenty and have
// filled a page by then. Tests change it.
var stride = 1000

const newestFirst = " ORDER BY time DESC, id DESC"

// List returns a page as [store.Store] says.
func (s *Store) List(ctx context.Context, q store.Query) (store.Page, error) {
	l := list{filter: q.Filter}
	if q.Cursor != "" {
		at, err := store.DecodeCursor(q.Cursor, q.Filter)
		if err != nil {
			return store.Page{}, err
		}
		l.after = &at
	}
	var events []activitylog.Event
	err := s.reading(ctx, func(tx pgx.Tx) error {
		found, err := l.in(ctx, tx).find(q.PageSize() + 1)
		if err == nil {
			events, err = read(ctx, tx, found)
		}
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
	if _, err := store.ParseID(id); err != nil {
		return activitylog.Event{}, store.ErrNotFound
	}
	var event activitylog.Event
	err := s.reading(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, selectEvents+" WHERE id = $1::uuid", id)
		if err == nil {
			event, err = pgx.CollectExactlyOneRow(rows, scanEvent)
		}
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return activitylog.Event{}, store.ErrNotFound
	}
	return event, err
}

func scanEvent(row pgx.CollectableRow) (activitylog.Event, error) { return scan(row) }

// A list is the events that a filter selects, newest first.
type list struct {
	ctx    context.Context
	tx     pgx.Tx
	filter query.Query
	after  *store.Position // what it begins behind; nil for the newest event
	more   []string        // further conditions, without parameters
}

// in returns l to be asked in a transaction.
func (l list) in(ctx context.Context, tx pgx.Tx) *list {
	l.ctx, l.tx = ctx, tx
	return &l
}

// A place is where an event stands in the order of List.
type place struct {
	time int64
	id   uuid.UUID
}

func (p place) position() *store.Position {
	return &store.Position{Time: fromNanoseconds(p.time), ID: p.id}
}

// find returns the places of the first events of the list. There are two ways
// to find them: walking along the index of time and comparing each event, which
// is fast when many events are wanted, and asking the blocks, which is fast
// when few are. Nobody knows beforehand, so it begins to walk.
func (l *list) find(limit int) ([]place, error) {
	if len(l.filter.Terms) == 0 {
		return l.walk(l.where("time"), limit)
	}
	end, err := l.strideEnd()
	if err != nil {
		return nil, err
	}
	w := l.where("time")
	if end != nil {
		w.and("(time, id) >= (?::bigint, ?::uuid)", end.time, end.id.String())
	}
	found, err := l.walk(w, limit)
	if err != nil || end == nil || len(found) == limit {
		return found, err
	}
	sets, err := l.termSets()
	if err != nil {
		return nil, err
	}
	if len(sets) == 0 { // patterns and negations only
		return l.walk(l.where("time"), limit)
	}
	return l.search(sets, limit)
}

// isRare reports whether less than one of a hundred events of the first stride
// is in the list.
func (l *list) isRare() (bool, error) {
	end, err := l.strideEnd()
	if err != nil || end == nil {
		return false, err
	}
	w := l.where("time")
	w.and("(time, id) >= (?::bigint, ?::uuid)", end.time, end.id.String())
	found, err := l.walk(w, stride/100+1)
	return len(found) <= stride/100, err
}

// where returns the conditions on the events of the list. Where its index must
// not be used, time is an expression.
func (l *list) where(time string) where {
	w := l.bounds(time)
	for _, t := range l.filter.Terms {
		w.term(t)
	}
	for _, condition := range l.more {
		w.and(condition)
	}
	return w
}

// bounds returns the conditions on their places in the order.
func (l *list) bounds(time string) where {
	var w where
	w.times(time, l.filter)
	if l.after != nil {
		w.and("("+time+", id) < (?::bigint, ?::uuid)", l.after.Time.UnixNano(), l.after.ID.String())
	}
	return w
}

// strideEnd returns the place of the last event of the first stride, or nil if
// there are not that many events within the bounds.
func (l *list) strideEnd() (*place, error) {
	w := l.bounds("time")
	args, n := w.with(stride - 1)
	found, err := l.places("SELECT time, id FROM activitylog.events"+w.String()+newestFirst+" LIMIT 1 OFFSET "+n, args)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// walk returns the first places that w holds for, along the index of time.
func (l *list) walk(w where, limit int) ([]place, error) {
	args, n := w.with(limit)
	return l.places("SELECT time, id FROM activitylog.events"+w.String()+newestFirst+" LIMIT "+n, args)
}

func (l *list) places(sql string, args []any) ([]place, error) {
	rows, err := l.tx.Query(l.ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p place, err error) {
		err = row.Scan(&p.time, &p.id)
		return p, err
	})
}

// read returns the events at places, in their order.
func read(ctx context.Context, tx pgx.Tx, found []place) ([]activitylog.Event, error) {
	if len(found) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, selectEvents+" WHERE id = ANY ($1::uuid[])"+newestFirst, ids(found))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanEvent)
}

func ids(found []place) []string {
	texts := make([]string, len(found))
	for i, p := range found {
		texts[i] = p.id.String()
	}
	return texts
}
