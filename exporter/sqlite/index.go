package sqlite

import (
	"slices"
	"strings"
)

// An openChunk remembers the postings of the newest events, until there are
// enough of them for a chunk.
type openChunk struct {
	from, next int64 // the pos of the first event and of the one to come
	postings   []posting
}

// index notes the terms of the event at pos. The last event of a chunk closes
// it: its blocks are written in the same transaction.
func (b *batch) index(pos int64, r *row) error {
	open := &b.w.open
	if pos != open.next || pos%chunkSize == 0 { // the first one, or another process has added events
		*open = openChunk{from: pos}
	}
	open.next = pos + 1
	open.add(pos, r)
	if open.next%chunkSize != 0 {
		return nil
	}
	return b.closeChunk(pos / chunkSize)
}

func (o *openChunk) add(pos int64, r *row) {
	for _, t := range r.terms() {
		o.postings = append(o.postings, newPosting(t, pos%chunkSize))
	}
}

func (b *batch) closeChunk(chunk int64) error {
	open := &b.w.open
	if err := b.readBack(chunk*chunkSize, open.from); err != nil {
		return err
	}
	slices.Sort(open.postings)
	postings := slices.Compact(open.postings)
	for len(postings) > 0 {
		part := postings[0].term().part()
		n := 1
		for n < len(postings) && postings[n].term().part() == part {
			n++
		}
		if err := b.exec(b.w.addBlock, chunk*parts+part, encodeBlock(postings[:n])); err != nil {
			return err
		}
		postings = postings[n:]
	}
	*open = openChunk{}
	return b.exec(b.w.addChunk, chunk)
}

// readBack notes the terms of the events that this process did not add.
func (b *batch) readBack(from, to int64) error {
	if from == to {
		return nil
	}
	rows, err := b.tx.QueryContext(b.ctx, "SELECT pos, "+strings.Join(columns, ", ")+" FROM events WHERE pos >= ? AND pos < ?", from, to)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var pos int64
		r, err := scan(rows, &pos)
		if err != nil {
			return err
		}
		b.w.open.add(pos, &r)
	}
	return rows.Err()
}
