package clickhouse

import (
	"context"
	"fmt"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Version returns the version of the schema in the database that dsn names, 0
// if there is none yet, and the newest one, which [Open] brings it to. It
// changes nothing.
func Version(ctx context.Context, dsn string) (found, newest int64, err error) {
	s, err := connect(dsn)
	if err != nil {
		return 0, 0, err
	}
	defer s.conn.Close()
	all, err := schema(s.config.options.Auth.Database, s.config.cluster)
	if err != nil {
		return 0, 0, err
	}
	newest = int64(all[len(all)-1].version)
	err = s.outside(func(conn clickhouse.Conn) error {
		exists, err := s.hasDatabase(ctx, conn)
		if err == nil && exists {
			found, err = s.foundVersion(ctx)
		}
		return err
	})
	return found, newest, s.wrap(ctx, err)
}

// foundVersion returns 0 for a database in which there is no log.
func (s *Store) foundVersion(ctx context.Context) (int64, error) {
	if err := s.checkOwner(ctx); err != nil {
		return 0, err
	}
	v, err := s.version(ctx)
	if code(err) == codeUnknownTable {
		return 0, nil
	}
	return int64(v), err
}

// Schema returns the statements that create the database that dsn names and
// the tables in it, on one server or on all of a cluster. It asks no server.
func Schema(dsn string) (string, error) {
	c, err := parseDSN(dsn)
	if err != nil {
		return "", err
	}
	s := &Store{config: c}
	database := c.options.Auth.Database
	all, err := schema(database, c.cluster)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s;\n\nUSE %s;\n\n", s.createSQL(), database)
	for _, m := range all {
		for _, sql := range m.statements {
			b.WriteString(sql + ";\n\n")
		}
		if m.version > 0 {
			fmt.Fprintf(&b, "INSERT INTO schema_version (version) VALUES (%d);\n\n", m.version)
		}
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// createSQL returns the statement that creates the database.
func (s *Store) createSQL() string {
	return "CREATE DATABASE IF NOT EXISTS " + s.config.options.Auth.Database + s.onCluster() + " ENGINE = Atomic"
}
