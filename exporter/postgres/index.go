package postgres

import (
	"bytes"
	"context"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/posting"
)

// How long the indexer waits before it looks again, for more events or whether
// transactions have ended, and after an error.
const (
	indexPause   = 20 * time.Millisecond
	indexRecover = time.Second
)

// indexSoon wakes the indexer.
func (w *writer) indexSoon() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// maintain indexes chunks that are full and makes partitions ahead, until ctx
// is done. Nothing depends on when it does so: what is in no chunk yet is found
// by looking at it. So an error is left for the next time.
func (s *Store) maintain(ctx context.Context, w *writer) {
	day := time.NewTicker(24 * time.Hour)
	defer day.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-day.C:
			w.partitions.makeAhead(ctx, s.pool, time.Now())
		case <-w.wake:
			if err := s.index(ctx); err != nil {
				sleep(ctx, indexRecover)
				w.indexSoon()
			}
			sleep(ctx, indexPause) // to ask once for many small batches
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// index indexes all chunks that are full.
func (s *Store) index(ctx context.Context) error {
	full, err := s.fullChunks(ctx)
	if err != nil || !full {
		return err
	}
	end, err := s.settled(ctx)
	for more := true; more && err == nil; {
		more, err = s.indexNext(ctx, end)
	}
	return err
}

// fullChunks reports whether a chunk is full that is not indexed.
func (s *Store) fullChunks(ctx context.Context) (full bool, err error) {
	err = s.pool.QueryRow(ctx, `SELECT last_value + 1 >= ((SELECT coalesce(max(chunk) + 1, 0) FROM activitylog.chunks) + 1) * 4096
		FROM activitylog.positions`).Scan(&full)
	return full, err
}

// settled returns a pos before which no event can come any more. One is taken
// from the sequence by a transaction that has a lock on a partition: when all
// that had one after the sequence was read have ended, whatever came before is
// there to be seen. No session state, so it works behind pgbouncer.
func (s *Store) settled(ctx context.Context) (end int64, err error) {
	if err := s.pool.QueryRow(ctx, "SELECT last_value + 1 FROM activitylog.positions").Scan(&end); err != nil {
		return 0, err
	}
	adding, err := s.adding(ctx, nil)
	for len(adding) > 0 && err == nil {
		sleep(ctx, indexPause)
		adding, err = s.adding(ctx, adding)
	}
	return end, err
}

// adding returns the transactions that may be adding events; those of only, if
// that is not nil.
func (s *Store) adding(ctx context.Context, only []string) ([]string, error) {
	rows, err := s.pool.Query(ctx, `SELECT DISTINCT virtualtransaction FROM pg_locks
		WHERE locktype = 'relation' AND mode = 'RowExclusiveLock'
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
			AND (relation = 'activitylog.events'::regclass
				OR relation IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'activitylog.events'::regclass))
			AND ($1::text[] IS NULL OR virtualtransaction = ANY ($1))`, only)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// indexNext indexes the next chunk if it ends before end. Of several programs
// that try, one does it.
func (s *Store) indexNext(ctx context.Context, end int64) (more bool, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, writing, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL enable_seqscan = off"); err != nil {
			return err
		}
		var mine bool
		if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock(hashtext('activitylog.index'))").Scan(&mine); err != nil || !mine {
			return err
		}
		var next int64
		if err := tx.QueryRow(ctx, "SELECT coalesce(max(chunk) + 1, 0) FROM activitylog.chunks").Scan(&next); err != nil {
			return err
		}
		if (next+1)*posting.ChunkSize > end {
			return nil
		}
		more = true
		return s.addChunk(ctx, tx, next)
	})
	return more && err == nil, err
}

// A builder makes the blocks of a chunk.
type builder struct {
	ctx      context.Context
	tx       pgx.Tx
	number   int64
	postings []posting.Posting

	oldest, newest  int64
	least, greatest uuid.UUID
}

// addChunk writes the blocks of a chunk.
func (s *Store) addChunk(ctx context.Context, tx pgx.Tx, number int64) error {
	b := builder{ctx: ctx, tx: tx, number: number, oldest: math.MaxInt64, newest: math.MinInt64, least: uuid.Max}
	unknown, err := b.readPlaces(&s.writer.recent)
	if err == nil && len(unknown) > 0 {
		err = b.readTerms(unknown)
	}
	if err != nil {
		return err
	}
	return b.write()
}

// readPlaces notes the terms of the events that are remembered and returns the
// pos of the others.
func (b *builder) readPlaces(known *recent) (unknown []int64, err error) {
	rows, err := b.tx.Query(b.ctx, "SELECT pos, time, id FROM activitylog.events WHERE pos >= $1 AND pos < $2",
		b.number*posting.ChunkSize, (b.number+1)*posting.ChunkSize)
	if err != nil {
		return nil, err
	}
	var pos, at int64
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&pos, &at, (*[16]byte)(&id)}, func() error {
		b.oldest, b.newest = min(b.oldest, at), max(b.newest, at)
		if bytes.Compare(id[:], b.least[:]) < 0 {
			b.least = id
		}
		if bytes.Compare(id[:], b.greatest[:]) > 0 {
			b.greatest = id
		}
		terms, ok := known.take(id)
		if !ok {
			unknown = append(unknown, pos)
		}
		for _, t := range terms {
			b.postings = append(b.postings, posting.New(t, pos))
		}
		return nil
	})
	return unknown, err
}

const selectTerms = `SELECT pos, code, actor, actor_type, behalf, tenant, outcome, status, method,
	coalesce(client_address, ''), coalesce(session, ''), request, trace, service, targets, changes
	FROM activitylog.events WHERE pos = ANY ($1::bigint[]) AND id BETWEEN $2::uuid AND $3::uuid`

// readTerms notes the terms of the events at pos.
func (b *builder) readTerms(at []int64) error {
	rows, err := b.tx.Query(b.ctx, selectTerms, at, b.least.String(), b.greatest.String())
	if err != nil {
		return err
	}
	var e activitylog.Event
	var pos int64
	var targets, changes []byte
	_, err = pgx.ForEachRow(rows, []any{
		&pos, (*string)(&e.Code), &e.Actor.ID, (*string)(&e.Actor.Type), &e.Actor.OnBehalfOf.ID, &e.Tenant, (*string)(&e.Outcome),
		&e.HTTP.Status, &e.HTTP.Method, &e.Source.ClientAddress, &e.Source.SessionID, &e.Source.RequestID, &e.TraceID, &e.Service,
		&targets, &changes,
	}, func() error {
		e.Targets, e.Changes = nil, nil
		if err := decode(&e, targets, nil, changes, nil, nil); err != nil {
			return err
		}
		termsOf(&e, func(t posting.Term) { b.postings = append(b.postings, posting.New(t, pos)) })
		return nil
	})
	return err
}

func (b *builder) write() error {
	rows := newCopyBuffer()
	posting.Blocks(b.postings, func(part int, block []byte) {
		rows.row(3)
		rows.int8(b.number)
		rows.int2(part)
		rows.data(block)
	})
	if err := copyRows(b.ctx, b.tx.Conn(), "blocks", "chunk, part, data", rows); err != nil {
		return err
	}
	_, err := b.tx.Exec(b.ctx, "INSERT INTO activitylog.chunks (chunk, oldest, newest, least, greatest) VALUES ($1, $2, $3, $4::uuid, $5::uuid)",
		b.number, b.oldest, b.newest, b.least.String(), b.greatest.String())
	return err
}
