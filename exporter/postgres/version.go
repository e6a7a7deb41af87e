package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Version returns the version of the schema in the database that dsn names, 0
// if there is none yet, and the newest one, which [Open] brings it to. It
// changes nothing.
func Version(ctx context.Context, dsn string) (found, newest int64, err error) {
	newest = int64(len(migrationFiles()))
	s, err := connect(ctx, dsn, true)
	if err != nil {
		return 0, newest, err
	}
	defer s.pool.Close()
	found, err = s.version(ctx)
	return found, newest, s.explain(ctx, err)
}

// Grant gives the roles of the log their rights again, for those that were made
// after the schema was, and returns which of them there are not. It needs the
// schema's owner.
func Grant(ctx context.Context, dsn string) (missing []string, err error) {
	s, err := connect(ctx, dsn, true)
	if err != nil {
		return nil, err
	}
	defer s.pool.Close()
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { // one after the other: rights that two grant at once are an error
		_, err := tx.Exec(ctx, "SELECT activitylog.grant_rights() FROM pg_advisory_xact_lock(hashtext('activitylog.migrate'))")
		return err
	})
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	rows, err := s.pool.Query(ctx, "SELECT r FROM unnest($1::text[]) r WHERE to_regrole(r) IS NULL",
		[]string{"activitylog_writer", "activitylog_reader", "activitylog_tenant", "activitylog_custodian"})
	if err == nil {
		missing, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	return missing, s.explain(ctx, err)
}
