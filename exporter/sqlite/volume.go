package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
)

// volumeChunks is the number of chunks in a volume. Tests change it.
var volumeChunks int64 = 64

// volumes says how many parts of each volume were moved from the blocks of its
// chunks to its own.
type volumes map[int64]int64

func readVolumes(ctx context.Context, tx *sql.Tx) (volumes, error) {
	rows, err := tx.QueryContext(ctx, "SELECT volume, parts FROM volumes")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := volumes{}
	for rows.Next() {
		var volume, parts int64
		if err := rows.Scan(&volume, &parts); err != nil {
			return nil, err
		}
		all[volume] = parts
	}
	return all, rows.Err()
}

func (v volumes) isMoved(chunk int64, part int) bool { return int64(part) < v[chunk/volumeChunks] }

// volumeSize is the number of places in a volume.
func volumeSize() int64 { return volumeChunks * posting.ChunkSize }

// The tables that blocks are in.
const (
	chunkBlocks  = "blocks"
	volumeBlocks = "volume_blocks"
)

// A blockRef says which block it is.
type blockRef struct {
	table  string
	number int64
}

// block returns the block that has the postings of t in a chunk, without its data.
func (v volumes) block(chunk int64, t posting.Term) (blockRef, posting.Block) {
	if v.isMoved(chunk, t.Part()) {
		volume := chunk / volumeChunks
		return blockRef{volumeBlocks, volumeBlock(volume, t.Part(), t.Sub())},
			posting.Block{First: volume * volumeSize(), Size: volumeSize()}
	}
	return blockRef{chunkBlocks, chunk*posting.Parts + int64(t.Part())},
		posting.Block{First: chunk * posting.ChunkSize, Size: posting.ChunkSize}
}

func volumeBlock(volume int64, part, sub int) int64 {
	return (volume*posting.Parts+int64(part))*posting.Subs + int64(sub)
}

// merge moves some parts of a volume that is complete: as many with each chunk
// that is closed as it takes to be done with it when the next volume is complete,
// so that no commit takes much longer than others.
func (b *batch) merge(closed int64) error {
	if (closed+1)%volumeChunks == 0 {
		if _, err := b.tx.ExecContext(b.ctx, "INSERT INTO volumes (volume, parts, stale) VALUES (?, 0, 0)", closed/volumeChunks); err != nil {
			return err
		}
	}
	var volume, from int64
	err := b.tx.QueryRowContext(b.ctx, "SELECT volume, parts FROM volumes WHERE parts < ? ORDER BY volume LIMIT 1", posting.Parts).Scan(&volume, &from)
	if err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	}
	to := from + posting.Parts/volumeChunks
	for part := from; part < to; part++ {
		if err := b.movePart(volume, int(part)); err != nil {
			return err
		}
	}
	_, err = b.tx.ExecContext(b.ctx, "UPDATE volumes SET parts = ? WHERE volume = ?", to, volume)
	return err
}

// movePart takes a part of all chunks of a volume and writes it as blocks of the volume.
func (b *batch) movePart(volume int64, part int) error {
	postings, err := b.takePart(volume, part)
	if err != nil {
		return err
	}
	posting.SubBlocks(postings, func(sub int, data []byte) {
		if err == nil {
			err = b.exec(b.w.addVolumeBlock, volumeBlock(volume, part, sub), data)
		}
	})
	return err
}

func (b *batch) takePart(volume int64, part int) (all []posting.Posting, err error) {
	var blocks []int64
	for chunk := volume * volumeChunks; chunk < (volume+1)*volumeChunks; chunk++ {
		blocks = append(blocks, chunk*posting.Parts+int64(part))
	}
	rows, err := b.tx.StmtContext(b.ctx, b.w.moveBlocks).QueryContext(b.ctx, jsonText(blocks))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var block int64
		var data []byte
		if err := rows.Scan(&block, &data); err != nil {
			return nil, err
		}
		one := posting.Block{First: block / posting.Parts * posting.ChunkSize, Size: posting.ChunkSize, Data: data}
		if all, err = posting.All(all, one, part, volume*volumeSize()); err != nil {
			return nil, err
		}
	}
	return all, rows.Err()
}
