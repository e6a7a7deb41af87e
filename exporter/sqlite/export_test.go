package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/posting"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// SetStride changes how far List walks before it asks the index, until undo is
// called.
func SetStride(n int) (undo func()) {
	old := stride
	stride = n
	return func() { stride = old }
}

// SetLockWait changes how long a writer waits, until undo is called.
func SetLockWait(d time.Duration) (undo func()) {
	old := lockWait
	lockWait = d
	return func() { lockWait = old }
}

// SetMaxNames changes how many names a process remembers, until undo is called.
func SetMaxNames(n int) (undo func()) {
	old := maxNames
	maxNames = n
	return func() { maxNames = old }
}

// SetVolumeChunks changes the size of volumes, until undo is called.
func SetVolumeChunks(n int64) (undo func()) {
	old := volumeChunks
	volumeChunks = n
	return func() { volumeChunks = old }
}

const ChunkSize = posting.ChunkSize

// Writer returns the connection that writes.
func (s *Store) Writer() *sql.DB { return s.writer.db }

// Statements returns what List, Count, Facet and Histogram may run for a
// filter, with the parameters.
func (s *Store) Statements(ctx context.Context, filter query.Query) (map[string][]any, error) {
	statements := map[string][]any{}
	err := s.reading(ctx, func(tx *sql.Tx) error {
		l := s.newList(ctx, tx, filter, 51)
		w := l.where()
		statements[walkSQL(w)] = append(w.args, l.limit)
		statements[placesSQL(byTime, w)] = append(w.args, l.limit)
		b := l.bounds()
		statements[strideSQL(b)] = append(b.args, 1, stride)
		w.and(posIn, "[1,2]")
		statements[placesSQL(byPos, w)] = append(w.args, l.limit)
		statements[countSQL(byPos, w)] = append(w.args, l.limit)
		statements[tallySQL(byPos, w)] = append([]any{0, 1}, w.args...)
		statements[blocksSQL] = []any{"[0]", 1}
		statements[volumeBlocksSQL] = []any{"[0]", "[1,2]", 1}
		sets, err := l.termSets()
		if len(sets) == 0 {
			statements = map[string][]any{}
		}
		for _, t := range filter.Terms {
			statements[facetSQL(t.Key)] = []any{"[1,2]", 20}
		}
		return err
	})
	return statements, err
}

// AppendInVain adds events in a transaction that then fails.
func (s *Store) AppendInVain(ctx context.Context, events []activitylog.Event) error {
	return s.write(ctx, func(b *batch) error {
		rows := make([]*row, len(events))
		for i := range events {
			var err error
			if rows[i], err = newRow(&events[i]); err != nil {
				return err
			}
		}
		return errors.Join(b.addAll(rows, new(store.Result)), errors.New("in vain"))
	})
}

// InsertBare is the loop that Append is measured against: the same rows in the
// same table by the same statement, encoded beforehand, and nothing else.
func (s *Store) InsertBare(ctx context.Context, rows [][]any) error {
	tx, err := s.writer.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert := tx.StmtContext(ctx, s.writer.insert)
	for _, values := range rows {
		if _, err := insert.ExecContext(context.WithoutCancel(ctx), values...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Rows encodes events for InsertBare.
func (s *Store) Rows(ctx context.Context, events []activitylog.Event) ([][]any, error) {
	var rows [][]any
	err := s.write(ctx, func(b *batch) error {
		for _, e := range events {
			r, err := newRow(&e)
			if err != nil {
				return err
			}
			if err := b.resolve(r); err != nil {
				return err
			}
			rows = append(rows, r.appendValues(nil, b.now))
		}
		return nil
	})
	return rows, err
}

// Found returns the pos of the events that have a term according to the blocks.
func (s *Store) Found(ctx context.Context, key query.Key, text string) (pos []int64, err error) {
	err = s.reading(ctx, func(tx *sql.Tx) error {
		l := s.newList(ctx, tx, query.Query{}, 0)
		chunks, _, err := l.chunks()
		if err != nil {
			return err
		}
		pos, err = l.candidates([]termSet{{textTerm(key, text)}}, chunks)
		return err
	})
	return pos, err
}

// A Document is the JSON columns of a row that have a decoder of their own.
type Document struct{ Targets, Names, Changes, Values string }

// Encode returns those of an event.
func Encode(e activitylog.Event) (Document, error) {
	d, err := encode(&e)
	return Document{d.targets.String, d.targetNames.String, d.changes.String, d.changeValues.String}, err
}

// Decode returns an event with what they say.
func Decode(text Document) (e activitylog.Event, err error) {
	d := document{targets: nullable(text.Targets), targetNames: nullable(text.Names), changes: nullable(text.Changes), changeValues: nullable(text.Values)}
	return e, d.decode(&e)
}
