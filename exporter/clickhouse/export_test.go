package clickhouse

import (
	"context"
	"strings"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/activitylog-go/activitylog"
)

// Conn returns the connections of s.
func (s *Store) Conn() chgo.Conn { return s.conn }

// Statements returns the statements of the schema.
func Statements(database, cluster string) ([]string, error) {
	all, err := schema(database, cluster)
	var statements []string
	for _, m := range all {
		statements = append(statements, m.statements...)
	}
	return statements, err
}

// Insert adds events without a look at what is there, as a process does whose
// look was too early, under a token.
func (s *Store) Insert(ctx context.Context, token string, events ...activitylog.Event) error {
	b, err := newBatch(events)
	if err != nil {
		return err
	}
	return s.insert(ctx, b.rows, token)
}

// Prepared are events that are encoded, as InsertBare wants them.
type Prepared []row

// Prepare encodes events for InsertBare.
func Prepare(events []activitylog.Event) (Prepared, error) {
	b, err := newBatch(events)
	return b.rows, err
}

// InsertBare is what Append is measured against: the same rows in the same
// table with the same durability, column by column, and nothing else.
func (s *Store) InsertBare(ctx context.Context, rows Prepared) error {
	return s.insert(ctx, rows, "")
}

// Settle looks for what others have added under the ids of events and returns
// how many of these gave way.
func (s *Store) Settle(ctx context.Context, events ...activitylog.Event) (lost int, err error) {
	b, err := newBatch(events)
	if err != nil {
		return 0, err
	}
	err = s.settle(ctx, b, b.rows, 0)
	return b.lost, err
}

// Expire lets the server remove events, as opening the store does.
func (s *Store) Expire(ctx context.Context) error { return s.expire(ctx) }

// LikePattern is likePattern.
func LikePattern(glob string) string { return likePattern(glob) }

// Alone makes a statement for a cluster one for a single server of it that has
// no Keeper.
func Alone(statement, cluster string) string {
	statement = strings.ReplaceAll(statement, " ON CLUSTER "+cluster, "")
	statement = strings.ReplaceAll(statement, "'/clickhouse/tables/{uuid}/{shard}', '{replica}', ", "")
	statement = strings.ReplaceAll(statement, "'/clickhouse/tables/{uuid}/{shard}', '{replica}'", "")
	return strings.ReplaceAll(statement, "Replicated", "")
}
