package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/activitylog-go/activitylog/store"
)

// applicationID marks our files; the first migration sets it.
const applicationID = 0x616c6f67

// lockWait is how long Append waits for another process to finish writing.
// Tests shorten it.
var lockWait = 10 * time.Second

// readers is the number of connections that read at once.
const readers = 4

var (
	_ store.Store       = (*Store)(nil)
	_ store.Quarantiner = (*Store)(nil)
	_ store.Custodian   = (*Store)(nil)
)

// A Store keeps events in a SQLite file. Several processes may have the same
// file open at once, also for writing.
type Store struct {
	file   string
	read   *sql.DB
	writer *writer // nil if the store was opened for reading
	names  *names
}

// Open opens the activity log in file for reading and writing. It creates the
// file, which its owner alone may read, and brings an older one to the newest
// schema; a newer one than it knows it refuses. The folder must exist, and must
// be on a local disk.
func Open(ctx context.Context, file string) (*Store, error) {
	s, err := open(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("sqlite store %s: %w", file, explain(ctx, err))
	}
	return s, nil
}

func open(ctx context.Context, file string) (*Store, error) {
	if _, err := os.Stat(filepath.Dir(file)); err != nil {
		return nil, fmt.Errorf("its folder: %w", errors.Unwrap(err))
	}
	create(file)
	// Waiting for a lock cannot be interrupted: the writer waits in small
	// steps and looks at its context between them.
	db, err := connect(file, "rwc&_txlock=immediate", 1, "journal_mode(wal)", "synchronous(full)", "busy_timeout(100)",
		"cache_size(-32768)", "wal_autocheckpoint(4000)", "journal_size_limit(67108864)",
		"secure_delete(1)") // what is pruned or erased is to be gone from the file too
	if err != nil {
		return nil, err
	}
	s := &Store{file: file, names: newNames()}
	s.writer, err = newWriter(ctx, db, s.names)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.read, err = connectReader(ctx, file, "rw")
	if err != nil {
		return nil, errors.Join(err, s.writer.close())
	}
	return s, nil
}

// create makes the file if there is none. SQLite would let everybody on the
// machine read it, and gives the files that it makes beside it the same mode.
// What keeps the file from being made keeps SQLite from it too, which says why.
func create(file string) {
	if f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
		f.Close()
	}
}

// OpenReader opens the activity log in file for reading only: it neither
// creates nor changes the file, and Append of the store fails. Events that
// another process adds are seen.
func OpenReader(ctx context.Context, file string) (*Store, error) {
	s, err := openReader(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("sqlite store %s: %w", file, explain(ctx, err))
	}
	return s, nil
}

func openReader(ctx context.Context, file string) (*Store, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, errors.Unwrap(err) // without the file's name, which is there already
	}
	if info.IsDir() {
		return nil, errors.New("is a folder")
	}
	s := &Store{file: file, names: newNames()}
	s.read, err = connectReader(ctx, file, "ro")
	if _, hasLog := os.Stat(file + "-wal"); isDenied(err) && errors.Is(hasLog, fs.ErrNotExist) {
		// SQLite wants to make files beside this one for those who read while
		// others write. In a folder where it cannot, nobody writes.
		s.read, err = connectReader(ctx, file, "ro&immutable=1")
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// connectReader opens connections that only read, to a file that is a log.
func connectReader(ctx context.Context, file, mode string) (*sql.DB, error) {
	db, err := connect(file, mode, readers, "query_only(1)", "busy_timeout(10000)", "cache_size(-8192)")
	if err != nil {
		return nil, err
	}
	if err := checkReadable(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// connect opens connections with the pragmas. None of them is used yet.
func connect(file, mode string, n int, pragmas ...string) (*sql.DB, error) {
	dsn := "file:" + strings.ReplaceAll(url.PathEscape(file), "%2F", "/") + "?mode=" + mode
	for _, p := range pragmas {
		dsn += "&_pragma=" + url.QueryEscape(p)
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// checkOwner refuses a database that another application has made. An empty
// one may become ours.
func checkOwner(ctx context.Context, db *sql.DB) error {
	var id, tables int
	err := db.QueryRowContext(ctx, `SELECT application_id, (SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND tbl_name <> ?)
		FROM pragma_application_id`, versionTable).Scan(&id, &tables)
	if err != nil {
		return err
	}
	if id != applicationID && (id != 0 || tables > 0) {
		return errNoLog
	}
	return nil
}

var errNoLog = errors.New("is no activity log but the database of another application")

func checkReadable(ctx context.Context, db *sql.DB) error {
	var id int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if id != applicationID {
		return errNoLog
	}
	p, err := newProvider(db)
	if err != nil {
		return err
	}
	return checkVersion(ctx, p, false)
}

// Close releases the file.
func (s *Store) Close() error {
	err := s.read.Close() // before the writer, which then finds nobody reading
	if s.writer != nil {
		err = errors.Join(err, s.writer.close())
	}
	return err
}
