package clickhouse

import (
	"context"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// Hold keeps events as [store.Custodian] says. It binds what is begun after it:
// a removal that another process has begun goes on.
func (s *Store) Hold(ctx context.Context, h store.Hold) error {
	if err := h.Check(); err != nil {
		return err
	}
	s.custody.Lock()
	defer s.custody.Unlock()
	deed := h.Deed()
	h.Since = deed.Time
	if err := s.checkWriter(); err != nil {
		return s.wrap(ctx, err)
	}
	if err := s.stopExpiring(ctx); err != nil {
		return s.wrap(ctx, err)
	}
	ctx = context.WithoutCancel(ctx) // what is recorded is done
	if err := s.record(ctx, deed); err != nil {
		return s.wrap(ctx, err)
	}
	if err := s.putHold(ctx, h, false); err != nil {
		return s.wrap(ctx, err)
	}
	return s.wrap(ctx, s.stopExpiring(ctx)) // another process may have begun it before it could see the hold
}

// Release ends a hold as [store.Custodian] says.
func (s *Store) Release(ctx context.Context, name string, by store.Authority) error {
	s.custody.Lock()
	defer s.custody.Unlock()
	holds, err := s.holds(ctx)
	if err == nil {
		err = s.checkWriter()
	}
	if err != nil {
		return s.wrap(ctx, err)
	}
	for _, h := range holds {
		if h.Name != name {
			continue
		}
		ctx = context.WithoutCancel(ctx) // what is recorded is done
		if err := s.record(ctx, store.Released(name, by)); err != nil {
			return s.wrap(ctx, err)
		}
		if err := s.putHold(ctx, h, true); err != nil {
			return s.wrap(ctx, err)
		}
		return s.wrap(ctx, s.expire(ctx))
	}
	return store.ErrNoHold
}

func (s *Store) putHold(ctx context.Context, h store.Hold, released bool) error {
	return s.conn.Exec(writing(ctx, nil), "INSERT INTO holds (name, filter, since, by, reason, released, version) VALUES (?, ?, ?, ?, ?, ?, ?)",
		h.Name, h.Filter.String(), h.Since.UnixNano(), h.By, h.Reason, released, time.Now().UnixNano())
}

// Holds returns the holds as [store.Custodian] says.
func (s *Store) Holds(ctx context.Context) ([]store.Hold, error) {
	holds, err := s.holds(ctx)
	return holds, s.wrap(ctx, err)
}

func (s *Store) holds(ctx context.Context) ([]store.Hold, error) {
	rows, err := s.conn.Query(ctx, "SELECT name, filter, since, by, reason FROM holds FINAL WHERE NOT released ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []store.Hold
	for rows.Next() {
		var h store.Hold
		var filter string
		var since int64
		if err := rows.Scan(&h.Name, &filter, &since, &h.By, &h.Reason); err != nil {
			return nil, err
		}
		h.Since = fromNanoseconds(since)
		if h.Filter, err = query.Parse(filter, query.Options{}); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, rows.Err()
}

// heldSQL returns the condition that one of the holds selects an event.
func heldSQL(holds []store.Hold) (string, []any) {
	either, args := []string{"0"}, []any(nil)
	for _, h := range holds {
		w := filter(h.Filter)
		either = append(either, "("+strings.Join(append([]string{"1"}, w.conditions...), " AND ")+")")
		args = append(args, w.args...)
	}
	return "(" + strings.Join(either, " OR ") + ")", args
}

// Deeds returns what was done as [store.Custodian] says.
func (s *Store) Deeds(ctx context.Context) ([]store.Deed, error) {
	rows, err := s.conn.Query(ctx, "SELECT time, kind, what, events, by, reason FROM deeds ORDER BY time")
	if err != nil {
		return nil, s.wrap(ctx, err)
	}
	defer rows.Close()
	var all []store.Deed
	for rows.Next() {
		var d store.Deed
		var at, events int64
		if err := rows.Scan(&at, &d.Kind, &d.What, &events, &d.By, &d.Reason); err != nil {
			return nil, s.wrap(ctx, err)
		}
		d.Time, d.Events = fromNanoseconds(at), int(events)
		all = append(all, d)
	}
	return all, s.wrap(ctx, rows.Err())
}

// record leaves a deed. There is no transaction over it and what it tells of:
// it comes first, so that nothing is done without one.
func (s *Store) record(ctx context.Context, d store.Deed) error {
	return s.conn.Exec(writing(ctx, nil), "INSERT INTO deeds (time, kind, what, events, by, reason) VALUES (?, ?, ?, ?, ?, ?)",
		d.Time.UnixNano(), d.Kind, d.What, int64(d.Events), d.By, d.Reason)
}

// cutoff returns a moment of the server's clock before which all that this
// process adds is there to be seen and after which all that it adds later is
// stored.
func (s *Store) cutoff(ctx context.Context) (int64, error) {
	s.adding.Lock()
	defer s.adding.Unlock()
	var now int64
	err := s.conn.QueryRow(ctx, "SELECT toUnixTimestamp64Nano(now64(9))").Scan(&now)
	return now, err
}
