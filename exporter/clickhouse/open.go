package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/activitylog-go/activitylog/store"
)

var (
	_ store.Store       = (*Store)(nil)
	_ store.Quarantiner = (*Store)(nil)
	_ store.Custodian   = (*Store)(nil)
)

// A Store keeps events in a database of a ClickHouse server, or of a cluster.
// Several processes may have the same one open at once, also for writing.
type Store struct {
	config config
	conn   clickhouse.Conn
	reader bool

	claims  claims
	adding  sync.RWMutex // held for reading while events are added, see cutoff
	custody sync.Mutex   // holds do not change while something is removed
}

// Open opens the activity log in the database that dsn names, for reading and
// writing. It creates the database and the tables, and brings older ones to the
// newest schema; a newer one than it knows it refuses.
//
//	clickhouse://user:password@host:9000/database?secure=true
//
// The parameters are those of github.com/ClickHouse/clickhouse-go/v2 and, of
// this package, cluster, the name of the cluster on all of whose servers the
// tables are to be, and ttl, the time after which the server removes events by
// itself, as in 8760h; ttl=0 ends that. An error never shows a password.
func Open(ctx context.Context, dsn string) (*Store, error) {
	s, err := connect(dsn)
	if err != nil {
		return nil, err
	}
	if err := s.create(ctx); err != nil {
		return nil, errors.Join(s.wrap(ctx, err), s.conn.Close())
	}
	return s, nil
}

// OpenExisting is Open for a user who may add events and not change the schema,
// which must be there.
func OpenExisting(ctx context.Context, dsn string) (*Store, error) {
	return openAsIs(ctx, dsn, false)
}

// OpenReader opens the activity log for reading only: it neither creates nor
// changes anything, and Append of the store fails.
func OpenReader(ctx context.Context, dsn string) (*Store, error) {
	return openAsIs(ctx, dsn, true)
}

func openAsIs(ctx context.Context, dsn string, reader bool) (*Store, error) {
	s, err := connect(dsn)
	if err != nil {
		return nil, err
	}
	s.reader = reader
	if err := s.checkVersion(ctx); err != nil {
		return nil, errors.Join(s.wrap(ctx, err), s.conn.Close())
	}
	return s, nil
}

func connect(dsn string) (*Store, error) {
	c, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	conn, err := clickhouse.Open(c.options)
	if err != nil {
		return nil, fmt.Errorf("clickhouse store %s: %w", c.name, err)
	}
	return &Store{config: c, conn: conn}, nil
}

// create makes what is not there yet.
func (s *Store) create(ctx context.Context) error {
	if err := s.createDatabase(ctx); err != nil {
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	return s.expire(ctx)
}

// createDatabase looks before it creates, for which the user may have no right.
func (s *Store) createDatabase(ctx context.Context) error {
	return s.outside(func(conn clickhouse.Conn) error {
		exists, err := s.hasDatabase(ctx, conn)
		if err != nil || exists {
			return err
		}
		return conn.Exec(ctx, s.createSQL())
	})
}

// outside gives do a connection to the server that is in no database of its own.
func (s *Store) outside(do func(clickhouse.Conn) error) error {
	options := *s.config.options
	options.Auth.Database = ""
	conn, err := clickhouse.Open(&options)
	if err != nil {
		return err
	}
	defer conn.Close()
	return do(conn)
}

func (s *Store) hasDatabase(ctx context.Context, conn clickhouse.Conn) (bool, error) {
	var n uint64
	err := conn.QueryRow(ctx, "SELECT count() FROM system.databases WHERE name = ?", s.config.options.Auth.Database).Scan(&n)
	return n > 0, err
}

// onCluster and local are how a statement names a table of each server.
func (s *Store) onCluster() string {
	if s.config.cluster == "" {
		return ""
	}
	return " ON CLUSTER " + s.config.cluster
}

func (s *Store) local(table string) string {
	if s.config.cluster == "" {
		return table
	}
	return table + "_local" + s.onCluster()
}

// Close releases the connections.
func (s *Store) Close() error { return s.conn.Close() }

var errReadOnly = errors.New("the store was opened for reading only")

func (s *Store) checkWriter() error {
	if s.reader {
		return errReadOnly
	}
	return nil
}

// writing returns a context in which an insert is done when it returns: on the
// disk, on all shards and on most replicas.
func writing(ctx context.Context, more clickhouse.Settings) context.Context {
	settings := clickhouse.Settings{
		"async_insert": 0, "insert_deduplicate": 1, "distributed_foreground_insert": 1, "insert_quorum": "auto",
	}
	maps.Copy(settings, more)
	return clickhouse.Context(ctx, clickhouse.WithSettings(settings))
}
