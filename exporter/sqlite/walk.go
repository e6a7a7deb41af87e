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

// A list is one call of List.
type list struct {
	ctx    context.Context
	tx     *sql.Tx
	names  *names
	filter query.Query
	after  *store.Position // where the page begins; nil for the newest event
	limit  int
}

// run returns the first events of the list. There are two ways to find them:
// walking along the index of time and comparing each event, which is fast when
// many events are wanted, and asking the blocks, which is fast when few are.
// Nobody knows beforehand, so it begins to walk.
func (l *list) run() ([]activitylog.Event, error) {
	if len(l.filter.Terms) == 0 {
		return l.walk(l.where())
	}
	w := l.where()
	end, err := l.strideEnd()
	if err != nil {
		return nil, err
	}
	if end != nil {
		w.and("(time, id) >= (?, ?)", end.Time.UnixNano(), end.ID[:])
	}
	events, err := l.walk(w)
	if err != nil || end == nil || len(events) == l.limit {
		return events, err
	}
	sets, err := l.termSets()
	if err != nil {
		return nil, err
	}
	if len(sets) == 0 { // patterns and negations only
		return l.walk(l.where())
	}
	return l.search(sets)
}

// where returns the conditions on the events of the page.
func (l *list) where() where {
	w := l.bounds()
	for _, t := range l.filter.Terms {
		w.term(t)
	}
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
	row := l.tx.QueryRowContext(l.ctx, strideSQL(w), append(w.args, 1, stride)...)
	switch err := row.Scan(&at, &id); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &store.Position{Time: fromNanoseconds(at), ID: id}, nil
}

func strideSQL(w where) string {
	return "SELECT time, id FROM events INDEXED BY events_time" + w.String() + newestFirst + " OFFSET ?"
}

// walk returns the first events that w holds for, along the index of time.
func (l *list) walk(w where) ([]activitylog.Event, error) {
	rows, err := l.tx.QueryContext(l.ctx, walkSQL(w), append(w.args, l.limit)...)
	if err != nil {
		return nil, err
	}
	return readEvents(l.ctx, l.tx, l.names, rows)
}

func walkSQL(w where) string {
	return selectEvents + " INDEXED BY events_time" + w.String() + newestFirst
}
