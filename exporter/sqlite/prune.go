package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
	"github.com/activitylog-go/activitylog/store"
)

// Prune removes events as [store.Custodian] says, a chunk in each step, and then
// what the volumes know of them.
func (s *Store) Prune(ctx context.Context, p store.Prune) (pruned int, err error) {
	if err := p.Check(); err != nil {
		return 0, err
	}
	chunks, err := s.pruneChunks(ctx, p)
	for i := 0; i < len(chunks) && err == nil; i++ {
		var n int
		n, err = s.pruneChunk(ctx, p, chunks[i])
		pruned += n
	}
	if err == nil {
		err = s.sweep(ctx)
	}
	if pruned > 0 {
		s.writer.checkpoint(ctx) // if not now then with the next one
	}
	return pruned, err
}

// A span is a part of the table, by pos: a chunk or what is in none.
type span struct {
	from, to int64
	isChunk  bool
}

// pruneChunks returns the chunks that may have events to prune and, behind
// them, the events that are in none.
func (s *Store) pruneChunks(ctx context.Context, p store.Prune) (all []span, err error) {
	err = s.reading(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT chunk FROM chunks WHERE ingested < ? ORDER BY chunk", nanoseconds(p.Before))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var chunk int64
			if err := rows.Scan(&chunk); err != nil {
				return err
			}
			all = append(all, span{chunk * posting.ChunkSize, (chunk + 1) * posting.ChunkSize, true})
		}
		if err := rows.Err(); err != nil {
			return err
		}
		tail := span{}
		err = tx.QueryRowContext(ctx, "SELECT "+tailSQL+", coalesce(max(pos), 0) + 1 FROM events").Scan(&tail.from, &tail.to)
		all = append(all, tail)
		return err
	})
	return all, err
}

// pruneChunk removes what is to be pruned of a part of the table. It looks for
// that first, so that nobody has to wait if there is nothing.
func (s *Store) pruneChunk(ctx context.Context, p store.Prune, part span) (n int, err error) {
	victims, err := s.victims(ctx, p, part)
	if err != nil || len(victims) == 0 {
		return 0, err
	}
	began := time.Now()
	err = s.write(ctx, func(b *batch) error {
		w, err := b.unheld(victims)
		if err != nil {
			return err
		}
		w.and("ingested < ?", nanoseconds(p.Before))
		w.filter(p.Filter)
		gone, err := readPositions(b.tx.QueryContext(ctx, "DELETE"+byPos+w.String()+" RETURNING pos", w.args...))
		if n = len(gone); err != nil || n == 0 {
			return err
		}
		if err := b.clear(gone); err != nil {
			return err
		}
		return b.deed(p.Deed(n))
	})
	if err != nil {
		return 0, err
	}
	letOthersWrite(ctx, time.Since(began))
	return n, nil
}

// letOthersWrite waits as long as this process has kept the lock: another one
// that wants it looks only now and then whether it is free.
func letOthersWrite(ctx context.Context, kept time.Duration) {
	select {
	case <-time.After(min(kept, 100*time.Millisecond)):
	case <-ctx.Done():
	}
}

// victims returns the pos of the events of a part that are to be pruned.
func (s *Store) victims(ctx context.Context, p store.Prune, part span) (pos []int64, err error) {
	err = s.reading(ctx, func(tx *sql.Tx) error {
		l := s.newList(ctx, tx, p.Filter, 0)
		sets, err := l.termSets()
		if err != nil {
			return err
		}
		held, err := readHolds(ctx, tx)
		if err != nil {
			return err
		}
		w := l.where()
		w.and("ingested < ?", nanoseconds(p.Before))
		w.andNot(holds(held).where())
		w.and("pos >= ? AND pos < ?", part.from, part.to)
		if len(sets) > 0 && part.isChunk {
			candidates, err := l.candidates(sets, []chunk{{number: part.from / posting.ChunkSize}})
			if err != nil || len(candidates) == 0 {
				return err
			}
			w.and(posIn, jsonText(candidates))
		}
		pos, err = readPositions(tx.QueryContext(ctx, "SELECT pos"+byPos+w.String(), w.args...))
		return err
	})
	return pos, err
}

// unheld returns the condition that an event is at one of pos and not on hold.
func (b *batch) unheld(pos []int64) (w where, err error) {
	held, err := readHolds(b.ctx, b.tx)
	w.and(posIn, jsonText(pos))
	w.andNot(holds(held).where())
	return w, err
}

// readPositions reads rows of a pos to their end and closes them.
func readPositions(rows *sql.Rows, err error) ([]int64, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []int64
	for rows.Next() {
		var pos int64
		if err := rows.Scan(&pos); err != nil {
			return nil, err
		}
		all = append(all, pos)
	}
	return all, rows.Err()
}
