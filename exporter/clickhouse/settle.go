package clickhouse

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

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
	var there, doubled []string
	err = s.conn.QueryRow(with, "SELECT groupArray(id), groupArrayIf(id, n > 1) FROM (SELECT id, count() AS n"+recent+" GROUP BY id)", since).
		Scan(&there, &doubled)
	if err != nil {
		return err
	}
	if err := s.addMissing(ctx, fresh, there); err != nil || len(doubled) == 0 {
		return err
	}
	return s.giveWay(ctx, b, doubled)
}

// addMissing adds those of fresh that are not there although the server took
// them: it had the token of a batch whose rows it lost when it was killed
// between writing down the one and the other. Replicated tables do both at
// once; there, what is not to be seen is on a replica that is behind.
func (s *Store) addMissing(ctx context.Context, fresh []row, there []string) error {
	if s.config.cluster != "" {
		return nil
	}
	present := map[string]bool{}
	for _, id := range there {
		present[id] = true
	}
	var missing []row
	for _, r := range fresh {
		if !present[r.id] {
			missing = append(missing, r)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return s.insert(ctx, missing, uuid.NewString())
}

// giveWay puts aside those events of b that are not the first of their ids.
func (s *Store) giveWay(ctx context.Context, b *batch, ids []string) error {
	first, err := s.separate(ctx, ids)
	if err != nil {
		return err
	}
	var aside []activitylog.Event
	for id, winner := range first {
		if mine := b.rows[b.first[id]].event; !store.Same(winner, mine) {
			aside = append(aside, mine) // again, if another process has not done so
		}
	}
	b.lost += len(aside)
	return s.putAside(ctx, aside)
}

// separate returns the first event of each of the ids. Others with one of the
// ids that differ from it are put aside: two processes added them at once, and
// perhaps ended before they saw it.
func (s *Store) separate(ctx context.Context, ids []string) (first map[string]activitylog.Event, err error) {
	with, err := withIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	found, err := s.read(with, readColumns, " WHERE id IN (SELECT id FROM batch) ORDER BY ingested, content")
	if err != nil {
		return nil, err
	}
	first = map[string]activitylog.Event{}
	var losers []row
	var aside []activitylog.Event
	for _, r := range found {
		e, err := r.decode()
		if err != nil {
			return nil, err
		}
		if winner, ok := first[r.id]; !ok {
			first[r.id] = e
		} else if !store.Same(winner, e) {
			losers, aside = append(losers, r), append(aside, e)
		}
	}
	if err := s.putAside(ctx, aside); err != nil {
		return nil, err
	}
	return first, s.remove(ctx, losers)
}

// atOnce is how many rows a statement names that removes them: the server takes
// no statement longer than 256 KiB.
const atOnce = 1000

// remove removes these rows, from the disk and not only from view.
func (s *Store) remove(ctx context.Context, rows []row) error {
	for some := range slices.Chunk(rows, atOnce) {
		var places []string
		var args []any
		for _, r := range some {
			places = append(places, "(?, ?, ?)")
			args = append(args, hexBytes(r.id), r.content, r.ingested)
		}
		err := s.conn.Exec(ctx, "ALTER TABLE "+s.local("events")+" DELETE WHERE (lower(hex(id)), content, ingested) IN ("+
			strings.Join(places, ", ")+") SETTINGS mutations_sync = 2", args...)
		if err != nil {
			return err
		}
	}
	return nil
}
