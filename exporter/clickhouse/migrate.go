package clickhouse

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"text/template"
)

//go:embed migrations/*.sql
var migrations embed.FS

// A migration is a file of statements. Each can be run again, and by several
// processes at once, for there is neither a transaction nor a lock around them:
// what one of them finds in place it leaves.
type migration struct {
	version    uint32
	statements []string
}

// schema returns the migrations for one server or, if cluster is not empty,
// for all servers of a cluster: the tables of each are then called NAME_local,
// and NAME is a table over those of all shards.
func schema(database, cluster string) ([]migration, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	var all []migration
	for _, file := range files {
		text, err := fs.ReadFile(migrations, file)
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(file, "migrations/"), "_")
		version, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return nil, err
		}
		var sql strings.Builder
		t, err := template.New(file).Funcs(dialect(database, cluster)).Parse(string(text))
		if err == nil {
			err = t.Execute(&sql, nil)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, migration{uint32(version), split(sql.String())})
	}
	return all, nil
}

// split returns the statements of text, without comments above them.
func split(text string) []string {
	var statements []string
	for statement := range strings.SplitSeq(text, ";\n") {
		var lines []string
		for line := range strings.Lines(statement) {
			if !strings.HasPrefix(line, "--") {
				lines = append(lines, line)
			}
		}
		if s := strings.TrimSpace(strings.Join(lines, "")); s != "" {
			statements = append(statements, s)
		}
	}
	return statements
}

// dialect is what differs between one server and a cluster.
func dialect(database, cluster string) template.FuncMap {
	if cluster == "" {
		return template.FuncMap{
			"local":       func(table string) string { return table },
			"engine":      func(name string, args ...string) string { return name + "(" + strings.Join(args, ", ") + ")" },
			"durable":     func() string { return durable + ", non_replicated_deduplication_window = 1000" },
			"distributed": func(table, shard string) string { return "" },
		}
	}
	return template.FuncMap{
		"local": func(table string) string { return table + "_local ON CLUSTER " + cluster },
		"engine": func(name string, args ...string) string {
			args = append([]string{"'/clickhouse/tables/{uuid}/{shard}'", "'{replica}'"}, args...)
			return "Replicated" + name + "(" + strings.Join(args, ", ") + ")"
		},
		"durable": func() string { return durable },
		"distributed": func(table, shard string) string {
			return fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s ON CLUSTER %s AS %s.%s_local\nENGINE = Distributed(%s, %s, %s_local, %s);\n",
				table, cluster, database, table, cluster, database, table, shard)
		},
	}
}

// durable: what was acknowledged is on the disk.
const durable = "fsync_after_insert = 1, fsync_part_directory = 1"

// migrate brings the database to the newest schema.
func (s *Store) migrate(ctx context.Context) error {
	if err := s.checkOwner(ctx); err != nil {
		return err
	}
	all, err := schema(s.config.options.Auth.Database, s.config.cluster)
	if err != nil {
		return err
	}
	if err := s.runAll(ctx, all[0].statements); err != nil {
		return err
	}
	version, err := s.version(ctx)
	if err != nil {
		return err
	}
	newest := all[len(all)-1].version
	if version > newest {
		return newer(version, newest)
	}
	for _, m := range all[1:] {
		if m.version <= version {
			continue
		}
		if err := s.runAll(ctx, m.statements); err != nil {
			return fmt.Errorf("migration %d: %w", m.version, err)
		}
		if err := s.conn.Exec(ctx, "INSERT INTO schema_version (version) VALUES (?)", m.version); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) runAll(ctx context.Context, statements []string) error {
	for _, sql := range statements {
		if err := s.conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) version(ctx context.Context) (uint32, error) {
	var version uint32
	err := s.conn.QueryRow(ctx, "SELECT max(version) FROM schema_version").Scan(&version)
	return version, err
}

// checkVersion refuses a schema that this program does not know, for readers.
func (s *Store) checkVersion(ctx context.Context) error {
	if err := s.checkOwner(ctx); err != nil {
		return err
	}
	all, err := schema(s.config.options.Auth.Database, "")
	if err != nil {
		return err
	}
	version, err := s.version(ctx)
	switch newest := all[len(all)-1].version; {
	case err != nil:
		return err
	case version > newest:
		return newer(version, newest)
	case version < newest:
		return fmt.Errorf("its schema has version %d and this program reads version %d: run activitylog migrate --store DSN", version, newest)
	}
	return nil
}

func newer(version, newest uint32) error {
	return fmt.Errorf("its schema has version %d and this program knows versions up to %d: use a newer program", version, newest)
}

// checkOwner refuses a database in which another application has its events.
func (s *Store) checkOwner(ctx context.Context) error {
	var columns, ours uint64
	err := s.conn.QueryRow(ctx, `SELECT count(), countIf(name = 'change_flags') FROM system.columns
		WHERE database = currentDatabase() AND table = 'events'`).Scan(&columns, &ours)
	if err == nil && columns > 0 && ours == 0 {
		return errors.New("is no activity log but the database of another application")
	}
	return err
}
