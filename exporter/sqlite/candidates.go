package sqlite

import (
	"database/sql"
	"slices"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
	"github.com/activitylog-go/activitylog/query"
)

// maxTermSet is how many terms are looked for in place of one condition.
const maxTermSet = 128

// A termSet is a condition in the language of the blocks: an event has one of
// the terms.
type termSet = []posting.Term

// termSets returns the conditions of the filter that blocks can answer. Those
// of names include patterns and negations: they stand for the names that fit.
func (l *list) termSets() ([]termSet, error) {
	var sets []termSet
	for _, t := range l.filter.Terms {
		set, ok, err := l.termSet(t)
		if err != nil {
			return nil, err
		}
		if ok {
			sets = append(sets, set)
		}
	}
	return sets, nil
}

func (l *list) termSet(t query.Term) (set termSet, ok bool, err error) {
	if c, isRef := refColumns[t.Key]; isRef {
		return l.refTerms(t, c.kind)
	}
	if t.Negate {
		return nil, false, nil
	}
	for _, v := range t.Values {
		switch {
		case t.Key == query.Status && v.Low >= 0 && v.High <= 999:
			for status := v.Low; status <= v.High; status++ {
				set = append(set, statusTerm(status))
			}
		case t.Key == query.Status || v.Glob:
			return nil, false, nil
		default:
			set = append(set, textTerm(t.Key, v.Text))
		}
	}
	return set, true, nil
}

// refTerms returns the terms of the names that t holds for.
func (l *list) refTerms(t query.Term, kind int) (set termSet, ok bool, err error) {
	var w where
	w.and("kind = ?", kind)
	w.text("text", t)
	rows, err := l.tx.QueryContext(l.ctx, "SELECT ref FROM names"+w.String()+" LIMIT ?", append(w.args, maxTermSet+1)...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var ref int64
		if err := rows.Scan(&ref); err != nil {
			return nil, false, err
		}
		set = append(set, refTerm(t.Key, ref))
	}
	return set, len(set) <= maxTermSet, rows.Err()
}

// candidates returns the pos of the events in chunks that have a term of each
// set, and of some that do not.
func (l *list) candidates(sets []termSet, chunks []chunk) ([]int64, error) {
	if l.volumes == nil {
		var err error
		if l.volumes, err = readVolumes(l.ctx, l.tx); err != nil {
			return nil, err
		}
	}
	var numbers []int64
	for _, c := range chunks {
		numbers = append(numbers, c.number)
	}
	return posting.Find(sets, numbers, l.readBlocks)
}

const (
	blocksSQL       = "SELECT block, data FROM json_each(?) JOIN blocks ON block = value * 256 + ?"
	volumeBlocksSQL = `SELECT block, data FROM json_each(?) AS v, json_each(?) AS s
		JOIN volume_blocks ON block = (v.value * 256 + ?) * 64 + s.value`
)

// readBlocks reads the blocks of chunks, or of the volumes that they are in.
func (l *list) readBlocks(terms []posting.Term, chunks []int64, yield func(posting.Block) error) error {
	part := terms[0].Part()
	var own, moved, subs []int64
	for _, chunk := range chunks {
		if l.volumes.isMoved(chunk, part) {
			moved = append(moved, chunk/volumeChunks)
		} else {
			own = append(own, chunk)
		}
	}
	if len(own) > 0 {
		err := l.eachBlock(func(block int64) posting.Block {
			return posting.Block{First: block / posting.Parts * posting.ChunkSize, Size: posting.ChunkSize}
		}, yield, blocksSQL, jsonText(own), part)
		if err != nil {
			return err
		}
	}
	if len(moved) == 0 {
		return nil
	}
	for _, t := range terms {
		subs = append(subs, int64(t.Sub()))
	}
	return l.eachBlock(func(block int64) posting.Block {
		return posting.Block{First: block / (posting.Parts * posting.Subs) * volumeSize(), Size: volumeSize()}
	}, yield, volumeBlocksSQL, jsonText(compact(moved)), jsonText(compact(subs)), part)
}

func compact(numbers []int64) []int64 {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// eachBlock calls yield with the blocks that a statement finds, which are where
// place says.
func (l *list) eachBlock(place func(block int64) posting.Block, yield func(posting.Block) error, statement string, args ...any) error {
	rows, err := l.tx.QueryContext(l.ctx, statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number int64
		var data sql.RawBytes
		if err := rows.Scan(&number, &data); err != nil {
			return err
		}
		b := place(number)
		b.Data = data
		if err := yield(b); err != nil {
			return err
		}
	}
	return rows.Err()
}
