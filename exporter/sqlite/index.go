package sqlite

import (
	"database/sql"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
)

// An openChunk remembers the postings of the newest events, until there are
// enough of them for a chunk.
type openChunk struct {
	from, next int64 // the pos of the first event and of the one to come
	deed       int64 // the last one that was done when the first event was added
	postings   []posting.Posting
}

// index notes the terms of the event at pos. The last event of a chunk closes
// it: its blocks are written in the same transaction.
func (b *batch) index(pos int64, r *row) error {
	open := &b.w.open
	if pos != open.next || pos%posting.ChunkSize == 0 { // the first one, or another process has added events
		deed, err := b.lastDeed()
		if err != nil {
			return err
		}
		*open = openChunk{from: pos, deed: deed}
	}
	open.next = pos + 1
	open.add(pos, r)
	if open.next%posting.ChunkSize != 0 {
		return nil
	}
	return b.closeChunk(pos / posting.ChunkSize)
}

func (o *openChunk) add(pos int64, r *row) {
	for _, t := range r.terms() {
		o.postings = append(o.postings, posting.New(t, pos))
	}
}

func (b *batch) closeChunk(chunk int64) error {
	open := &b.w.open
	switch deed, err := b.lastDeed(); {
	case err != nil:
		return err
	case deed != open.deed: // this or another process may have erased what is noted here
		open.from, open.postings = open.next, nil
	}
	if err := b.readBack(chunk*posting.ChunkSize, open.from); err != nil {
		return err
	}
	var err error
	posting.Blocks(open.postings, func(part int, block []byte) {
		if err == nil {
			err = b.exec(b.w.addBlock, chunk*posting.Parts+int64(part), block)
		}
	})
	if err != nil {
		return err
	}
	*open = openChunk{}
	if err := b.exec(b.w.addChunk, chunk); err != nil {
		return err
	}
	return b.merge(chunk)
}

// readBack notes the terms of the events that this process did not add.
func (b *batch) readBack(from, to int64) error {
	if from == to {
		return nil
	}
	rows, err := b.tx.QueryContext(b.ctx, "SELECT pos, "+rowColumns+" FROM events WHERE pos >= ? AND pos < ?", from, to)
	if err != nil {
		return err
	}
	return eachRow(rows, func(pos int64, r *row) { b.w.open.add(pos, r) })
}

// eachRow calls do with rows that have their pos before their columns.
func eachRow(rows *sql.Rows, do func(pos int64, r *row)) error {
	defer rows.Close()
	for rows.Next() {
		var pos int64
		r, err := scan(rows, &pos)
		if err != nil {
			return err
		}
		do(pos, r)
	}
	return rows.Err()
}
