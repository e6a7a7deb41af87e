package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// Quarantine sets aside a record as [store.Quarantiner] says.
func (s *Store) Quarantine(ctx context.Context, raw []byte, reason string) error {
	return s.write(ctx, func(b *batch) error {
		return b.exec(b.w.putAside, store.RecordID(raw), b.now, reason, nil, nil, raw)
	})
}

// conflict puts into quarantine an event whose id is taken.
func (b *batch) conflict(e activitylog.Event) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	id, err := store.ConflictID(e)
	if err != nil {
		return err
	}
	return b.exec(b.w.putAside, id, b.now, store.ReasonConflict, string(text), e.Salt, nil)
}

const selectQuarantined = "SELECT id, time, reason, event, salt, raw FROM quarantine"

// Quarantined returns what was set aside as [store.Quarantiner] says.
func (s *Store) Quarantined(ctx context.Context, after string, limit int) ([]store.Quarantined, error) {
	var page []store.Quarantined
	err := s.reading(ctx, func(tx *sql.Tx) error {
		var pos int64
		if after != "" {
			err := tx.QueryRowContext(ctx, "SELECT pos FROM quarantine WHERE id = ?", after).Scan(&pos)
			if errors.Is(err, sql.ErrNoRows) {
				return store.ErrNotQuarantined
			}
			if err != nil {
				return err
			}
		}
		size := store.Query{Limit: limit}.PageSize()
		rows, err := tx.QueryContext(ctx, selectQuarantined+" WHERE pos > ? ORDER BY pos LIMIT ?", pos, size)
		if err != nil {
			return err
		}
		page, err = readQuarantined(rows)
		return err
	})
	return page, err
}

// Discard removes a record as [store.Quarantiner] says.
func (s *Store) Discard(ctx context.Context, id string, by store.Authority) error {
	return s.write(ctx, func(b *batch) error {
		if err := b.unquarantine(id); err != nil {
			return err
		}
		return b.deed(store.Discarded(id, by))
	})
}

func (b *batch) unquarantine(id string) error {
	deleted, err := b.tx.ExecContext(b.ctx, "DELETE FROM quarantine WHERE id = ?", id)
	if err != nil {
		return err
	}
	n, err := deleted.RowsAffected()
	if err == nil && n == 0 {
		err = store.ErrNotQuarantined
	}
	return err
}

// readQuarantined reads rows to their end and closes them.
func readQuarantined(rows *sql.Rows) ([]store.Quarantined, error) {
	defer rows.Close()
	var all []store.Quarantined
	for rows.Next() {
		q, err := scanQuarantined(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, errors.Join(rows.Err(), rows.Close())
}

func scanQuarantined(rows *sql.Rows) (store.Quarantined, error) {
	var at int64
	var event, salt sql.NullString
	var q store.Quarantined
	if err := rows.Scan(&q.ID, &at, &q.Reason, &event, &salt, &q.Raw); err != nil {
		return q, err
	}
	q.Time = fromNanoseconds(at)
	if !event.Valid {
		return q, nil
	}
	if err := json.Unmarshal([]byte(event.String), &q.Event); err != nil {
		return q, err
	}
	q.Event.Salt = salt.String
	q.Event = store.Kept(q.Event)
	return q, nil
}
