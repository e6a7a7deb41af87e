package clickhouse

import (
	"context"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// inFlight is how long another process's insert may take that this one's look
// for its events has not seen.
const inFlight = time.Minute

// settle looks for events that other processes have added under ids of fresh
// since this one looked for them. Of those that differ, the one that the server
// took first stays; all others are put aside, by whoever comes last.
func (s *Store) settle(ctx context.Context, b *batch, fresh []row, elapsed time.Duration) error {
	with, err := withIDs(ctx, idsOf(fresh))
	if err != nil {
		return err
	}
	const recent = ` FROM events WHERE ingested >= toUnixTimestamp64Nano(now64(9)) - ? AND id IN (SELECT id FROM batch)`
	since := int64(elapsed + inFlight)
	var n uint64
	if err := s.conn.QueryRow(with, "SELECT count()"+recent, since).Scan(&n); err != nil || n == uint64(len(fresh)) {
		return err
	}
	var doubled []string
	err = s.conn.QueryRow(with, "SELECT groupArray(id) FROM (SELECT id"+recent+" GROUP BY id HAVING count() > 1)", since).Scan(&doubled)
	if err != nil || len(doubled) == 0 {
		return err
	}
	return s.separate(ctx, b, doubled)
}

// separate puts aside all but the first of different events with one id.
func (s *Store) separate(ctx context.Context, b *batch, ids []string) error {
	found, err := s.whole(ctx, ids)
	if err != nil {
		return err
	}
	first := map[string]activitylog.Event{}
	var losers []row
	var aside []activitylog.Event
	for _, r := range found {
		e, err := r.decode()
		if err != nil {
			return err
		}
		if winner, ok := first[r.id]; !ok {
			first[r.id] = e
		} else if !store.Same(winner, e) {
			losers, aside = append(losers, r), append(aside, e)
		}
	}
	for id, winner := range first {
		if mine := b.rows[b.first[id]].event; !store.Same(winner, mine) {
			b.lost++
			aside = append(aside, mine)
		}
	}
	if err := s.putAside(ctx, aside); err != nil {
		return err
	}
	return s.remove(ctx, losers)
}

// remove removes these rows, from the disk and not only from view.
func (s *Store) remove(ctx context.Context, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	var either []string
	var args []any
	for _, r := range rows {
		either = append(either, "id = unhex(?) AND content = ? AND ingested = ?")
		args = append(args, hexBytes(r.id), r.content, r.ingested)
	}
	return s.conn.Exec(ctx, "ALTER TABLE "+s.local("events")+" DELETE WHERE "+strings.Join(either, " OR ")+" SETTINGS mutations_sync = 2", args...)
}

// whole returns the rows with these ids, those that the server took first at
// first.
func (s *Store) whole(ctx context.Context, ids []string) ([]row, error) {
	with, err := withIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	return s.read(with, readColumns, " WHERE id IN (SELECT id FROM batch) ORDER BY ingested, content")
}
