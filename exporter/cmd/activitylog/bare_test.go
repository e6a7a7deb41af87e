package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
)

// A sqliteBare inserts into a file of its own.
type sqliteBare struct {
	from, to *sql.DB
	events   string // selects events after a pos, in their order
	indexed  bool   // whether the names and blocks are inserted, too
	pos, ref int64  // of the newest ones that were taken
}

// newSQLiteBare returns one that inserts into the same schema all rows that the
// store does: events, names, chunks and blocks.
func newSQLiteBare(b *testing.B, file string) *sqliteBare {
	s := openSQLite(b, file, file+".bare")
	mustExec(b, s.from, "VACUUM INTO ?", file+".bare")
	s.events, s.indexed = "SELECT * FROM events WHERE pos > ? ORDER BY pos", true
	s.pos, s.ref = scanOne[int64](b, s.from, "SELECT max(pos) FROM events"), scanOne[int64](b, s.from, "SELECT max(ref) FROM names")
	return s
}

// newConventional returns one that inserts the same columns into a table as one
// would make it: each text in its place, and an index for each of five filters.
func newConventional(b *testing.B, file string) *sqliteBare {
	s := openSQLite(b, file, file+".conventional")
	columns := scanOne[string](b, s.from, "SELECT group_concat(name) FROM pragma_table_info('events')")
	names := []string{"tenant", "code", "outcome", "error_type", "actor_type", "method", "route", "service", "stream", "user_agent"}
	values := strings.Split(columns, ",")
	for i, column := range values {
		if slices.Contains(names, column) {
			values[i] = "(SELECT text FROM names WHERE ref = " + column + ")"
		}
	}
	s.events = "SELECT " + strings.Join(values, ", ") + " FROM %sevents WHERE pos > ? ORDER BY pos"
	mustExec(b, s.to, "CREATE TABLE events ("+strings.Replace(columns, "pos,id", "pos INTEGER PRIMARY KEY, id UNIQUE", 1)+")")
	mustExec(b, s.to, "ATTACH ? AS filled", file)
	mustExec(b, s.to, "INSERT INTO main.events "+strings.ReplaceAll(fmt.Sprintf(s.events, "filled."), "FROM names", "FROM filled.names"), 0)
	mustExec(b, s.to, "DETACH filled")
	for _, columns := range []string{"time, id", "tenant, time", "actor, time", "code, time", "request"} {
		mustExec(b, s.to, "CREATE INDEX events_"+strings.ReplaceAll(columns, ", ", "_")+" ON events ("+columns+")")
	}
	s.events = fmt.Sprintf(s.events, "")
	s.pos = scanOne[int64](b, s.from, "SELECT max(pos) FROM events")
	return s
}

// openSQLite opens the files; the second one as the store opens its own.
func openSQLite(b *testing.B, from, to string) *sqliteBare {
	open := func(file string) *sql.DB {
		db, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=cache_size(-65536)"+
			"&_pragma=wal_autocheckpoint(4000)&_pragma=journal_size_limit(67108864)&_pragma=secure_delete(1)")
		if err != nil {
			b.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		b.Cleanup(func() { db.Close() })
		return db
	}
	return &sqliteBare{from: open(from), to: open(to)}
}

func (s *sqliteBare) take(b *testing.B) (commits []func() error) {
	inserts := map[string]*sql.Stmt{}
	events := s.rows(b, s.events, s.pos)
	for _, rows := range byCommit(events, func(row []any) any { return row[4] }) {
		add := map[string][][]any{"events": rows}
		for _, row := range rows {
			if s.pos = row[0].(int64); s.indexed && s.pos%4096 == 4095 {
				chunk := s.pos / 4096
				add["blocks"] = append(add["blocks"], s.rows(b, "SELECT * FROM blocks WHERE block >= ?1 * 256 AND block < (?1 + 1) * 256", chunk)...)
				add["chunks"] = append(add["chunks"], s.rows(b, "SELECT * FROM chunks WHERE chunk = ?", chunk)...)
			}
		}
		if s.indexed {
			add["names"] = s.rows(b, "SELECT * FROM names WHERE ref > ? ORDER BY ref", s.ref)
			s.ref += int64(len(add["names"])) // each has the next number
		}
		for table, rows := range add {
			if inserts[table] == nil && len(rows) > 0 {
				stmt, err := s.to.Prepare("INSERT INTO " + table + " VALUES (?" + strings.Repeat(", ?", len(rows[0])-1) + ")")
				if err != nil {
					b.Fatal(err)
				}
				inserts[table] = stmt
			}
		}
		commits = append(commits, func() error { return s.insert(inserts, add) })
	}
	return commits
}

func (s *sqliteBare) insert(inserts map[string]*sql.Stmt, add map[string][][]any) error {
	tx, err := s.to.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for table, rows := range add {
		if len(rows) == 0 {
			continue
		}
		insert := tx.Stmt(inserts[table])
		for _, row := range rows {
			if _, err := insert.Exec(row...); err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}

func (s *sqliteBare) rows(b *testing.B, query string, args ...any) (all [][]any) {
	b.Helper()
	rows, err := s.from.Query(query, args...)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	for rows.Next() && err == nil {
		row, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			pointers[i] = &row[i]
		}
		err = rows.Scan(pointers...)
		all = append(all, row)
	}
	if err != nil || rows.Err() != nil {
		b.Fatal(err, rows.Err())
	}
	return all
}

func mustExec(b *testing.B, db *sql.DB, query string, args ...any) {
	b.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		b.Fatalf("%s: %v", query, err)
	}
}

func scanOne[T any](b *testing.B, db *sql.DB, query string) (value T) {
	b.Helper()
	if err := db.QueryRow(query).Scan(&value); err != nil {
		b.Fatalf("%s: %v", query, err)
	}
	return value
}

// byCommit parts rows, which are in the order in which they were added: those of
// one transaction have the same time of it.
func byCommit(rows [][]any, commit func([]any) any) (commits [][][]any) {
	for i, row := range rows {
		if i == 0 || commit(row) != commit(rows[i-1]) {
			commits = append(commits, nil)
		}
		commits[len(commits)-1] = append(commits[len(commits)-1], row)
	}
	return commits
}

// A postgresBare copies into a database that was a copy of the other one.
type postgresBare struct {
	from, to   *pgxpool.Pool
	columns    string
	pos, chunk int64
}

func newPostgresBare(b *testing.B, from, to string) *postgresBare {
	open := func(dsn string) *pgxpool.Pool {
		pool, err := pgxpool.New(b.Context(), dsn)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(pool.Close)
		return pool
	}
	s := &postgresBare{from: open(from), to: open(to)}
	err := s.from.QueryRow(b.Context(), `SELECT string_agg(attname, ', ' ORDER BY attnum),
			(SELECT max(pos) FROM activitylog.events), (SELECT coalesce(max(chunk), -1) FROM activitylog.chunks)
		FROM pg_attribute WHERE attrelid = 'activitylog.events'::regclass AND attnum > 0 AND NOT attisdropped
			AND attname NOT IN ('pos', 'ingested', 'erased')`).Scan(&s.columns, &s.pos, &s.chunk)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func (s *postgresBare) take(b *testing.B) (commits []func() error) {
	events := s.rows(b, "SELECT pos, ingested, tableoid::regclass::text, "+s.columns+" FROM activitylog.events WHERE pos > $1 ORDER BY ingested, pos", s.pos)
	columns := strings.Split(s.columns, ", ")
	for _, rows := range byCommit(events, func(row []any) any { return row[1].(time.Time).UnixNano() }) {
		_, partition, _ := strings.Cut(rows[0][2].(string), ".")
		for i, row := range rows {
			s.pos = max(s.pos, row[0].(int64))
			rows[i] = row[3:]
		}
		commits = append(commits, func() error { return s.copy(partition, columns, rows) })
	}
	chunks := s.rows(b, "SELECT chunk, oldest, newest, least, greatest FROM activitylog.chunks WHERE chunk > $1 ORDER BY chunk", s.chunk)
	blocks := s.rows(b, "SELECT chunk, part, data FROM activitylog.blocks WHERE chunk > $1", s.chunk)
	for _, chunk := range chunks {
		s.chunk = chunk[0].(int64)
		mine := slices.Collect(func(yield func([]any) bool) {
			for _, block := range blocks {
				if block[0] == chunk[0] && !yield(block) {
					return
				}
			}
		})
		commits = append(commits, func() error {
			return errors.Join(s.copy("blocks", []string{"chunk", "part", "data"}, mine),
				s.copy("chunks", []string{"chunk", "oldest", "newest", "least", "greatest"}, [][]any{chunk}))
		})
	}
	return commits
}

func (s *postgresBare) copy(table string, columns []string, rows [][]any) error {
	_, err := s.to.CopyFrom(context.Background(), pgx.Identifier{"activitylog", table}, columns, pgx.CopyFromRows(rows))
	return err
}

func (s *postgresBare) rows(b *testing.B, query string, args ...any) [][]any {
	b.Helper()
	rows, err := s.from.Query(b.Context(), query, args...)
	if err != nil {
		b.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) { return row.Values() })
	if err != nil {
		b.Fatal(err)
	}
	return all
}

// A clickHouseBare inserts, column by column, into a database beside the other
// one.
type clickHouseBare struct {
	from, to chgo.Conn
	ingested int64
}

func newClickHouseBare(b *testing.B, from, to string) *clickHouseBare {
	fill(b, to) // the same events
	open := func(dsn string) chgo.Conn {
		conn, err := chtest.Connect(dsn)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { conn.Close() })
		return conn
	}
	s := &clickHouseBare{from: open(from), to: open(to)}
	if err := s.from.QueryRow(b.Context(), "SELECT max(ingested) FROM events").Scan(&s.ingested); err != nil {
		b.Fatal(err)
	}
	return s
}

func (s *clickHouseBare) take(b *testing.B) (commits []func() error) {
	rows, err := s.from.Query(b.Context(), "SELECT ingested, * EXCEPT ingested FROM events WHERE ingested > ? ORDER BY ingested", s.ingested)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	var columns []reflect.Value // of the rows of one commit
	add := func() {
		if done := columns; done != nil {
			commits = append(commits, func() error { return s.insert(rows.Columns(), done) })
		}
		columns = nil
	}
	types := rows.ColumnTypes()
	for rows.Next() {
		row := make([]any, len(types))
		for i := range row {
			row[i] = reflect.New(types[i].ScanType()).Interface()
		}
		if err := rows.Scan(row...); err != nil {
			b.Fatal(err)
		}
		if ingested := *row[0].(*int64); ingested != s.ingested {
			s.ingested = ingested
			add()
		}
		for i := range row {
			if i == len(columns) {
				columns = append(columns, reflect.MakeSlice(reflect.SliceOf(types[i].ScanType()), 0, 8192))
			}
			columns[i] = reflect.Append(columns[i], reflect.ValueOf(row[i]).Elem())
		}
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
	add()
	return commits
}

func (s *clickHouseBare) insert(names []string, columns []reflect.Value) error {
	ctx := chgo.Context(context.Background(), chgo.WithSettings(chgo.Settings{"async_insert": 0}))
	batch, err := s.to.PrepareBatch(ctx, "INSERT INTO events ("+strings.Join(names, ", ")+")")
	if err != nil {
		return err
	}
	defer batch.Close()
	for i := range columns {
		if err := batch.Column(i).Append(columns[i].Interface()); err != nil {
			return fmt.Errorf("column %s: %w", names[i], err)
		}
	}
	return batch.Send()
}
