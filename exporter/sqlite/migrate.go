package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

const versionTable = "schema_version"

func newProvider(db *sql.DB) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, dir,
		goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
}

// migrate brings the file to the newest schema, each step in a transaction of
// its own. Of two processes that do so at once, one finds in its way what the
// other has made: then there is nothing left to do.
func migrate(ctx context.Context, db *sql.DB) error {
	p, err := newProvider(db)
	if err != nil {
		return err
	}
	if err := checkVersion(ctx, p, true); err != nil {
		return err
	}
	_, err = p.Up(ctx)
	for attempt := 0; err != nil && attempt < 5; attempt++ {
		if current, target, e := p.GetVersions(ctx); e == nil && current == target {
			return nil
		}
		_, err = p.Up(ctx)
	}
	return err
}

// checkVersion refuses a schema that this program does not know and, unless
// it may be migrated, one that is older.
func checkVersion(ctx context.Context, p *goose.Provider, mayMigrate bool) error {
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	version, err := p.GetDBVersion(ctx)
	switch {
	case err != nil:
		return err
	case version > newest:
		return fmt.Errorf("its schema has version %d and this program knows versions up to %d: use a newer program", version, newest)
	case version < newest && !mayMigrate:
		return fmt.Errorf("its schema has version %d and this program reads version %d: run activitylog migrate --store DSN", version, newest)
	}
	return nil
}
