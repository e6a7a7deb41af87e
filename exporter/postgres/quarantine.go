package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

const insertQuarantined = `INSERT INTO activitylog.quarantine (hash, reason, event, salt, raw)
	VALUES (decode($1, 'hex'), $2, $3, $4, $5) ON CONFLICT DO NOTHING`

// Quarantine sets aside a record as [store.Quarantiner] says.
func (s *Store) Quarantine(ctx context.Context, raw []byte, reason string) error {
	if s.writer == nil {
		return s.explain(ctx, errReadOnly)
	}
	if raw == nil {
		raw = []byte{} // unlike NULL
	}
	_, err := s.pool.Exec(ctx, insertQuarantined, store.RecordID(raw), plain(reason), nil, nil, raw)
	return s.explain(ctx, err)
}

// plain is a text that the server takes: a reason may quote what it did not.
func plain(text string) string {
	e := activitylog.Event{Reason: text}
	e.Clean()
	return e.Reason
}

// putAside puts into quarantine events whose ids are taken.
func putAside(ctx context.Context, tx pgx.Tx, conflicts []entry) error {
	for _, c := range conflicts {
		text, err := json.Marshal(c.event)
		if err != nil {
			return err
		}
		id, err := store.ConflictID(*c.event)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insertQuarantined, id, store.ReasonConflict, string(text), c.event.Salt, nil); err != nil {
			return err
		}
	}
	return nil
}

// Quarantined returns what was set aside as [store.Quarantiner] says.
func (s *Store) Quarantined(ctx context.Context, after string, limit int) ([]store.Quarantined, error) {
	var all []store.Quarantined
	err := s.reading(ctx, func(tx pgx.Tx) error {
		pos := int64(-1)
		if after != "" {
			err := tx.QueryRow(ctx, "SELECT pos FROM activitylog.quarantine WHERE hash = $1", hashOf(after)).Scan(&pos)
			if err != nil {
				return err
			}
		}
		rows, err := tx.Query(ctx, `SELECT hash, time, reason, event, salt, raw FROM activitylog.quarantine
			WHERE pos > $1 ORDER BY pos LIMIT $2`, pos, store.Query{Limit: limit}.PageSize())
		if err == nil {
			all, err = pgx.CollectRows(rows, scanQuarantined)
		}
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, store.ErrNotQuarantined
	}
	return all, err
}

func scanQuarantined(row pgx.CollectableRow) (store.Quarantined, error) {
	var q store.Quarantined
	var hash []byte
	var event, salt *string
	if err := row.Scan(&hash, &q.Time, &q.Reason, &event, &salt, &q.Raw); err != nil {
		return q, err
	}
	q.ID, q.Time = hex.EncodeToString(hash), q.Time.UTC()
	if event == nil {
		return q, nil
	}
	if err := json.Unmarshal([]byte(*event), &q.Event); err != nil {
		return q, err
	}
	q.Event.Salt = *salt
	q.Event = store.Kept(q.Event)
	return q, nil
}

// Discard removes a record as [store.Quarantiner] says.
func (s *Store) Discard(ctx context.Context, id string, by store.Authority) error {
	if s.tenant != "" {
		return s.explain(ctx, errNarrowed)
	}
	done := false
	err := s.pool.QueryRow(ctx, "SELECT activitylog.discard($1, $2, $3)", hashOf(id), by.By, by.Reason).Scan(&done)
	if err == nil && !done {
		return store.ErrNotQuarantined
	}
	return s.explain(ctx, err)
}

// hashOf returns the hash that id is written of, or none, which no record has.
func hashOf(id string) []byte {
	hash, err := hex.DecodeString(id)
	if err != nil || hex.EncodeToString(hash) != id {
		return []byte{}
	}
	return hash
}
