package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// columns are those that are inserted, in the order of [row.appendValues].
var columns = []string{
	"id", "time", "observed", "ingested", "tenant", "code", "outcome", "error_type",
	"actor", "actor_type", "behalf", "targets", "changes", "request",
	"method", "route", "status", "trace", "span", "service", "truncated", "stream", "seq",
	"salt", "actor_name", "actor_email", "behalf_name", "client_address", "peer_address", "user_agent",
	"session", "path", "summary", "reason", "target_names", "change_values", "attributes",
}

// rowColumns are those that [scan] reads.
var rowColumns = strings.Join(columns, ", ") + ", erased"

// A row is an event with the refs of its names. The names of rows that are
// read are looked up when all of them are read: a lookup between two rows would
// need a second connection, and readers that each hold one and wait for another
// wait for ever.
type row struct {
	id    uuid.UUID
	event activitylog.Event
	document

	tenant, code, outcome, errorType, actorType, method, route, service, stream int64
	userAgent                                                                   sql.NullInt64
}

// names returns the fields of r that are names, with their refs.
func (r *row) names() []nameField {
	e := &r.event
	return []nameField{
		{kindTenant, &e.Tenant, &r.tenant},
		{kindCode, (*string)(&e.Code), &r.code},
		{kindOutcome, (*string)(&e.Outcome), &r.outcome},
		{kindErrorType, &e.ErrorType, &r.errorType},
		{kindActorType, (*string)(&e.Actor.Type), &r.actorType},
		{kindMethod, &e.HTTP.Method, &r.method},
		{kindRoute, &e.HTTP.Route, &r.route},
		{kindService, &e.Service, &r.service},
		{kindStream, &e.Stream, &r.stream},
		{kindUserAgent, &e.Source.UserAgent, &r.userAgent.Int64},
	}
}

type nameField struct {
	kind int
	text *string
	ref  *int64 // 0 for a user agent that was erased, and only for that
}

// newRow returns e without its refs.
func newRow(e *activitylog.Event) (*row, error) {
	id, err := store.ParseID(e.ID)
	if err != nil {
		return nil, err
	}
	d, err := encode(e)
	return &row{id: id, event: *e, document: d}, err
}

// appendValues appends the columns of r.
func (r *row) appendValues(to []any, ingested int64) []any {
	e := &r.event
	return append(to,
		r.id[:], e.Time.UnixNano(), observed(e.Observed), ingested, r.tenant, r.code, r.outcome, r.errorType,
		e.Actor.ID, r.actorType, e.Actor.OnBehalfOf.ID, value(r.targets), value(r.changes), e.Source.RequestID,
		r.method, r.route, int64(e.HTTP.Status), e.TraceID, e.SpanID, r.service, e.Truncated, r.stream, int64(e.Seq),
		e.Salt, e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name, e.Source.ClientAddress, e.Source.PeerAddress, r.userAgent.Int64,
		e.Source.SessionID, e.HTTP.Path, e.Summary, e.Reason, value(r.targetNames), value(r.changeValues), value(r.attributes),
	)
}

// observed is NULL for an event that was not.
func observed(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixNano()
}

// readEvents reads rows with their names and closes them.
func readEvents(ctx context.Context, db querier, n *names, rows *sql.Rows) ([]activitylog.Event, error) {
	read, err := readRows(rows)
	if err != nil {
		return nil, err
	}
	var events []activitylog.Event
	for _, r := range read {
		if err := r.resolve(ctx, db, n); err != nil {
			return nil, err
		}
		events = append(slices.Grow(events, len(read)-len(events)), r.event)
	}
	return events, nil
}

// readRows reads rows to their end and closes them.
func readRows(rows *sql.Rows) ([]*row, error) {
	defer rows.Close()
	var read []*row
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, err
		}
		read = append(read, r)
	}
	return read, errors.Join(rows.Err(), rows.Close())
}

// stored is what a row has in another form than its event.
type stored struct {
	row

	at, seq, ingested                                                                         int64
	observed, erased                                                                          sql.NullInt64
	salt, name, email, behalfName, clientAddress, peerAddress, session, path, summary, reason sql.NullString
}

// scan reads the columns of one row, and those that stand before them.
func scan(rows *sql.Rows, before ...any) (*row, error) {
	s := new(stored) // all in one piece of memory
	e := &s.event
	err := rows.Scan(append(before, &s.id, &s.at, &s.observed, &s.ingested, &s.tenant, &s.code, &s.outcome, &s.errorType,
		&e.Actor.ID, &s.actorType, &e.Actor.OnBehalfOf.ID, &s.targets, &s.changes, &e.Source.RequestID,
		&s.method, &s.route, &e.HTTP.Status, &e.TraceID, &e.SpanID, &s.service, &e.Truncated, &s.stream, &s.seq,
		&s.salt, &s.name, &s.email, &s.behalfName, &s.clientAddress, &s.peerAddress, &s.userAgent,
		&s.session, &s.path, &s.summary, &s.reason, &s.targetNames, &s.changeValues, &s.attributes, &s.erased)...)
	if err != nil {
		return nil, err
	}
	e.ID, e.Time, e.Seq = s.id.String(), fromNanoseconds(s.at), uint64(s.seq)
	if s.observed.Valid {
		e.Observed = fromNanoseconds(s.observed.Int64)
	}
	e.Salt, e.Summary, e.Reason = s.salt.String, s.summary.String, s.reason.String
	e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name = s.name.String, s.email.String, s.behalfName.String
	e.Source.ClientAddress, e.Source.PeerAddress, e.Source.SessionID = s.clientAddress.String, s.peerAddress.String, s.session.String
	e.HTTP.Path = s.path.String
	if err := s.decode(e); err != nil {
		return nil, fmt.Errorf("event %s is damaged: %w", e.ID, err)
	}
	if s.erased.Valid {
		*e = store.Erased(*e)
		e.Erased = fromNanoseconds(s.erased.Int64)
	}
	e.Ingested = fromNanoseconds(s.ingested)
	return &s.row, nil
}

// resolve puts the names of a row into its event.
func (r *row) resolve(ctx context.Context, db querier, n *names) error {
	for _, f := range r.names() {
		if *f.ref == 0 {
			continue
		}
		var err error
		if *f.text, err = n.resolve(ctx, db, *f.ref); err != nil {
			return err
		}
	}
	return nil
}
