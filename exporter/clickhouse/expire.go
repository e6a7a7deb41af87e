package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/activitylog-go/activitylog/store"
)

const expiry = "TTL toDateTime(intDiv(ingested, 1000000000), 'UTC') + toIntervalSecond(%d)"

// expire lets the server remove events by itself, if the DSN says so and there
// is no hold, which the server knows nothing of.
func (s *Store) expire(ctx context.Context) error {
	if !s.config.expires {
		return nil
	}
	holds, err := s.holds(ctx)
	if err != nil {
		return err
	}
	if len(holds) > 0 || s.config.ttl == 0 {
		return s.stopExpiring(ctx)
	}
	ttl := fmt.Sprintf(expiry, int64(s.config.ttl.Seconds()))
	if present, err := s.expiresBy(ctx, ttl); err != nil || present {
		return err
	}
	deed := store.Deed{
		Time: time.Now().UTC(), Kind: store.DeedPruned, What: "from now on, what was stored longer ago than " + s.config.ttl.String(),
		Authority: store.Authority{By: "activitylog", Reason: "ttl of the store"},
	}
	if err := s.record(ctx, deed); err != nil {
		return err
	}
	later := clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"materialize_ttl_after_modify": 0}))
	if err := s.conn.Exec(later, "ALTER TABLE "+s.local("events")+" MODIFY "+ttl); err != nil {
		return err
	}
	// A hold of another process that came in between saw no TTL to end.
	if holds, err = s.holds(ctx); err != nil || len(holds) > 0 {
		return errors.Join(err, s.stopExpiring(ctx))
	}
	return s.conn.Exec(ctx, "ALTER TABLE "+s.local("events")+" MATERIALIZE TTL")
}

// stopExpiring keeps the server from removing events by itself.
func (s *Store) stopExpiring(ctx context.Context) error {
	if present, err := s.expiresBy(ctx, "TTL "); err != nil || !present {
		return err
	}
	err := s.conn.Exec(ctx, "ALTER TABLE "+s.local("events")+" REMOVE TTL")
	if present, _ := s.expiresBy(ctx, "TTL "); err != nil && !present {
		return nil // another process was first
	}
	return err
}

func (s *Store) expiresBy(ctx context.Context, ttl string) (bool, error) {
	table := "events"
	if s.config.cluster != "" {
		table = "events_local"
	}
	var n uint64
	err := s.conn.QueryRow(ctx, `SELECT count() FROM system.tables
		WHERE database = currentDatabase() AND name = ? AND position(engine_full, ?) > 0`, table, ttl).Scan(&n)
	return n > 0, err
}
