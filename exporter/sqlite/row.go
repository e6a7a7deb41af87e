package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// columns are those that are inserted, in the order of [row.values].
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

// values returns the columns of r.
func (r *row) values(ingested int64) ([]any, error) {
	e := &r.event
	targets, targetNames, err := encodeTargets(e.Targets)
	if err != nil {
		return nil, err
	}
	attributes, err := encodeAttributes(e.Attributes)
	if err != nil {
		return nil, err
	}
	changes, changeValues := encodeChanges(e.Changes)
	return []any{
		r.id[:], e.Time.UnixNano(), observed(e.Observed), ingested, r.tenant, r.code, r.outcome, r.errorType,
		e.Actor.ID, r.actorType, e.Actor.OnBehalfOf.ID, targets, changes, e.Source.RequestID,
		r.method, r.route, int64(e.HTTP.Status), e.TraceID, e.SpanID, r.service, e.Truncated, r.stream, int64(e.Seq),
		e.Salt, e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name, e.Source.ClientAddress, e.Source.PeerAddress, r.userAgent.Int64,
		e.Source.SessionID, e.HTTP.Path, e.Summary, e.Reason, targetNames, changeValues, attributes,
	}, nil
}

// observed is NULL for an event that was not.
func observed(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixNano()
}

// readRows reads rows to their end and closes them.
func readRows(rows *sql.Rows) ([]row, error) {
	defer rows.Close()
	var read []row
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, err
		}
		read = append(read, r)
	}
	return read, errors.Join(rows.Err(), rows.Close())
}

// readEvents reads rows with their names and closes them.
func readEvents(ctx context.Context, db querier, n *names, rows *sql.Rows) ([]activitylog.Event, error) {
	read, err := readRows(rows)
	if err != nil {
		return nil, err
	}
	var events []activitylog.Event
	for i := range read {
		if err := read[i].resolve(ctx, db, n); err != nil {
			return nil, err
		}
		events = append(events, read[i].event)
	}
	return events, nil
}

// scan reads the columns of one row, and those that stand before them.
func scan(rows *sql.Rows, before ...any) (row, error) {
	var r row
	var at, seq, ingested int64
	var observed, erased sql.NullInt64
	var d document
	var salt, name, email, behalfName, client, peer, session, path, summary, reason sql.NullString

	e := &r.event
	err := rows.Scan(append(before, &r.id, &at, &observed, &ingested, &r.tenant, &r.code, &r.outcome, &r.errorType,
		&e.Actor.ID, &r.actorType, &e.Actor.OnBehalfOf.ID, &d.targets, &d.changes, &e.Source.RequestID,
		&r.method, &r.route, &e.HTTP.Status, &e.TraceID, &e.SpanID, &r.service, &e.Truncated, &r.stream, &seq,
		&salt, &name, &email, &behalfName, &client, &peer, &r.userAgent,
		&session, &path, &summary, &reason, &d.targetNames, &d.changeValues, &d.attributes, &erased)...)
	if err != nil {
		return r, err
	}
	e.ID, e.Time, e.Seq = r.id.String(), fromNanoseconds(at), uint64(seq)
	if observed.Valid {
		e.Observed = fromNanoseconds(observed.Int64)
	}
	e.Salt, e.Summary, e.Reason = salt.String, summary.String, reason.String
	e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name = name.String, email.String, behalfName.String
	e.Source.ClientAddress, e.Source.PeerAddress, e.Source.SessionID = client.String, peer.String, session.String
	e.HTTP.Path = path.String
	if err := d.decode(e); err != nil {
		return r, fmt.Errorf("event %s is damaged: %w", e.ID, err)
	}
	if erased.Valid {
		*e = store.Erased(*e)
		e.Erased = fromNanoseconds(erased.Int64)
	}
	e.Ingested = fromNanoseconds(ingested)
	return r, nil
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
