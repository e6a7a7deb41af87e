package clickhouse

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/ext"
	chcolumn "github.com/ClickHouse/clickhouse-go/v2/lib/column"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// Append adds events as [store.Store] says, as one block of rows, which the
// server adds as a whole or not at all; in a cluster that holds for the part of
// each shard.
func (s *Store) Append(ctx context.Context, events []activitylog.Event) (store.Result, error) {
	for i := range events {
		if err := store.Check(&events[i]); err != nil {
			return store.Result{}, err
		}
	}
	r, err := s.append(ctx, events)
	if err != nil {
		return store.Result{}, s.wrap(ctx, err)
	}
	return r, nil
}

func (s *Store) append(ctx context.Context, events []activitylog.Event) (store.Result, error) {
	var r store.Result
	if err := s.checkWriter(); err != nil || len(events) == 0 {
		return r, err
	}
	b, err := newBatch(events)
	if err != nil {
		return r, err
	}
	release, err := s.claims.claim(ctx, b.rows)
	if err != nil {
		return r, err
	}
	defer release()
	s.adding.RLock()
	defer s.adding.RUnlock()

	start := time.Now()
	pruned, err := s.lookUp(ctx, b)
	if err != nil {
		return r, err
	}
	fresh := b.sort()
	if err := s.putAside(ctx, b.conflicts); err != nil {
		return r, err
	}
	if len(fresh) > 0 {
		if err := s.insert(ctx, fresh, token(fresh, pruned)); err != nil {
			return r, err
		}
		if err := s.settle(ctx, b, fresh, time.Since(start)); err != nil {
			return r, err
		}
	}
	return store.Result{Added: len(fresh) - b.lost, Duplicates: b.duplicates, Conflicts: len(b.conflicts) + b.lost}, nil
}

// A batch is what one Append adds.
type batch struct {
	rows   []row
	first  map[string]int               // the place of the first of each id
	stored map[string]activitylog.Event // what the store has under ids of the batch

	duplicates int
	conflicts  []activitylog.Event
	lost       int // conflicts with what others added at the same time
}

func newBatch(events []activitylog.Event) (*batch, error) {
	b := &batch{rows: make([]row, len(events)), first: make(map[string]int, len(events)), stored: map[string]activitylog.Event{}}
	for i := range events {
		var err error
		if b.rows[i], err = encode(&events[i]); err != nil {
			return nil, err
		}
		if _, taken := b.first[b.rows[i].id]; !taken {
			b.first[b.rows[i].id] = i
		}
	}
	return b, nil
}

// sort returns the rows that are new, and says what the others are.
func (b *batch) sort() []row {
	if len(b.stored) == 0 && len(b.first) == len(b.rows) {
		return b.rows
	}
	var fresh []row
	for i, r := range b.rows {
		taken, ok := b.stored[r.id]
		if !ok {
			taken = b.rows[b.first[r.id]].event
		}
		switch {
		case !ok && b.first[r.id] == i:
			fresh = append(fresh, r)
		case store.Same(taken, r.event):
			b.duplicates++
		default:
			b.conflicts = append(b.conflicts, r.event)
		}
	}
	return fresh
}

// lookUp finds what the store has under the ids of b, and how often something
// was pruned.
func (s *Store) lookUp(ctx context.Context, b *batch) (pruned uint64, err error) {
	with, err := withIDs(ctx, idsOf(b.rows))
	if err != nil {
		return 0, err
	}
	var taken []string
	err = s.conn.QueryRow(with, `SELECT (SELECT count() FROM deeds WHERE kind = ?), groupUniqArray(id)
		FROM events WHERE id IN (SELECT id FROM batch)`, store.DeedPruned).Scan(&pruned, &taken)
	if err != nil || len(taken) == 0 {
		return pruned, err
	}
	b.stored, err = s.separate(ctx, taken)
	return pruned, err
}

func idsOf(rows []row) []string {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].id
	}
	return ids
}

// withIDs returns a context in which a query sees ids, which are of one length,
// as the table batch. A statement that named them all would be too long.
func withIDs(ctx context.Context, ids []string) (context.Context, error) {
	table, err := ext.NewTable("batch", ext.Column("id", chcolumn.Type(fmt.Sprintf("FixedString(%d)", len(ids[0])))))
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if err := table.Append(id); err != nil {
			return nil, err
		}
	}
	return clickhouse.Context(ctx, clickhouse.WithExternalTable(table)), nil
}

var insertEvents = "INSERT INTO events (" + strings.Join(names(columns), ", ") + ")"

func names(columns []column) []string {
	var all []string
	for _, c := range columns {
		all = append(all, c.name)
	}
	return all
}

func (s *Store) insert(ctx context.Context, rows []row, token string) error {
	ctx = writing(ctx, clickhouse.Settings{"insert_deduplication_token": token})
	b, err := s.conn.PrepareBatch(ctx, insertEvents)
	if err != nil {
		return err
	}
	defer b.Close()
	for i, c := range columns {
		if err := c.append(b.Column(i), rows); err != nil {
			return fmt.Errorf("column %s: %w", c.name, err)
		}
	}
	return b.Send()
}

// token names what is added, so that a server that is still busy with it, or
// that was done when the connection was lost, does not add it again. What was
// pruned meanwhile may be added again.
func token(rows []row, pruned uint64) string {
	h := sha256.New()
	h.Write(binary.BigEndian.AppendUint64(nil, pruned))
	for i := range rows {
		h.Write(binary.BigEndian.AppendUint32([]byte(rows[i].id), rows[i].checksum))
	}
	return hex.EncodeToString(h.Sum(nil))
}
