package clickhouse

import (
	"context"

	"github.com/activitylog-go/activitylog/store"
)

// Prune removes events as [store.Custodian] says, the events that were stored
// in one month after those of another. The server hides them at once and takes
// them off the disk when it next merges.
func (s *Store) Prune(ctx context.Context, p store.Prune) (int, error) {
	if err := p.Check(); err != nil {
		return 0, err
	}
	s.custody.Lock()
	defer s.custody.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, s.wrap(ctx, err)
	}
	n, err := s.prune(ctx, p)
	return n, s.wrap(ctx, err)
}

func (s *Store) prune(ctx context.Context, p store.Prune) (int, error) {
	if err := s.checkWriter(); err != nil {
		return 0, err
	}
	done := context.WithoutCancel(ctx) // it ends early between two steps only: what is recorded is done
	w, err := s.unheld(done)
	if err != nil {
		return 0, err
	}
	before, err := s.cutoff(done)
	if err != nil {
		return 0, err
	}
	w.and("ingested < ?", min(before, nanoseconds(p.Before)))
	terms := filter(p.Filter)
	w.conditions, w.args = append(w.conditions, terms.conditions...), append(w.args, terms.args...)

	months, err := s.months(done, w)
	pruned := 0
	for _, m := range months {
		step := where{conditions: append([]string{"toYYYYMM(toDateTime(intDiv(ingested, 1000000000), 'UTC')) = ?"}, w.conditions...), args: append([]any{m.month}, w.args...)}
		if err := ctx.Err(); err != nil {
			return pruned, err
		}
		if err := s.record(done, p.Deed(m.events)); err != nil {
			return pruned, err
		}
		if err := s.conn.Exec(done, "DELETE FROM "+s.local("events")+step.String()+" SETTINGS lightweight_deletes_sync = 2", step.args...); err != nil {
			return pruned, err
		}
		pruned += m.events
	}
	return pruned, err
}

// A month is a partition and the number of events in it.
type month struct {
	month  uint32
	events int
}

// months returns the partitions that have events which w holds for.
func (s *Store) months(ctx context.Context, w where) ([]month, error) {
	rows, err := s.conn.Query(ctx, "SELECT toYYYYMM(toDateTime(intDiv(ingested, 1000000000), 'UTC')) AS month, uniqExact(id) FROM events"+
		w.String()+" GROUP BY month ORDER BY month", w.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []month
	for rows.Next() {
		var m month
		var n uint64
		if err := rows.Scan(&m.month, &n); err != nil {
			return nil, err
		}
		m.events = int(n)
		all = append(all, m)
	}
	return all, rows.Err()
}

// unheld returns the condition that no hold selects an event.
func (s *Store) unheld(ctx context.Context) (where, error) {
	holds, err := s.holds(ctx)
	if err != nil {
		return where{}, err
	}
	held, args := heldSQL(holds)
	return where{conditions: []string{"NOT " + held}, args: args}, nil
}
