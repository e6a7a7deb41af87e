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

// indexPause is how long the indexer waits for transactions to end, and after
// an error.
const (
	indexPause   = 20 * time.Millisecond
	indexRecover = 5 * time.Second
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
			}
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
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
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
		return addChunk(ctx, tx, next)
	})
	return more && err == nil, err
}

const selectTerms = `SELECT pos, id, time, code, actor, actor_type, behalf, tenant, outcome, status, method,
	coalesce(client_address, ''), coalesce(session, ''), request, trace, service, targets, changes
	FROM activitylog.events WHERE pos >= $1 AND pos < $2`

// addChunk writes the blocks of a chunk.
func addChunk(ctx context.Context, tx pgx.Tx, number int64) error {
	rows, err := tx.Query(ctx, selectTerms, number*posting.ChunkSize, (number+1)*posting.ChunkSize)
	if err != nil {
		return err
	}
	oldest, newest := int64(math.MaxInt64), int64(math.MinInt64)
	least, greatest := uuid.Max, uuid.Nil
	var postings []posting.Posting
	var e activitylog.Event
	var pos, at int64
	var id uuid.UUID
	var targets, changes []byte
	_, err = pgx.ForEachRow(rows, []any{
		&pos, &id, &at, (*string)(&e.Code), &e.Actor.ID, (*string)(&e.Actor.Type), &e.Actor.OnBehalfOf.ID, &e.Tenant, (*string)(&e.Outcome), &e.HTTP.Status, &e.HTTP.Method,
		&e.Source.ClientAddress, &e.Source.SessionID, &e.Source.RequestID, &e.TraceID, &e.Service, &targets, &changes,
	}, func() error {
		oldest, newest = min(oldest, at), max(newest, at)
		if bytes.Compare(id[:], least[:]) < 0 {
			least = id
		}
		if bytes.Compare(id[:], greatest[:]) > 0 {
			greatest = id
		}
		e.Targets, e.Changes = nil, nil
		if err := decode(&e, targets, nil, changes, nil, nil); err != nil {
			return err
		}
		termsOf(&e, func(t posting.Term) { postings = append(postings, posting.New(t, pos)) })
		return nil
	})
	if err != nil {
		return err
	}
	b := newCopyBuffer()
	posting.Blocks(postings, func(part int, block []byte) {
		b.row(3)
		b.int8(number)
		b.int2(part)
		b.data(block)
	})
	if err := copyRows(ctx, tx.Conn(), "blocks", "chunk, part, data", b); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO activitylog.chunks (chunk, oldest, newest, least, greatest) VALUES ($1, $2, $3, $4::uuid, $5::uuid)",
		number, oldest, newest, least.String(), greatest.String())
	return err
}
