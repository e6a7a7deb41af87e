package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// A writer has the one connection of this process that writes.
type writer struct {
	mu    sync.Mutex
	db    *sql.DB
	names *names

	open openChunk

	insert, insertGroup, addName, findName, get, putAside, addBlock, moveBlocks, addVolumeBlock, addChunk, addDeed, lastDeed *sql.Stmt
}

func newWriter(ctx context.Context, db *sql.DB, n *names) (*writer, error) {
	w := &writer{db: db, names: n}
	if err := w.waiting(ctx, func() error { return checkOwner(ctx, db) }); err != nil {
		return nil, err
	}
	if err := w.waiting(ctx, func() error { return migrate(ctx, db) }); err != nil {
		return nil, err
	}
	var err error
	prepare := func(query string) *sql.Stmt {
		if err != nil {
			return nil
		}
		var s *sql.Stmt
		s, err = db.PrepareContext(ctx, query)
		return s
	}
	w.insert = prepare(insertSQL(1))
	w.insertGroup = prepare(insertSQL(groupSize))
	w.addName = prepare("INSERT INTO names (kind, text) VALUES (?, ?) ON CONFLICT DO NOTHING")
	w.findName = prepare("SELECT ref FROM names WHERE kind = ? AND text = ?")
	w.get = prepare(selectEvents + " WHERE id = ?")
	w.putAside = prepare("INSERT INTO quarantine (id, time, reason, event, salt, raw) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
	w.addBlock = prepare("INSERT INTO blocks (block, data) VALUES (?, ?)")
	w.moveBlocks = prepare("DELETE FROM blocks WHERE block IN (SELECT value FROM json_each(?)) RETURNING block, data")
	w.addVolumeBlock = prepare("INSERT INTO volume_blocks (block, data) VALUES (?, ?)")
	w.addChunk = prepare(`INSERT OR REPLACE INTO chunks (chunk, oldest, newest, ingested, events)
		SELECT ?1, min(time), max(time), min(ingested), count(*) FROM events WHERE pos >= ?1 * 4096 AND pos < (?1 + 1) * 4096`)
	w.addDeed = prepare("INSERT INTO deeds (time, kind, what, events, by, reason) VALUES (?, ?, ?, ?, ?, ?)")
	w.lastDeed = prepare("SELECT coalesce(max(pos), 0) FROM deeds")
	return w, err
}

// close ends the statements with their connection. It leaves all events in the file itself, so that a copy of that one file
// is whole. SQLite sees to it only when nobody else has the file open, and not
// when the last to leave is a reader. Whoever reads a moment longer may keep it
// from being done, which loses nothing: the next writer does it.
func (w *writer) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(w.checkpoint(ctx), w.db.Close())
}

// checkpoint moves what was committed into the file itself and empties the log
// beside it, as far as nobody reads from that.
func (w *writer) checkpoint(ctx context.Context) error {
	_, err := w.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

var errReadOnly = errors.New("the store was opened for reading only")

// Append adds events as [store.Store] says, in one transaction.
func (s *Store) Append(ctx context.Context, events []activitylog.Event) (store.Result, error) {
	rows := make([]*row, len(events)) // before others have to wait for the lock
	for i := range events {
		err := store.Check(&events[i])
		if err == nil {
			rows[i], err = newRow(&events[i])
		}
		if err != nil {
			return store.Result{}, err
		}
	}
	var r store.Result
	err := s.write(ctx, func(b *batch) error {
		r = store.Result{}
		return b.addAll(rows, &r)
	})
	if err != nil {
		return store.Result{}, err
	}
	return r, nil
}

// write runs do in a transaction, which it commits.
func (s *Store) write(ctx context.Context, do func(*batch) error) error {
	if s.writer == nil {
		return fmt.Errorf("sqlite store %s: %w", s.file, errReadOnly)
	}
	if err := s.writer.write(ctx, do); err != nil {
		return fmt.Errorf("sqlite store %s: %w", s.file, explain(ctx, err))
	}
	return nil
}

func (w *writer) write(ctx context.Context, do func(*batch) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var tx *sql.Tx
	err := w.waiting(ctx, func() (err error) {
		tx, err = w.db.BeginTx(ctx, nil)
		return err
	})
	if err != nil {
		return err
	}
	b := &batch{ctx: ctx, w: w, tx: tx, now: time.Now().UnixNano(), refs: map[name]int64{}, texts: newNames()}
	b.insert, b.insertGroup = tx.StmtContext(ctx, w.insert), tx.StmtContext(ctx, w.insertGroup)
	before := w.open
	if err := do(b); err != nil {
		w.open = before
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		w.open = before
		// database/sql has let go of the transaction, SQLite may not have:
		// this is its only connection, and says so if there is none.
		_, _ = w.db.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return err
	}
	w.names.remember(b.refs)
	return nil
}

// waiting repeats do while another process holds the lock, until lockWait is
// over or the context is done.
func (w *writer) waiting(ctx context.Context, do func() error) error {
	for start := time.Now(); ; {
		err := do()
		if err == nil || !isBusy(err) || time.Since(start) > lockWait || ctx.Err() != nil {
			return err
		}
	}
}

// ignoreDone drops the error of ending a transaction that the driver has
// ended already, because its context was done or the disk was full.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// A batch is what one transaction adds.
type batch struct {
	ctx context.Context
	w   *writer
	tx  *sql.Tx
	now int64

	insert, insertGroup *sql.Stmt // of the transaction
	values              []any     // of the rows that it inserts now

	refs  map[name]int64 // what becomes known with the commit
	texts *names         // what compare has looked up, committed or not
	last  [kinds]lastRef // most names are those of the event before
}

func (b *batch) exec(stmt *sql.Stmt, args ...any) error {
	_, err := b.tx.StmtContext(b.ctx, stmt).ExecContext(b.ctx, args...)
	return err
}

// resolve gives r its refs.
func (b *batch) resolve(r *row) (err error) {
	for _, f := range r.names() {
		if *f.ref, err = b.ref(name{f.kind, *f.text}); err != nil {
			return err
		}
	}
	return nil
}

// A lastRef is the name of a kind that was used last.
type lastRef struct {
	text string
	ref  int64 // 0 for none
}

// ref returns the ref of a name, which it adds if it is new.
func (b *batch) ref(of name) (ref int64, err error) {
	last := &b.last[of.kind]
	if last.ref != 0 && last.text == of.text {
		return last.ref, nil
	}
	ref, err = b.findRef(of)
	*last = lastRef{of.text, ref}
	return ref, err
}

func (b *batch) findRef(of name) (int64, error) {
	if ref, ok := b.w.names.ref(of); ok {
		return ref, nil
	}
	if ref, ok := b.refs[of]; ok {
		return ref, nil
	}
	if err := b.exec(b.w.addName, of.kind, of.text); err != nil {
		return 0, err
	}
	var ref int64
	err := b.tx.StmtContext(b.ctx, b.w.findName).QueryRowContext(b.ctx, of.kind, of.text).Scan(&ref)
	b.refs[of] = ref
	return ref, err
}

// compare says what an event is whose id is taken.
func (b *batch) compare(r *row, result *store.Result) error {
	rows, err := b.tx.StmtContext(b.ctx, b.w.get).QueryContext(b.ctx, r.id[:])
	if err != nil {
		return err
	}
	found, err := readEvents(b.ctx, b.tx, b.texts, rows)
	if err != nil {
		return err
	}
	sent := store.Kept(r.event) // which does not say that it is erased
	if len(found) == 1 && store.Same(found[0], sent) {
		result.Duplicates++
		return nil
	}
	result.Conflicts++
	return b.conflict(sent)
}
