package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// custodyStep is how many events a transaction removes or erases.
const custodyStep = 1000

// custody runs do in a transaction during which no hold begins or ends, and
// again if that and somebody who appends have waited for one another.
func (s *Store) custody(ctx context.Context, do func(pgx.Tx, []store.Hold) error) (err error) {
	if s.tenant != "" {
		return errNarrowed
	}
	for range maxAttempts {
		if err = s.custodyOnce(ctx, do); !mayPass(err) {
			return err
		}
	}
	return err
}

func (s *Store) custodyOnce(ctx context.Context, do func(pgx.Tx, []store.Hold) error) error {
	return pgx.BeginTxFunc(ctx, s.pool, writing, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('activitylog.custody'))"); err != nil {
			return err
		}
		holds, err := holds(ctx, tx)
		if err != nil {
			return err
		}
		return do(tx, holds)
	})
}

func isHeld(holds []store.Hold, e *activitylog.Event) bool {
	return slices.ContainsFunc(holds, func(h store.Hold) bool { return h.Filter.Match(e) })
}

// pages calls do with the events of l, page by page, newest first. Each page is
// read anew, so that it is not the state of a long time ago.
func (s *Store) pages(ctx context.Context, l list, do func([]activitylog.Event) error) error {
	for {
		var events []activitylog.Event
		var last *store.Position
		err := s.reading(ctx, func(tx pgx.Tx) error {
			found, err := l.in(ctx, tx).find(custodyStep)
			if err != nil || len(found) == 0 {
				return err
			}
			last = found[len(found)-1].position()
			events, err = read(ctx, tx, found)
			return err
		})
		if err != nil || last == nil {
			return err
		}
		if err := do(events); err != nil {
			return err
		}
		l.after = last
	}
}

// Prune removes events as [store.Custodian] says: whole partitions where all
// of it may go, else event by event.
func (s *Store) Prune(ctx context.Context, p store.Prune) (int, error) {
	if err := p.Check(); err != nil {
		return 0, err
	}
	if s.tenant != "" {
		return 0, s.explain(ctx, errNarrowed)
	}
	n := 0
	if len(p.Filter.Terms) == 0 {
		dropped, err := s.dropPartitions(ctx, p)
		n += dropped
		if err != nil {
			return n, s.explain(ctx, err)
		}
	}
	before := p.Before.UTC().Format("2006-01-02 15:04:05.999999999Z07:00")
	l := list{filter: p.Filter, more: []string{"ingested < '" + before + "'"}}
	err := s.pages(ctx, l, func(events []activitylog.Event) error {
		removed, err := s.remove(ctx, p, events)
		n += removed
		return err
	})
	if err == nil && n > 0 {
		_, err = s.pool.Exec(ctx, "SELECT activitylog.forget_chunks()")
	}
	return n, s.explain(ctx, err)
}

func (s *Store) remove(ctx context.Context, p store.Prune, events []activitylog.Event) (n int, err error) {
	deed := p.Deed(0)
	err = s.custody(ctx, func(tx pgx.Tx, holds []store.Hold) error {
		var gone []string
		for i := range events {
			if !isHeld(holds, &events[i]) {
				gone = append(gone, events[i].ID)
			}
		}
		if len(gone) == 0 {
			return nil
		}
		return tx.QueryRow(ctx, "SELECT activitylog.remove($1, $2, $3, $4::uuid[])", deed.What, p.By, p.Reason, gone).Scan(&n)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// dropPartitions drops those of months that are over, if all of their events
// may go and none of them is on hold.
func (s *Store) dropPartitions(ctx context.Context, p store.Prune) (int, error) {
	rows, err := s.pool.Query(ctx, `SELECT relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
		WHERE inhparent = 'activitylog.events'::regclass AND relname <> $1 AND relname < $2 ORDER BY relname`,
		defaultPartition, partitionName(earlier(p.Before, time.Now())))
	if err != nil {
		return 0, err
	}
	parts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	n := 0
	for _, part := range parts {
		dropped, err := s.dropPartition(ctx, p, part)
		n += dropped
		if err != nil {
			return n, err
		}
	}
	return n, err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b.UTC()
	}
	return a.UTC()
}

func (s *Store) dropPartition(ctx context.Context, p store.Prune, part string) (int, error) {
	var n *int
	err := s.custody(ctx, func(tx pgx.Tx, holds []store.Hold) error {
		var locked bool
		if err := tx.QueryRow(ctx, "SELECT activitylog.lock_partition($1, $2)", part, p.Before).Scan(&locked); err != nil || !locked {
			return err
		}
		for _, h := range holds { // of what is there now and stays so
			l := list{filter: h.Filter, more: []string{"tableoid = 'activitylog." + part + "'::regclass"}}
			if found, err := l.in(ctx, tx).find(1); err != nil || len(found) > 0 {
				return err
			}
		}
		return tx.QueryRow(ctx, "SELECT activitylog.drop_partition($1, $2, $3, $4, $5)", p.Deed(0).What, p.By, p.Reason, part, p.Before).Scan(&n)
	})
	if code(err) == undefinedTable { // somebody else has dropped it
		return 0, nil
	}
	if err != nil || n == nil {
		return 0, err
	}
	return *n, nil
}

// Hold keeps events as [store.Custodian] says.
func (s *Store) Hold(ctx context.Context, h store.Hold) error {
	if err := h.Check(); err != nil {
		return err
	}
	err := s.custody(ctx, func(tx pgx.Tx, _ []store.Hold) error {
		_, err := tx.Exec(ctx, "SELECT activitylog.hold($1, $2, $3, $4, $5)", h.Name, h.Filter.String(), h.Deed().What, h.By, h.Reason)
		return err
	})
	return s.explain(ctx, err)
}

// Release ends a hold as [store.Custodian] says.
func (s *Store) Release(ctx context.Context, name string, by store.Authority) error {
	var done bool
	err := s.custody(ctx, func(tx pgx.Tx, _ []store.Hold) error {
		return tx.QueryRow(ctx, "SELECT activitylog.release($1, $2, $3)", name, by.By, by.Reason).Scan(&done)
	})
	if err == nil && !done {
		return store.ErrNoHold
	}
	return s.explain(ctx, err)
}

// Holds returns the holds as [store.Custodian] says.
func (s *Store) Holds(ctx context.Context) (all []store.Hold, err error) {
	err = s.reading(ctx, func(tx pgx.Tx) error {
		all, err = holds(ctx, tx)
		return err
	})
	return all, err
}

func holds(ctx context.Context, tx pgx.Tx) ([]store.Hold, error) {
	rows, err := tx.Query(ctx, "SELECT name, filter, since, by, reason FROM activitylog.holds ORDER BY name")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (store.Hold, error) {
		var h store.Hold
		var filter string
		if err := row.Scan(&h.Name, &filter, &h.Since, &h.By, &h.Reason); err != nil {
			return h, err
		}
		h.Since = h.Since.UTC()
		var err error
		if h.Filter, err = query.Parse(filter, query.Options{}); err != nil {
			return h, fmt.Errorf("hold %q: its filter %q: %w", h.Name, filter, err)
		}
		return h, nil
	})
}

// Erase forgets a person as [store.Custodian] says.
func (s *Store) Erase(ctx context.Context, e store.Erasure) (erased, held int, err error) {
	if err := e.Check(); err != nil {
		return 0, 0, err
	}
	seen := map[string]bool{} // on hold, which are found again
	for _, key := range []query.Key{query.Actor, behalf, query.Target} {
		filter := query.Query{Terms: []query.Term{{Key: key, Values: []query.Value{{Text: e.Person}}}}}
		err := s.pages(ctx, list{filter: filter, more: []string{"erased IS NULL"}}, func(events []activitylog.Event) error {
			n, err := s.erase(ctx, e, events, seen)
			erased += n
			return err
		})
		if err != nil {
			return erased, len(seen), s.explain(ctx, err)
		}
	}
	conflicts, held, err := s.eraseConflicts(ctx, e, erased > 0)
	return erased + conflicts, held + len(seen), s.explain(ctx, err)
}

func (s *Store) erase(ctx context.Context, e store.Erasure, events []activitylog.Event, held map[string]bool) (n int, err error) {
	err = s.custody(ctx, func(tx pgx.Tx, holds []store.Hold) error {
		var ids []string
		for i := range events {
			if isHeld(holds, &events[i]) {
				held[events[i].ID] = true
			} else {
				ids = append(ids, events[i].ID)
			}
		}
		if len(ids) == 0 {
			return nil
		}
		return tx.QueryRow(ctx, "SELECT activitylog.erase($1, $2, $3, $4::uuid[], '{}')", e.Person, e.By, e.Reason, ids).Scan(&n)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// eraseConflicts removes from quarantine what concerns the person. It leaves a
// deed if there is none yet, also of an erasure that found nothing.
func (s *Store) eraseConflicts(ctx context.Context, e store.Erasure, hasDeed bool) (n, held int, err error) {
	err = s.custody(ctx, func(tx pgx.Tx, holds []store.Hold) error {
		rows, err := tx.Query(ctx, "SELECT hash, time, reason, event, salt, raw FROM activitylog.quarantine WHERE event IS NOT NULL")
		if err != nil {
			return err
		}
		gone := [][]byte{}
		all, err := pgx.CollectRows(rows, scanQuarantined)
		if err != nil {
			return err
		}
		for i := range all {
			switch {
			case !e.Concerns(&all[i].Event):
			case isHeld(holds, &all[i].Event):
				held++
			default:
				gone = append(gone, hashOf(all[i].ID))
			}
		}
		if hasDeed && len(gone) == 0 {
			return nil
		}
		return tx.QueryRow(ctx, "SELECT activitylog.erase($1, $2, $3, '{}', $4)", e.Person, e.By, e.Reason, gone).Scan(&n)
	})
	return n, held, err
}

// Deeds returns what was done as [store.Custodian] says.
func (s *Store) Deeds(ctx context.Context) (all []store.Deed, err error) {
	err = s.reading(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "SELECT time, kind, what, events, by, reason FROM activitylog.deeds ORDER BY pos")
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d store.Deed, err error) {
			err = row.Scan(&d.Time, &d.Kind, &d.What, &d.Events, &d.By, &d.Reason)
			d.Time = d.Time.UTC()
			return d, err
		})
		return err
	})
	return all, err
}
