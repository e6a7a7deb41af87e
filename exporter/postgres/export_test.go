package postgres

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// SetStride changes how far List walks before it asks the index, until undo is
// called.
func SetStride(n int) (undo func()) {
	old := stride
	stride = n
	return func() { stride = old }
}

// Chunks returns how many chunks are indexed.
func (s *Store) Chunks(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, "SELECT count(*) FROM activitylog.chunks").Scan(&n)
	return n, err
}

// Rows returns the values of the rows of events, for CopyBare.
func Rows(events []activitylog.Event) [][]any {
	rows := make([][]any, len(events))
	for i := range events {
		e := &events[i]
		targets, names := encodeTargets(e.Targets)
		changes, values := encodeChanges(e.Changes)
		rows[i] = []any{
			[16]byte(store.PositionOf(e).ID), e.Time.UnixNano(), e.Observed.UnixNano(), e.Tenant, string(e.Code), string(e.Outcome), e.ErrorType,
			e.Actor.ID, string(e.Actor.Type), e.Actor.OnBehalfOf.ID, string(targets), string(changes), e.Source.RequestID,
			e.HTTP.Method, e.HTTP.Route, int32(e.HTTP.Status), e.TraceID, e.SpanID, e.Service, e.Truncated, e.Stream, int64(e.Seq),
			e.Salt, e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name, e.Source.ClientAddress, e.Source.PeerAddress,
			e.Source.UserAgent, e.Source.SessionID, e.HTTP.Path, e.Summary, e.Reason, nil, string(names), string(values),
		}
	}
	return rows
}

// CopyBare is what Append is measured against: COPY as the driver has it, of
// the same rows into the same partition, and nothing else.
func (s *Store) CopyBare(ctx context.Context, partition string, rows [][]any) error {
	_, err := s.pool.CopyFrom(ctx, pgx.Identifier{"activitylog", partition}, columns, pgx.CopyFromRows(rows))
	return err
}

// PartitionOf returns the partition of an event.
func PartitionOf(e *activitylog.Event) string { return partitionName(monthOf(store.PositionOf(e).ID)) }

// Size returns how many bytes the log takes and how many events it has.
func (s *Store) Size(ctx context.Context) (bytes, events int64) {
	s.pool.QueryRow(ctx, `SELECT sum(pg_total_relation_size(c.oid))::bigint, (SELECT count(*) FROM activitylog.events)
		FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'activitylog' AND relkind = 'r'`).Scan(&bytes, &events)
	return bytes, events
}

// Index indexes all chunks that are full.
func (s *Store) Index(ctx context.Context) error { return s.index(ctx) }

// SetMaxNames changes how many names a process remembers, until undo is called.
func SetMaxNames(n int) (undo func()) {
	old := maxNames
	maxNames = n
	return func() { maxNames = old }
}

// SetMaxRecent changes the terms of how many events are remembered, until undo
// is called.
func SetMaxRecent(n int) (undo func()) {
	old := maxRecent
	maxRecent = n
	return func() { maxRecent = old }
}

// AppendSlowly adds an event in a transaction that commit ends.
func AppendSlowly(t *testing.T, s *Store, e activitylog.Event) (commit func()) {
	tx, err := s.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all, err := entries([]activitylog.Event{e})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.parts(t.Context(), all)[0].copy(t.Context(), tx.Conn()); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
