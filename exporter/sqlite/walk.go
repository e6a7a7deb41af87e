package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// A list is the first events of those that conditions hold for, newest first.
type list struct {
	ctx        context.Context
	tx         *sql.Tx
	names      *names
	filter     query.Query
	conditions where           // on the events, those of time left aside
	after      *store.Position // where the list begins; nil for the newest event
	limit      int
	volumes    volumes // read when they are needed
}

func (s *Store) newList(ctx context.Context, tx *sql.Tx, filter query.Query, limit int) *list {
	l := &list{ctx: ctx, tx: tx, names: s.names, filter: filter, limit: limit}
	for _, t := range filter.Terms {
		l.conditions.term(t)
	}
	return l
}

// find returns the first events of l, as walk returns those for which conditions
// hold and read those at places. There are two ways: walking along the index of
// time and comparing each event, which is fast when many events are wanted, and
// asking the blocks, which is fast when few are. Nobody knows beforehand, so it
// begins to walk.
func find[T any](l *list, walk func(where) ([]T, error), read func([]place) ([]T, error)) ([]T, error) {
	if len(l.filter.Terms) == 0 {
		return walk(l.where())
	}
	w := l.where()
	end, err := l.strideEnd()
	if err != nil {
		return nil, err
	}
	if end != nil {
		w.and("(time, id) >= (?, ?)", end.Time.UnixNano(), end.ID[:])
	}
	found, err := walk(w)
	if err != nil || end == nil || len(found) == l.limit {
		return found, err
	}
	sets, err := l.termSets()
	if err != nil {
		return nil, err
	}
	if len(sets) == 0 { // patterns and negations only
		return walk(l.where())
	}
	places, err := l.search(sets)
	if err != nil {
		return nil, err
	}
	return read(places)
}

// events returns the first events of the list.
func (l *list) events() ([]activitylog.Event, error) { return find(l, l.walk, l.read) }

// firstPlaces returns their places.
func (l *list) firstPlaces() ([]place, error) {
	return find(l,
		func(w where) ([]place, error) { return l.places(byTime, w) },
		func(found []place) ([]place, error) { return found, nil })
}

// walk returns the first events that w holds for, along the index of time.
func (l *list) walk(w where) ([]activitylog.Event, error) {
	rows, err := l.tx.QueryContext(l.ctx, walkSQL(w), append(w.args, l.limit)...)
	if err != nil {
		return nil, err
	}
	return readEvents(l.ctx, l.tx, l.names, rows)
}

func walkSQL(w where) string { return "SELECT " + rowColumns + byTime + w.String() + newestFirst }

// where returns the conditions on the events of the list.
func (l *list) where() where {
	w := l.bounds()
	w.conditions = append(w.conditions, l.conditions.conditions...)
	w.args = append(w.args, l.conditions.args...)
	return w
}

// bounds returns the conditions on their places in the order.
func (l *list) bounds() where {
	var w where
	w.times(l.filter)
	if l.after != nil {
		w.and("(time, id) < (?, ?)", l.after.Time.UnixNano(), l.after.ID[:])
	}
	return w
}

// strideEnd returns the place of the last event of the first stride, or nil if
// there are not that many events within the bounds.
func (l *list) strideEnd() (*store.Position, error) {
	w := l.bounds()
	var at int64
	var id uuid.UUID
	row := l.tx.QueryRowContext(l.ctx, strideSQL(w), append(w.args, 1, max(stride, 2*l.limit))...)
	switch err := row.Scan(&at, &id); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &store.Position{Time: fromNanoseconds(at), ID: id}, nil
}

func strideSQL(w where) string {
	return "SELECT time, id" + byTime + w.String() + newestFirst + " OFFSET ?"
}

// places returns the places of the first events that w holds for.
func (l *list) places(from string, w where) ([]place, error) {
	rows, err := l.tx.QueryContext(l.ctx, placesSQL(from, w), append(w.args, l.limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []place
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.pos, &p.time, &p.id); err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, rows.Err()
}

func placesSQL(from string, w where) string {
	return "SELECT pos, time, id" + from + w.String() + newestFirst
}
