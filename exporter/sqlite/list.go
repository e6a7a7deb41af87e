package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// List returns a page as [store.Store] says.
func (s *Store) List(ctx context.Context, q store.Query) (store.Page, error) {
	query, args, err := listSQL(q)
	if err != nil {
		return store.Page{}, err
	}
	events, err := s.query(ctx, query, args...)
	if err != nil {
		return store.Page{}, fmt.Errorf("sqlite store %s: %w", s.file, explain(ctx, err))
	}
	p := store.Page{Events: events}
	if size := q.PageSize(); len(events) > size { // one more shows that there is another page
		p.Events = events[:size]
		p.Next = store.EncodeCursor(store.PositionOf(&events[size-1]), q.Filter)
	}
	return p, nil
}

// listSQL returns the statement that reads a page and one event more.
func listSQL(q store.Query) (string, []any, error) {
	w := where{}
	w.times(q.Filter)
	if q.Cursor != "" {
		at, err := store.DecodeCursor(q.Cursor, q.Filter)
		if err != nil {
			return "", nil, err
		}
		w.and("(time, id) < (?, ?)", at.Time.UnixNano(), at.ID[:])
	}
	for _, t := range q.Filter.Terms {
		w.term(t)
	}
	query := "SELECT " + strings.Join(columns, ", ") + " FROM events INDEXED BY " + path(q.Filter) +
		w.String() + " ORDER BY time DESC, id DESC LIMIT ?"
	return query, append(w.args, q.PageSize()+1), nil
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
	events, err := s.query(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM events WHERE id = ?", key[:])
	if err != nil {
		return activitylog.Event{}, fmt.Errorf("sqlite store %s: %w", s.file, explain(ctx, err))
	}
	if len(events) == 0 {
		return activitylog.Event{}, store.ErrNotFound
	}
	return events[0], nil
}

// query returns the events that a statement finds.
func (s *Store) query(ctx context.Context, query string, args ...any) ([]activitylog.Event, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return readEvents(ctx, s.read, s.names, rows)
}

// Quarantined returns what was set aside, oldest first.
func (s *Store) Quarantined(ctx context.Context) ([]store.Quarantined, error) {
	all, err := s.quarantined(ctx)
	if err != nil {
		return nil, fmt.Errorf("sqlite store %s: %w", s.file, explain(ctx, err))
	}
	return all, nil
}

func (s *Store) quarantined(ctx context.Context) ([]store.Quarantined, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT time, reason, event, salt, raw FROM quarantine ORDER BY pos")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []store.Quarantined
	for rows.Next() {
		var at int64
		var event, salt sql.NullString
		var q store.Quarantined
		if err := rows.Scan(&at, &q.Reason, &event, &salt, &q.Raw); err != nil {
			return nil, err
		}
		q.Time = time.Unix(0, at).UTC()
		if event.Valid {
			if err := json.Unmarshal([]byte(event.String), &q.Event); err != nil {
				return nil, err
			}
			q.Event.Salt = salt.String
			q.Event = store.Kept(q.Event)
		}
		all = append(all, q)
	}
	return all, rows.Err()
}
