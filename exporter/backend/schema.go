package backend

import (
	"context"
	"errors"

	"github.com/activitylog-go/activitylog/exporter/clickhouse"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
)

// Versions are those of a schema.
type Versions struct {
	Found  int64 // in the store; 0 if there is none yet
	Newest int64 // that this program knows, and to which [Open] brings it
}

var errNoSchema = errors.New("store memory: has no schema")

// Version returns the versions of a store's schema. It changes nothing.
func Version(ctx context.Context, dsn string) (Versions, error) {
	versions := func(found, newest int64, err error) (Versions, error) { return Versions{found, newest}, err }
	return resolve(dsn, kinds[Versions]{
		sqlite:     func(file string) (Versions, error) { return versions(sqlite.Version(ctx, file)) },
		postgres:   func(dsn string) (Versions, error) { return versions(postgres.Version(ctx, dsn)) },
		clickhouse: func(dsn string) (Versions, error) { return versions(clickhouse.Version(ctx, dsn)) },
		memory:     func(string) (Versions, error) { return Versions{}, errNoSchema },
	})
}

// Schema returns the statements that create the schema of this program's
// version where there is none, for people who read them first. It asks no server.
func Schema(dsn string) (string, error) {
	return resolve(dsn, kinds[string]{
		sqlite:     func(string) (string, error) { return sqlite.Schema(), nil },
		postgres:   func(string) (string, error) { return postgres.Schema(), nil },
		clickhouse: clickhouse.Schema,
		memory:     func(string) (string, error) { return "", errNoSchema },
	})
}

// Grant gives the roles that a database has for the log their rights again, for
// those that were made later than its schema, and returns which of them there
// are not. A store without such roles has none that are missing.
func Grant(ctx context.Context, dsn string) (missing []string, err error) {
	none := func(string) ([]string, error) { return nil, nil }
	return resolve(dsn, kinds[[]string]{
		sqlite: none, clickhouse: none, memory: none,
		postgres: func(dsn string) ([]string, error) { return postgres.Grant(ctx, dsn) },
	})
}
