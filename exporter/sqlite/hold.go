package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// Hold keeps events as [store.Custodian] says.
func (s *Store) Hold(ctx context.Context, h store.Hold) error {
	if err := h.Check(); err != nil {
		return err
	}
	return s.write(ctx, func(b *batch) error {
		deed := h.Deed()
		_, err := b.tx.ExecContext(ctx, "INSERT OR REPLACE INTO holds (name, filter, since, by, reason) VALUES (?, ?, ?, ?, ?)",
			h.Name, h.Filter.String(), deed.Time.UnixNano(), h.By, h.Reason)
		if err != nil {
			return err
		}
		return b.deed(deed)
	})
}

// Release ends a hold as [store.Custodian] says.
func (s *Store) Release(ctx context.Context, name string, by store.Authority) error {
	return s.write(ctx, func(b *batch) error {
		deleted, err := b.tx.ExecContext(ctx, "DELETE FROM holds WHERE name = ?", name)
		if err != nil {
			return err
		}
		switch n, err := deleted.RowsAffected(); {
		case err != nil:
			return err
		case n == 0:
			return store.ErrNoHold
		}
		return b.deed(store.Released(name, by))
	})
}

// Holds returns the holds as [store.Custodian] says.
func (s *Store) Holds(ctx context.Context) (all []store.Hold, err error) {
	err = s.reading(ctx, func(tx *sql.Tx) error {
		all, err = readHolds(ctx, tx)
		return err
	})
	return all, err
}

func readHolds(ctx context.Context, tx *sql.Tx) ([]store.Hold, error) {
	rows, err := tx.QueryContext(ctx, "SELECT name, filter, since, by, reason FROM holds ORDER BY name")
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
		if h.Filter, err = query.Parse(filter, query.Options{}); err != nil {
			return nil, fmt.Errorf("hold %q is damaged: %w", h.Name, err)
		}
		h.Since = fromNanoseconds(since)
		all = append(all, h)
	}
	return all, rows.Err()
}

// holds are those that are in force in a transaction.
type holds []store.Hold

// where returns the condition that an event is on hold.
func (h holds) where() (condition string, args []any) {
	either := []string{"0"}
	for _, hold := range h {
		var w where
		w.and("1")
		w.filter(hold.Filter)
		either = append(either, "("+strings.Join(w.conditions, " AND ")+")")
		args = append(args, w.args...)
	}
	return "(" + strings.Join(either, " OR ") + ")", args
}

func (h holds) match(e *activitylog.Event) bool {
	for _, hold := range h {
		if hold.Filter.Match(e) {
			return true
		}
	}
	return false
}

// Deeds returns what was done as [store.Custodian] says.
func (s *Store) Deeds(ctx context.Context) (all []store.Deed, err error) {
	err = s.reading(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT time, kind, what, events, by, reason FROM deeds ORDER BY pos")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var d store.Deed
			var at int64
			if err := rows.Scan(&at, &d.Kind, &d.What, &d.Events, &d.By, &d.Reason); err != nil {
				return err
			}
			d.Time = fromNanoseconds(at)
			all = append(all, d)
		}
		return errors.Join(rows.Err(), rows.Close())
	})
	return all, err
}

// deed notes what the transaction does.
func (b *batch) deed(d store.Deed) error {
	return b.exec(b.w.addDeed, d.Time.UnixNano(), d.Kind, d.What, d.Events, d.By, d.Reason)
}

// lastDeed returns the number of the deed that was done last, 0 for none.
func (b *batch) lastDeed() (n int64, err error) {
	err = b.tx.StmtContext(b.ctx, b.w.lastDeed).QueryRowContext(b.ctx).Scan(&n)
	return n, err
}
