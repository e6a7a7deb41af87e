package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
)

// sweep removes what the blocks of volumes know of events that were pruned, also
// by a process that died before it came to this. To do it with each chunk that is
// pruned would write all blocks of a volume 64 times.
func (s *Store) sweep(ctx context.Context) error {
	stale, err := s.staleVolumes(ctx)
	for volume, times := range stale {
		if err := s.sweepVolume(ctx, volume, times); err != nil {
			return err
		}
	}
	return err
}

func (s *Store) staleVolumes(ctx context.Context) (stale map[int64]int64, err error) {
	stale = map[int64]int64{}
	err = s.reading(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT volume, stale FROM volumes WHERE stale > 0")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var volume, times int64
			if err := rows.Scan(&volume, &times); err != nil {
				return err
			}
			stale[volume] = times
		}
		return rows.Err()
	})
	return stale, err
}

// sweepParts is the number of parts that are swept in one transaction.
const sweepParts = 8

// sweepVolume sweeps a volume part by part. If more of its events are pruned
// meanwhile, it stays stale.
func (s *Store) sweepVolume(ctx context.Context, volume, times int64) error {
	left, err := s.left(ctx, volume)
	if err != nil {
		return err
	}
	for part := 0; part < posting.Parts; part += sweepParts {
		began := time.Now()
		err := s.write(ctx, func(b *batch) error { return b.sweepBlocks(volume, part, left) })
		if err != nil {
			return err
		}
		letOthersWrite(ctx, time.Since(began))
	}
	return s.write(ctx, func(b *batch) error {
		if _, err := b.tx.ExecContext(b.ctx, "UPDATE volumes SET stale = 0 WHERE volume = ? AND stale = ?", volume, times); err != nil {
			return err
		}
		// What has no events has no blocks that are still to be moved.
		_, err := b.tx.ExecContext(b.ctx, `DELETE FROM volumes WHERE volume = ? AND stale = 0
			AND NOT EXISTS (SELECT 1 FROM chunks WHERE chunk >= ? AND chunk < ?)`,
			volume, volume*volumeChunks, (volume+1)*volumeChunks)
		return err
	})
}

// left returns the places of the events that a volume still has, by chunk.
func (s *Store) left(ctx context.Context, volume int64) (map[int64]*posting.Places, error) {
	left := map[int64]*posting.Places{}
	err := s.reading(ctx, func(tx *sql.Tx) error {
		first := volume * volumeSize()
		pos, err := readPositions(tx.QueryContext(ctx, "SELECT pos"+byPos+" WHERE pos >= ? AND pos < ?", first, first+volumeSize()))
		for _, p := range pos {
			chunk := p / posting.ChunkSize
			if left[chunk] == nil {
				left[chunk] = new(posting.Places)
			}
			left[chunk].Add(p % posting.ChunkSize)
		}
		return err
	})
	return left, err
}

// sweepBlocks sweeps some parts of a volume.
func (b *batch) sweepBlocks(volume int64, from int, left map[int64]*posting.Places) error {
	first, next := volumeBlock(volume, from, 0), volumeBlock(volume, from+sweepParts, 0)
	if len(left) == 0 {
		_, err := b.tx.ExecContext(b.ctx, "DELETE FROM volume_blocks WHERE block >= ? AND block < ?", first, next)
		return err
	}
	numbers, err := readPositions(b.tx.QueryContext(b.ctx, "SELECT block FROM volume_blocks WHERE block >= ? AND block < ?", first, next))
	if err != nil {
		return err
	}
	place := posting.Block{First: volume * volumeSize(), Size: volumeSize()}
	isGone := func(p posting.Posting) bool {
		pos := place.First + p.Place()
		chunk := left[pos/posting.ChunkSize]
		return chunk == nil || !chunk.Has(pos%posting.ChunkSize)
	}
	for _, number := range numbers {
		e := edit{block: place, part: int(number / posting.Subs % posting.Parts), isGone: isGone}
		if err := b.editBlock(blockRef{volumeBlocks, number}, &e); err != nil {
			return err
		}
	}
	return nil
}
