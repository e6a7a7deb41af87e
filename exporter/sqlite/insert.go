package sqlite

import (
	"context"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/store"
)

// groupSize is how many events one statement inserts: by 64 an event took about
// 14 µs of processor time, one by one 19, and with 128 or 256 it took more again.
const groupSize = 64

// insertSQL fails if an id is taken. ON CONFLICT DO NOTHING would leave the pos
// of such an event empty, and a chunk is closed by the event at its last place.
func insertSQL(rows int) string {
	row := "(?" + strings.Repeat(", ?", len(columns)-1) + ")"
	return "INSERT INTO events (" + strings.Join(columns, ", ") + ") VALUES " + row + strings.Repeat(", "+row, rows-1)
}

// addAll adds rows, by groups as far as there are any.
func (b *batch) addAll(rows []*row, result *store.Result) error {
	for group := range slices.Chunk(rows, groupSize) {
		isAdded := false
		if len(group) == groupSize {
			var err error
			if isAdded, err = b.addGroup(group, result); err != nil {
				return err
			}
		}
		if isAdded {
			continue
		}
		for _, r := range group {
			if err := b.add(r, result); err != nil {
				return err
			}
		}
	}
	return nil
}

// addGroup adds rows by one statement, which adds none if an id is taken.
func (b *batch) addGroup(rows []*row, result *store.Result) (isAdded bool, err error) {
	b.values = b.values[:0]
	for _, r := range rows {
		if err := b.resolve(r); err != nil {
			return false, err
		}
		b.values = r.appendValues(b.values, b.now)
	}
	inserted, err := b.insertGroup.ExecContext(context.WithoutCancel(b.ctx), b.values...)
	if isTaken(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	last, err := inserted.LastInsertId()
	if err != nil {
		return false, err
	}
	result.Added += len(rows)
	for i, r := range rows { // AUTOINCREMENT counts without a gap within a statement
		if err := b.index(last-int64(len(rows)-1-i), r); err != nil {
			return false, err
		}
	}
	return true, nil
}

// add adds r, or finds out what the event is that has its id.
func (b *batch) add(r *row, result *store.Result) error {
	if err := b.resolve(r); err != nil {
		return err
	}
	// With a context that can be done, the driver starts a goroutine for each
	// statement. The transaction ends with its context anyway.
	inserted, err := b.insert.ExecContext(context.WithoutCancel(b.ctx), r.appendValues(nil, b.now)...)
	if isTaken(err) {
		return b.compare(r, result)
	}
	if err != nil {
		return err
	}
	result.Added++
	pos, err := inserted.LastInsertId()
	if err != nil {
		return err
	}
	return b.index(pos, r)
}
