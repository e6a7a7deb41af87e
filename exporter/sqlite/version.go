package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Version returns the version of the schema in file, 0 if there is none yet,
// and the newest one, which [Open] brings it to. It changes nothing.
func Version(ctx context.Context, file string) (found, newest int64, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, 0, err
	}
	newest = int64(len(names))
	if info, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return 0, newest, nil
	}
	if found, err = version(ctx, file); err != nil {
		return 0, newest, fmt.Errorf("sqlite store %s: %w", file, explain(ctx, err))
	}
	return found, newest, nil
}

func version(ctx context.Context, file string) (int64, error) {
	db, err := connect(file, "ro", 1, "query_only(1)", "busy_timeout(10000)")
	if err != nil {
		return 0, err
	}
	defer db.Close()
	if err := checkOwner(ctx, db); err != nil {
		return 0, err
	}
	var tables int
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = ?", versionTable).Scan(&tables)
	if err != nil || tables == 0 {
		return 0, err
	}
	var v sql.NullInt64
	err = db.QueryRowContext(ctx, "SELECT max(version_id) FROM "+versionTable).Scan(&v)
	return v.Int64, err
}

// Schema returns the statements that create the schema of this version, to be
// read: [Open] alone notes in the file which of them were run.
func Schema() string {
	names, _ := fs.Glob(migrations, "migrations/*.sql") // the pattern is good, and they are sorted
	var b strings.Builder
	for _, name := range names {
		text, _ := migrations.ReadFile(name)
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "-- +goose") {
				b.WriteString(line)
			}
		}
	}
	return strings.TrimLeft(b.String(), "\n")
}
