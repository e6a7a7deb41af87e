package clickhouse

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// Quarantine sets aside a record as [store.Quarantiner] says.
func (s *Store) Quarantine(ctx context.Context, raw []byte, reason string) error {
	return s.wrap(ctx, s.quarantine(ctx, []quarantined{{id: store.RecordID(raw), reason: reason, raw: string(raw)}}))
}

// A quarantined record as it is kept: raw or, as JSON with the salt beside it,
// an event.
type quarantined struct {
	id, reason, event, salt, raw string
}

// putAside puts into quarantine events whose ids are taken.
func (s *Store) putAside(ctx context.Context, events []activitylog.Event) error {
	var records []quarantined
	for _, e := range events {
		e = store.Kept(e) // without what the store has added
		id, err := store.ConflictID(e)
		if err != nil {
			return err
		}
		text, err := json.Marshal(e)
		if err != nil {
			return err
		}
		records = append(records, quarantined{id: id, reason: store.ReasonConflict, event: string(text), salt: e.Salt})
	}
	return s.quarantine(ctx, records)
}

// quarantine adds records that are not there yet. What two processes add at
// once is one record, of the time of the first.
func (s *Store) quarantine(ctx context.Context, records []quarantined) error {
	if err := s.checkWriter(); err != nil || len(records) == 0 {
		return err
	}
	present, err := s.inQuarantine(ctx, records)
	if err != nil {
		return err
	}
	b, err := s.conn.PrepareBatch(writing(ctx, nil), "INSERT INTO quarantine (id, time, reason, event, salt, raw)")
	if err != nil {
		return err
	}
	defer b.Close()
	now := time.Now().UnixNano()
	for i, r := range records {
		id, err := hex.DecodeString(r.id)
		if err != nil {
			return err
		}
		if present[string(id)] {
			continue
		}
		present[string(id)] = true
		if err := b.Append(string(id), now+int64(i), r.reason, r.event, r.salt, r.raw); err != nil { // in this order
			return err
		}
	}
	return b.Send()
}

// inQuarantine returns which of the records are there, by the bytes of their ids.
func (s *Store) inQuarantine(ctx context.Context, records []quarantined) (map[string]bool, error) {
	ids := make([]string, len(records))
	for i, r := range records {
		id, err := hex.DecodeString(r.id)
		if err != nil {
			return nil, err
		}
		ids[i] = string(id)
	}
	with, err := withIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var found []string
	err = s.conn.QueryRow(with, "SELECT groupArray(id) FROM quarantine WHERE id IN (SELECT id FROM batch)").Scan(&found)
	present := map[string]bool{}
	for _, id := range found {
		present[id] = true
	}
	return present, err
}

// Quarantined returns records as [store.Quarantiner] says.
func (s *Store) Quarantined(ctx context.Context, after string, limit int) ([]store.Quarantined, error) {
	var at int64
	if after != "" {
		var err error
		if at, err = s.quarantinedAt(ctx, after); err != nil {
			return nil, err
		}
	}
	return s.quarantinedBehind(ctx, at, after, limit)
}

// quarantinedBehind returns the records behind the one that was put aside at a
// time, whether or not it is still there; the first ones if after is empty.
func (s *Store) quarantinedBehind(ctx context.Context, at int64, after string, limit int) ([]store.Quarantined, error) {
	var w where
	if after != "" {
		w.and("(time, id) > (?, toFixedString(unhex(?), 32))", at, after)
	}
	rows, err := s.conn.Query(ctx, "SELECT lower(hex(id)), time, reason, event, salt, raw FROM quarantine FINAL"+
		w.String()+" ORDER BY time, id LIMIT ?", append(w.args, store.Query{Limit: limit}.PageSize())...)
	if err != nil {
		return nil, s.wrap(ctx, err)
	}
	defer rows.Close()
	var all []store.Quarantined
	for rows.Next() {
		var r quarantined
		var at int64
		if err := rows.Scan(&r.id, &at, &r.reason, &r.event, &r.salt, &r.raw); err != nil {
			return nil, s.wrap(ctx, err)
		}
		q, err := r.decode(at)
		if err != nil {
			return nil, s.wrap(ctx, err)
		}
		all = append(all, q)
	}
	return all, s.wrap(ctx, rows.Err())
}

func (r quarantined) decode(at int64) (store.Quarantined, error) {
	q := store.Quarantined{ID: r.id, Reason: r.reason, Time: fromNanoseconds(at)}
	if r.event == "" {
		q.Raw = []byte(r.raw)
		return q, nil
	}
	if err := json.Unmarshal([]byte(r.event), &q.Event); err != nil {
		return q, err
	}
	q.Event.Salt = r.salt
	q.Event = store.Kept(q.Event)
	return q, nil
}

// quarantinedAt returns when a record was put aside.
func (s *Store) quarantinedAt(ctx context.Context, id string) (int64, error) {
	if b, err := hex.DecodeString(id); err != nil || len(b) != 32 || hex.EncodeToString(b) != id {
		return 0, store.ErrNotQuarantined
	}
	var at int64
	err := s.conn.QueryRow(ctx, "SELECT time FROM quarantine FINAL WHERE id = unhex(?)", id).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, store.ErrNotQuarantined
	}
	return at, s.wrap(ctx, err)
}

// Discard removes a record as [store.Quarantiner] says.
func (s *Store) Discard(ctx context.Context, id string, by store.Authority) error {
	s.custody.Lock()
	defer s.custody.Unlock()
	if err := s.checkWriter(); err != nil {
		return s.wrap(ctx, err)
	}
	if _, err := s.quarantinedAt(ctx, id); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // what is recorded is done
	if err := s.record(ctx, store.Discarded(id, by)); err != nil {
		return s.wrap(ctx, err)
	}
	return s.wrap(ctx, s.discard(ctx, []string{id}))
}

// discard removes records from the disk, not only from view.
func (s *Store) discard(ctx context.Context, ids []string) error {
	for some := range slices.Chunk(ids, atOnce) {
		err := s.conn.Exec(ctx, "ALTER TABLE "+s.local("quarantine")+" DELETE WHERE lower(hex(id)) IN (?) SETTINGS mutations_sync = 2", some)
		if err != nil {
			return err
		}
	}
	return nil
}
