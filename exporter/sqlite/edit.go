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

// clear removes the events at pos, whose rows are gone, from their chunks.
func (b *batch) clear(pos []int64) error {
	gone := map[int64]*posting.Places{}
	for _, p := range pos {
		chunk := p / posting.ChunkSize
		if gone[chunk] == nil {
			gone[chunk] = new(posting.Places)
		}
		gone[chunk].Add(uint64(p % posting.ChunkSize))
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
	if !hasEvents {
		_, err := b.tx.ExecContext(b.ctx, "DELETE FROM blocks WHERE block >= ? AND block < ?", chunk*posting.Parts, (chunk+1)*posting.Parts)
		if err != nil {
			return err
		}
		_, err = b.tx.ExecContext(b.ctx, "DELETE FROM chunks WHERE chunk = ?", chunk)
		return err
	}
	isGone := func(p posting.Posting) bool { return gone.Has(p.Place()) }
	for part := range int64(posting.Parts) {
		if err := b.editBlock(chunk*posting.Parts+part, isGone); err != nil {
			return err
		}
	}
	return b.exec(b.w.addChunk, chunk) // its times may be others
}

// edits are what is to be removed from blocks, by their number, and added.
type edits map[int64]*edit

type edit struct {
	gone map[posting.Posting]bool
	more []posting.Posting
}

// replace notes that the event at pos has other terms now.
func (e edits) replace(pos int64, old, new []posting.Term) {
	for _, t := range old {
		if !slices.Contains(new, t) {
			e.of(pos, t).gone[posting.New(t, pos)] = true
		}
	}
	for _, t := range new {
		if !slices.Contains(old, t) {
			edit := e.of(pos, t)
			edit.more = append(edit.more, posting.New(t, pos))
		}
	}
}

func (e edits) of(pos int64, t posting.Term) *edit {
	block := pos/posting.ChunkSize*posting.Parts + int64(t.Part())
	if e[block] == nil {
		e[block] = &edit{gone: map[posting.Posting]bool{}}
	}
	return e[block]
}

// edit changes the blocks of chunks that have some.
func (b *batch) edit(all edits) error {
	for block, e := range all {
		var isChunk bool
		err := b.tx.QueryRowContext(b.ctx, "SELECT EXISTS (SELECT 1 FROM chunks WHERE chunk = ?)", block/posting.Parts).Scan(&isChunk)
		if err != nil {
			return err
		}
		if !isChunk {
			continue
		}
		if err := b.editBlock(block, func(p posting.Posting) bool { return e.gone[p] }, e.more...); err != nil {
			return err
		}
	}
	return nil
}

// editBlock removes postings from a block and adds others.
func (b *batch) editBlock(block int64, isGone func(posting.Posting) bool, more ...posting.Posting) error {
	var data []byte
	err := b.tx.QueryRowContext(b.ctx, "SELECT data FROM blocks WHERE block = ?", block).Scan(&data)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	all, err := posting.All(data, int(block%posting.Parts))
	if err != nil {
		return err
	}
	n := len(all)
	all = slices.DeleteFunc(all, isGone)
	if len(all) == n && len(more) == 0 {
		return nil
	}
	all = append(all, more...)
	if len(all) == 0 {
		_, err := b.tx.ExecContext(b.ctx, "DELETE FROM blocks WHERE block = ?", block)
		return err
	}
	slices.Sort(all)
	_, err = b.tx.ExecContext(b.ctx, "INSERT OR REPLACE INTO blocks (block, data) VALUES (?, ?)", block, posting.Encode(slices.Compact(all)))
	return err
}
