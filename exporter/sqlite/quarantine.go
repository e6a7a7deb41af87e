package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// Quarantine sets aside a record as [store.Quarantiner] says.
func (s *Store) Quarantine(ctx context.Context, raw []byte, reason string) error {
	return s.write(ctx, func(b *batch) error {
		hash := sha256.Sum256(raw)
		return b.exec(b.w.putAside, hash[:], b.now, reason, nil, nil, raw)
	})
}

// conflict puts into quarantine an event whose id is taken.
func (b *batch) conflict(e *activitylog.Event) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	unobserved := *e
	unobserved.Observed = time.Time{} // so that it is the same when it is sent again
	content, err := json.Marshal(unobserved)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(append(content, e.Salt...))
	return b.exec(b.w.putAside, hash[:], b.now, store.ReasonConflict, string(text), e.Salt, nil)
}

// Quarantined returns what was set aside, oldest first.
func (s *Store) Quarantined(ctx context.Context) ([]store.Quarantined, error) {
	var all []store.Quarantined
	err := s.reading(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT time, reason, event, salt, raw FROM quarantine ORDER BY pos")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			q, err := scanQuarantined(rows)
			if err != nil {
				return err
			}
			all = append(all, q)
		}
		return rows.Err()
	})
	return all, err
}

func scanQuarantined(rows *sql.Rows) (store.Quarantined, error) {
	var at int64
	var event, salt sql.NullString
	var q store.Quarantined
	if err := rows.Scan(&at, &q.Reason, &event, &salt, &q.Raw); err != nil {
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
