package postgres

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

var (
	errReadOnly = errors.New("the store was opened for reading only")
	errNarrowed = errors.New("the store was opened for one tenant, of which nothing is pruned, held, erased or discarded alone")
)

// maxAttempts bounds how often Append begins again because somebody else has
// added some of its events meanwhile.
const maxAttempts = 10

// An entry is an event with the bytes of its id and its place in the batch.
type entry struct {
	id    uuid.UUID
	place int
	event *activitylog.Event
}

// Append adds events as [store.Store] says, in one transaction.
//
// It copies the rows straight into the table. Only when the server finds an id
// that is there already are the events compared with what is stored.
func (s *Store) Append(ctx context.Context, events []activitylog.Event) (store.Result, error) {
	if s.writer == nil {
		return store.Result{}, s.explain(ctx, errReadOnly)
	}
	all, err := entries(events)
	if err != nil {
		return store.Result{}, err
	}
	r, err := s.append(ctx, all)
	if err != nil {
		s.names.forget() // if another server has taken over, behind a proxy
		if code(err) == readOnly {
			s.pool.Reset() // there may be another server that takes writes
		}
		return store.Result{}, s.explain(ctx, err)
	}
	s.writer.indexSoon()
	return r, nil
}

// entries returns the events in the order of their ids. All transactions lock
// ids in this order, so that none waits for another one in a circle.
func entries(events []activitylog.Event) ([]entry, error) {
	all := make([]entry, len(events))
	for i := range events {
		if err := store.Check(&events[i]); err != nil {
			return nil, err
		}
		all[i] = entry{store.PositionOf(&events[i]).ID, i, &events[i]}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return bytes.Compare(a.id[:], b.id[:]) })
	return all, nil
}

func (s *Store) append(ctx context.Context, all []entry) (store.Result, error) {
	b := compare(all, nil)
	var err error
	for range maxAttempts {
		err = s.add(ctx, &b)
		switch c := code(err); {
		case err == nil:
			s.writer.recent.add(b.fresh)
			return b.result, nil
		case c == uniqueViolation:
			stored, err := s.stored(ctx, all)
			if err != nil {
				return store.Result{}, err
			}
			b = compare(all, stored)
		case c == undefinedTable || c == checkViolation: // a partition was dropped or made meanwhile
			if err := s.writer.partitions.load(ctx, s.pool); err != nil {
				return store.Result{}, err
			}
		case !mayPass(err):
			return store.Result{}, err
		}
	}
	return store.Result{}, err
}

// A batch is what becomes of the events of one Append.
type batch struct {
	fresh     []entry
	conflicts []entry
	result    store.Result
}

// compare tells new events from those that are stored or come twice.
func compare(all []entry, stored map[uuid.UUID]activitylog.Event) batch {
	var b batch
	for i, e := range all {
		first, taken := stored[e.id]
		if !taken && len(b.fresh) > 0 && i > 0 && all[i-1].id == e.id {
			first, taken = *b.fresh[len(b.fresh)-1].event, true
		}
		switch {
		case !taken:
			b.fresh = append(b.fresh, e)
			b.result.Added++
		case store.Same(first, store.Kept(*e.event)): // whatever the sender says of when it was erased
			b.result.Duplicates++
		default:
			b.conflicts = append(b.conflicts, e)
			b.result.Conflicts++
		}
	}
	slices.SortFunc(b.conflicts, func(a, b entry) int { return a.place - b.place })
	return b
}

// stored returns those of the events' ids that are taken.
func (s *Store) stored(ctx context.Context, all []entry) (map[uuid.UUID]activitylog.Event, error) {
	ids := make([]string, len(all))
	for i, e := range all {
		ids[i] = e.event.ID
	}
	rows, err := s.pool.Query(ctx, selectEvents+" WHERE id = ANY ($1::uuid[])", ids)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, scanEvent)
	byID := make(map[uuid.UUID]activitylog.Event, len(found))
	for _, e := range found {
		byID[store.PositionOf(&e).ID] = e
	}
	return byID, err
}

// A part is the rows for one partition.
type part struct {
	partition string
	rows      copyBuffer
}

// add writes what is new, and what conflicts into quarantine, at once.
func (s *Store) add(ctx context.Context, b *batch) error {
	parts := s.parts(ctx, b.fresh)
	if len(parts) == 0 && len(b.conflicts) == 0 {
		return ctx.Err()
	}
	return s.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		if err := s.addNames(ctx, c.Conn(), b.fresh); err != nil {
			return err
		}
		if len(parts) == 1 && len(b.conflicts) == 0 {
			// One statement is a transaction, and saves two round trips.
			return parts[0].copy(ctx, c.Conn())
		}
		return pgx.BeginTxFunc(ctx, c, writing, func(tx pgx.Tx) error {
			for i := range parts {
				if err := parts[i].copy(ctx, tx.Conn()); err != nil {
					return err
				}
			}
			return putAside(ctx, tx, b.conflicts)
		})
	})
}

// parts returns the rows of the entries, by partition.
func (s *Store) parts(ctx context.Context, all []entry) []part {
	var parts []part
	var month time.Time
	for i, e := range all {
		if m := monthOf(e.id); i == 0 || m != month {
			month = m
			name := s.writer.partitions.of(ctx, s.pool, month)
			if len(parts) == 0 || parts[len(parts)-1].partition != name {
				rows := append(takeBuffer(), copyHeader...)
				parts = append(parts, part{name, rows})
			}
		}
		appendRow(&parts[len(parts)-1].rows, e.id, e.event)
	}
	return parts
}

func (p *part) copy(ctx context.Context, c *pgx.Conn) error {
	err := copyRows(ctx, c, p.partition, columnList, p.rows)
	if err == nil { // else the driver may go on reading for a moment
		giveBack(p.rows)
		p.rows = nil
	}
	return err
}

func copyRows(ctx context.Context, c *pgx.Conn, table, columns string, rows copyBuffer) error {
	_, err := c.PgConn().CopyFrom(ctx, bytes.NewReader(rows.bytes()), "COPY activitylog."+table+" ("+columns+") FROM STDIN (FORMAT binary)")
	return err
}
