package clickhouse

import (
	"context"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// Erase forgets a person as [store.Custodian] says. The server writes the parts
// of the table anew that have their events, which it has done when Erase
// returns; it removes the old ones some minutes later.
func (s *Store) Erase(ctx context.Context, e store.Erasure) (erased, held int, err error) {
	if err := e.Check(); err != nil {
		return 0, 0, err
	}
	s.custody.Lock()
	defer s.custody.Unlock()
	erased, held, err = s.erase(ctx, e)
	return erased, held, s.wrap(ctx, err)
}

func (s *Store) erase(ctx context.Context, e store.Erasure) (erased, held int, err error) {
	if err := s.checkWriter(); err != nil {
		return 0, 0, err
	}
	holds, err := s.holds(ctx)
	if err != nil {
		return 0, 0, err
	}
	records, heldRecords, err := s.recordsOf(ctx, e, holds)
	if err != nil {
		return 0, 0, err
	}
	now, err := s.cutoff(ctx)
	if err != nil {
		return 0, 0, err
	}
	var concerned where
	concerned.and("(actor = ? OR behalf = ? OR has(target_ids, ?))", e.Person, e.Person, e.Person)
	concerned.and("erased = 0 AND ingested < ?", now)
	isHeld, args := heldSQL(holds)
	var all, kept uint64
	err = s.conn.QueryRow(ctx, "SELECT uniqExact(id), uniqExactIf(id, "+isHeld+") FROM events"+concerned.String(),
		slices.Concat(args, concerned.args)...).Scan(&all, &kept)
	if err != nil {
		return 0, 0, err
	}
	erased, held = int(all-kept)+len(records), int(kept)+heldRecords
	ctx = context.WithoutCancel(ctx) // what is recorded is done
	if err := s.record(ctx, e.Deed(erased)); err != nil {
		return 0, 0, err
	}
	if err := s.discard(ctx, records); err != nil || all == kept {
		return erased, held, err
	}
	concerned.and("NOT "+isHeld, args...)
	err = s.conn.Exec(ctx, "ALTER TABLE "+s.local("events")+" UPDATE "+forget+concerned.String()+" SETTINGS mutations_sync = 2",
		append([]any{now}, concerned.args...)...)
	return erased, held, err
}

// forget are the assignments of an erasure.
var forget = func() string {
	all := []string{"erased = ?"}
	for _, c := range personalText {
		all = append(all, c+" = ''")
	}
	for _, c := range personalLists {
		all = append(all, c+" = []")
	}
	return strings.Join(all, ", ")
}()

// recordsOf returns the records in quarantine that concern the person, and the
// number of those that are on hold.
func (s *Store) recordsOf(ctx context.Context, e store.Erasure, holds []store.Hold) (ids []string, held int, err error) {
	var last store.Quarantined // which another process may have discarded since
	for {
		page, err := s.quarantinedBehind(ctx, last.Time.UnixNano(), last.ID, store.MaxLimit)
		if err != nil {
			return nil, 0, err
		}
		if len(page) == 0 {
			return ids, held, nil
		}
		for _, q := range page {
			switch {
			case q.Raw != nil || !e.Concerns(&q.Event):
			case isHeld(holds, &q.Event):
				held++
			default:
				ids = append(ids, q.ID)
			}
		}
		last = page[len(page)-1]
	}
}

func isHeld(holds []store.Hold, e *activitylog.Event) bool {
	return slices.ContainsFunc(holds, func(h store.Hold) bool { return h.Filter.Match(e) })
}
