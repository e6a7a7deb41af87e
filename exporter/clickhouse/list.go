package clickhouse

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// List returns a page as [store.Store] says.
func (s *Store) List(ctx context.Context, q store.Query) (store.Page, error) {
	var after *store.Position
	if q.Cursor != "" {
		p, err := store.DecodeCursor(q.Cursor, q.Filter)
		if err != nil {
			return store.Page{}, err
		}
		after = &p
	}
	rows, err := s.newest(ctx, readColumns, q.Filter, after, q.PageSize()+1)
	if err != nil {
		return store.Page{}, s.wrap(ctx, err)
	}
	events, err := decodeAll(rows)
	if err != nil {
		return store.Page{}, s.wrap(ctx, err)
	}
	p := store.Page{Events: events}
	if size := q.PageSize(); len(events) > size { // the one more shows that there is another page
		p.Events = events[:size]
		p.Next = store.EncodeCursor(store.PositionOf(&events[size-1]), q.Filter)
	}
	return p, nil
}

// newest returns the newest n events that filter selects behind after, with the
// columns and what tells where they are. An event that was added twice at once
// is two rows, one after the other, until the server merges them: of such the
// first one counts, and the place of the others is filled.
func (s *Store) newest(ctx context.Context, columns []column, q query.Query, after *store.Position, n int) ([]row, error) {
	var found []row
	for {
		w := filter(q)
		if after != nil {
			w.after(*after)
		}
		rows, err := s.read(ctx, columns, w.String()+" ORDER BY day DESC, time DESC, id DESC, ingested LIMIT ?", append(w.args, n-len(found))...)
		if err != nil {
			return nil, err
		}
		full := len(rows) == n-len(found)
		for _, r := range rows {
			if len(found) == 0 || found[len(found)-1].id != r.id {
				found = append(found, r)
			}
		}
		if !full || len(found) == n {
			return found, nil
		}
		last := found[len(found)-1]
		after = &store.Position{Time: fromNanoseconds(last.time), ID: uuid.UUID([]byte(last.id))}
	}
}

// read returns rows of the events with the columns.
func (s *Store) read(ctx context.Context, columns []column, rest string, args ...any) ([]row, error) {
	rows, err := s.conn.Query(ctx, "SELECT "+strings.Join(names(columns), ", ")+" FROM events"+rest, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var read []row
	for rows.Next() {
		var r row
		fields := make([]any, len(columns))
		for i, c := range columns {
			fields[i] = c.field(&r)
		}
		if err := rows.Scan(fields...); err != nil {
			return nil, err
		}
		read = append(read, r)
	}
	return read, rows.Err()
}

func decodeAll(rows []row) ([]activitylog.Event, error) {
	var events []activitylog.Event
	for i := range rows {
		e, err := rows[i].decode()
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

// Get returns an event as [store.Store] says.
func (s *Store) Get(ctx context.Context, id string) (activitylog.Event, error) {
	key, err := store.ParseID(id)
	if err != nil {
		return activitylog.Event{}, store.ErrNotFound
	}
	rows, err := s.read(ctx, readColumns, " WHERE id = unhex(?) ORDER BY ingested, content LIMIT 1", hexID(key))
	if err != nil {
		return activitylog.Event{}, s.wrap(ctx, err)
	}
	if len(rows) == 0 {
		return activitylog.Event{}, store.ErrNotFound
	}
	e, err := rows[0].decode()
	return e, s.wrap(ctx, err)
}

func hexID(id uuid.UUID) string { return hex.EncodeToString(id[:]) }

func hexBytes(s string) string { return hex.EncodeToString([]byte(s)) }

// Count returns a number as [store.Store] says.
func (s *Store) Count(ctx context.Context, q query.Query, limit int) (int, error) {
	if limit <= 0 {
		return 0, ctx.Err()
	}
	w := filter(q)
	var n uint64
	sql := fmt.Sprintf("SELECT count() FROM (SELECT DISTINCT id FROM events%s LIMIT ?)", w.String())
	if err := s.conn.QueryRow(ctx, sql, append(w.args, limit)...).Scan(&n); err != nil {
		return 0, s.wrap(ctx, err)
	}
	return int(n), nil
}
