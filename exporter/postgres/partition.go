package postgres

import (
	"context"
	"encoding/binary"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// defaultPartition has the events whose ids are of no month that there can be.
const defaultPartition = "events_default"

// monthsAhead is for how many months partitions are made beforehand, this one
// included.
const monthsAhead = 3

// partitions knows which partitions there are. Rows are copied into a partition
// and not into the table above it: that is faster, and COPY into a table with
// row-level security is refused.
type partitions struct {
	mu    sync.RWMutex
	known map[string]bool
	retry time.Time // no partition is made before
}

// monthOf returns the beginning of the month that id names.
func monthOf(id uuid.UUID) time.Time {
	ms := binary.BigEndian.Uint64(id[:8]) >> 16
	at := time.UnixMilli(int64(ms)).UTC()
	return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
}

func partitionName(month time.Time) string { return "events_" + month.Format("2006_01") }

// load asks which partitions there are.
func (p *partitions) load(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, `SELECT relname::text FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
		WHERE inhparent = 'activitylog.events'::regclass AND NOT inhdetachpending`)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, name := range names {
		known[name] = true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = known
	return nil
}

// makeAhead makes the partitions of this month and the next ones. If that
// cannot be done now, it is tried again later: until then, the default
// partition takes the events.
func (p *partitions) makeAhead(ctx context.Context, pool *pgxpool.Pool, now time.Time) {
	first := time.Date(now.UTC().Year(), now.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
	for i := range monthsAhead {
		p.ensure(ctx, pool, first.AddDate(0, i, 0))
	}
}

// of returns the partition for an id of this month, which it makes if there is none.
func (p *partitions) of(ctx context.Context, pool *pgxpool.Pool, month time.Time) string {
	if p.ensure(ctx, pool, month) {
		return partitionName(month)
	}
	return defaultPartition
}

// ensure makes the partition of a month, unless there is one, and reports
// whether there is one then. A month that is far away is one of a clock that is
// wrong, or of an id that is no UUID of version 7.
func (p *partitions) ensure(ctx context.Context, pool *pgxpool.Pool, month time.Time) bool {
	name, now := partitionName(month), time.Now()
	p.mu.RLock()
	known, wait := p.known[name], now.Before(p.retry)
	p.mu.RUnlock()
	if known || wait || month.Before(now.AddDate(-10, 0, 0)) || month.After(now.AddDate(0, 4, 0)) {
		return known
	}
	var made bool
	err := pool.QueryRow(ctx, "SELECT activitylog.make_partition($1)", month).Scan(&made)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.retry = now.Add(retryPartition)
		return false
	}
	p.known[name] = made
	return made
}

// retryPartition is how long no partition is made after that has failed, as it
// does while somebody holds a lock on the default partition.
const retryPartition = 30 * time.Second
