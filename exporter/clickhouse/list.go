package clickhouse

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

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
	places, err := s.newest(ctx, placeColumns, q.Filter, after, q.PageSize()+1)
	if err != nil {
		return store.Page{}, s.wrap(ctx, err)
	}
	var p store.Page
	if size := q.PageSize(); len(places) > size { // the one more shows that there is another page
		places = places[:size]
		p.Next = store.EncodeCursor(places[size-1].position(), q.Filter)
	}
	p.Events, err = s.at(ctx, places)
	return p, s.wrap(ctx, err)
}

// placeColumns are what tells the server where the whole row is. To sort rows
// it reads them, so it sorts these and not all of each event.
var placeColumns = columnsNamed("id", "time", "tenant")

func columnsNamed(names ...string) []column {
	return slices.DeleteFunc(slices.Clone(columns), func(c column) bool { return !slices.Contains(names, c.name) })
}

func (r *row) position() store.Position {
	return store.Position{Time: fromNanoseconds(r.time), ID: uuid.UUID([]byte(r.id))}
}

// at returns the events at places, in their order, less those that were pruned
// meanwhile.
func (s *Store) at(ctx context.Context, places []row) ([]activitylog.Event, error) {
	if len(places) == 0 {
		return nil, nil
	}
	var times []int64
	var tenants []string
	for _, p := range places {
		times, tenants = append(times, p.time), append(tenants, p.event.Tenant)
	}
	with, err := withIDs(ctx, idsOf(places))
	if err != nil {
		return nil, err
	}
	rows, err := s.read(with, readColumns, " WHERE tenant IN (?) AND time IN (?) AND id IN (SELECT id FROM batch) ORDER BY ingested, content",
		compact(tenants), compact(times))
	if err != nil {
		return nil, err
	}
	byID := map[string]*row{}
	for i := range rows {
		if _, ok := byID[rows[i].id]; !ok { // the first one counts
			byID[rows[i].id] = &rows[i]
		}
	}
	var events []activitylog.Event
	for _, p := range places {
		if r, ok := byID[p.id]; ok {
			e, err := r.decode()
			if err != nil {
				return nil, err
			}
			events = append(events, e)
		}
	}
	return events, nil
}

// compact returns each value once.
func compact[T cmp.Ordered](values []T) []T {
	slices.Sort(values)
	return slices.Compact(values)
}

// windows are how far back newest looks at first, at next and so on. The table
// is in the order of tenants: over all of them, the newest events are found by
// leaving out what is old.
var windows = []time.Duration{time.Hour, 24 * time.Hour, 30 * 24 * time.Hour}

// newest returns the newest n events that q selects behind after, with the
// columns, the place among them.
func (s *Store) newest(ctx context.Context, columns []column, q query.Query, after *store.Position, n int) ([]row, error) {
	if !hasOneTenant(q) {
		end := time.Now()
		if !q.Until.IsZero() && q.Until.Before(end) {
			end = q.Until
		}
		if after != nil && after.Time.Before(end) {
			end = after.Time
		}
		for _, window := range windows {
			recent := q
			if recent.Since = end.Add(-window); !recent.Since.After(q.Since) {
				break
			}
			if rows, err := s.distinct(ctx, columns, recent, after, n); err != nil || len(rows) == n {
				return rows, err
			}
		}
	}
	return s.distinct(ctx, columns, q, after, n)
}

func hasOneTenant(q query.Query) bool {
	return slices.ContainsFunc(q.Terms, func(t query.Term) bool {
		return t.Key == query.Tenant && !t.Negate && len(t.Values) == 1 && !t.Values[0].Glob
	})
}

// distinct is newest in one go. An event that was added twice at once is two
// rows, one after the other, until the server merges them: of such the first
// one counts, and the place of the others is filled.
func (s *Store) distinct(ctx context.Context, columns []column, q query.Query, after *store.Position, n int) ([]row, error) {
	var found []row
	for {
		w := filter(q)
		if after != nil {
			w.after(*after)
		}
		rows, err := s.read(ctx, columns, w.String()+" ORDER BY time DESC, id DESC, ingested LIMIT ?", append(w.args, n-len(found))...)
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
		last := found[len(found)-1].position()
		after = &last
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
