package sqlite

import (
	"database/sql"
	"errors"
	"slices"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
)

// A block holds hashes, by which one could try whether an address or a person
// was among those of an event. So what is pruned or erased leaves the blocks
// too. Events that are in no chunk yet need nothing: see [batch.closeChunk].

// clear removes the events at pos, whose rows are gone, from their chunks. Blocks
// of volumes that know of them are left for [Store.sweep].
func (b *batch) clear(pos []int64) error {
	gone := map[int64]*posting.Places{}
	for _, p := range pos {
		chunk := p / posting.ChunkSize
		if gone[chunk] == nil {
			gone[chunk] = new(posting.Places)
		}
		gone[chunk].Add(p % posting.ChunkSize)
	}
	for chunk, places := range gone {
		if err := b.clearChunk(chunk, places); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) clearChunk(chunk int64, gone *posting.Places) error {
	from, to := chunk*posting.ChunkSize, (chunk+1)*posting.ChunkSize
	var isChunk, hasEvents bool
	err := b.tx.QueryRowContext(b.ctx, `SELECT EXISTS (SELECT 1 FROM chunks WHERE chunk = ?),
		EXISTS (SELECT 1 FROM events NOT INDEXED WHERE pos >= ? AND pos < ?)`, chunk, from, to).Scan(&isChunk, &hasEvents)
	if err != nil || !isChunk {
		return err
	}
	if _, err := b.tx.ExecContext(b.ctx, "UPDATE volumes SET stale = stale + 1 WHERE volume = ?", chunk/volumeChunks); err != nil {
		return err
	}
	if !hasEvents {
		_, err := b.tx.ExecContext(b.ctx, "DELETE FROM blocks WHERE block >= ? AND block < ?", chunk*posting.Parts, (chunk+1)*posting.Parts)
		if err != nil {
			return err
		}
		_, err = b.tx.ExecContext(b.ctx, "DELETE FROM chunks WHERE chunk = ?", chunk)
		return err
	}
	for part := range int64(posting.Parts) {
		e := edit{
			block:  posting.Block{First: from, Size: posting.ChunkSize},
			part:   int(part),
			isGone: func(p posting.Posting) bool { return gone.Has(p.Place()) },
		}
		if err := b.editBlock(blockRef{chunkBlocks, chunk*posting.Parts + part}, &e); err != nil {
			return err
		}
	}
	return b.exec(b.w.addChunk, chunk) // its times may be others
}

// An edit is what is to be removed from a block and added.
type edit struct {
	block  posting.Block // without its data
	part   int
	isGone func(posting.Posting) bool
	more   []posting.Posting
}

// edits are those of several blocks.
type edits struct {
	volumes volumes
	blocks  map[blockRef]*edit
	gone    map[blockRef]map[posting.Posting]bool
}

func (b *batch) newEdits() (edits, error) {
	v, err := readVolumes(b.ctx, b.tx)
	return edits{v, map[blockRef]*edit{}, map[blockRef]map[posting.Posting]bool{}}, err
}

// replace notes that the event at pos has other terms now.
func (e edits) replace(pos int64, old, new []posting.Term) {
	for _, t := range old {
		if !slices.Contains(new, t) {
			ref, edit := e.of(pos, t)
			e.gone[ref][posting.At(t, pos-edit.block.First)] = true
		}
	}
	for _, t := range new {
		if !slices.Contains(old, t) {
			_, edit := e.of(pos, t)
			edit.more = append(edit.more, posting.At(t, pos-edit.block.First))
		}
	}
}

func (e edits) of(pos int64, t posting.Term) (blockRef, *edit) {
	ref, block := e.volumes.block(pos/posting.ChunkSize, t)
	if e.blocks[ref] == nil {
		gone := map[posting.Posting]bool{}
		e.gone[ref] = gone
		e.blocks[ref] = &edit{block: block, part: t.Part(), isGone: func(p posting.Posting) bool { return gone[p] }}
	}
	return ref, e.blocks[ref]
}

// edit changes the blocks of chunks that have some, and of volumes.
func (b *batch) edit(all edits) error {
	for ref, e := range all.blocks {
		isIndexed := ref.table == volumeBlocks
		if !isIndexed {
			err := b.tx.QueryRowContext(b.ctx, "SELECT EXISTS (SELECT 1 FROM chunks WHERE chunk = ?)", e.block.First/posting.ChunkSize).Scan(&isIndexed)
			if err != nil {
				return err
			}
		}
		if !isIndexed {
			continue
		}
		if err := b.editBlock(ref, e); err != nil {
			return err
		}
	}
	return nil
}

// editBlock removes postings from a block and adds others.
func (b *batch) editBlock(ref blockRef, e *edit) error {
	block := e.block
	err := b.tx.QueryRowContext(b.ctx, "SELECT data FROM "+ref.table+" WHERE block = ?", ref.number).Scan(&block.Data)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	all, err := posting.All(nil, block, e.part, block.First)
	if err != nil {
		return err
	}
	n := len(all)
	all = slices.DeleteFunc(all, e.isGone)
	if len(all) == n && len(e.more) == 0 {
		return nil
	}
	all = append(all, e.more...)
	if len(all) == 0 {
		_, err := b.tx.ExecContext(b.ctx, "DELETE FROM "+ref.table+" WHERE block = ?", ref.number)
		return err
	}
	slices.Sort(all)
	_, err = b.tx.ExecContext(b.ctx, "INSERT OR REPLACE INTO "+ref.table+" (block, data) VALUES (?, ?)", ref.number, posting.Encode(slices.Compact(all)))
	return err
}
