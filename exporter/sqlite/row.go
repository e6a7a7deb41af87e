package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
)

// columns are those of a row, in the order of [row.values] and [scan].
var columns = []string{
	"id", "time", "observed", "tenant", "code", "outcome", "reason", "error_type",
	"actor", "actor_type", "behalf", "targets", "changes", "session", "request",
	"method", "route", "path", "status", "trace", "span", "service", "attributes",
	"truncated", "stream", "seq",
	"salt", "actor_name", "actor_email", "behalf_name", "client_address", "peer_address", "user_agent", "summary",
}

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

// values returns the columns of r and, behind them, when it was ingested.
func (r *row) values(ingested int64) ([]any, error) {
	e := &r.event
	targets, err := encodeTargets(e.Targets)
	if err != nil {
		return nil, err
	}
	attributes, err := encodeAttributes(e.Attributes)
	if err != nil {
		return nil, err
	}
	return []any{
		r.id[:], e.Time.UnixNano(), observed(e.Observed), r.tenant, r.code, r.outcome, e.Reason, r.errorType,
		e.Actor.ID, r.actorType, e.Actor.OnBehalfOf.ID, targets, encodeChanges(e.Changes), e.Source.SessionID, e.Source.RequestID,
		r.method, r.route, e.HTTP.Path, int64(e.HTTP.Status), e.TraceID, e.SpanID, r.service, attributes,
		e.Truncated, r.stream, int64(e.Seq),
		e.Salt, e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name, e.Source.ClientAddress, e.Source.PeerAddress, r.userAgent.Int64, e.Summary,
		ingested,
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
	var at, seq int64
	var observed sql.NullInt64
	var targets, changes, attributes []byte
	var salt, name, email, behalfName, client, peer, summary sql.NullString

	e := &r.event
	err := rows.Scan(append(before, &r.id, &at, &observed, &r.tenant, &r.code, &r.outcome, &e.Reason, &r.errorType,
		&e.Actor.ID, &r.actorType, &e.Actor.OnBehalfOf.ID, &targets, &changes, &e.Source.SessionID, &e.Source.RequestID,
		&r.method, &r.route, &e.HTTP.Path, &e.HTTP.Status, &e.TraceID, &e.SpanID, &r.service, &attributes,
		&e.Truncated, &r.stream, &seq,
		&salt, &name, &email, &behalfName, &client, &peer, &r.userAgent, &summary)...)
	if err != nil {
		return r, err
	}
	e.ID, e.Time, e.Seq = r.id.String(), fromNanoseconds(at), uint64(seq)
	if observed.Valid {
		e.Observed = fromNanoseconds(observed.Int64)
	}
	e.Salt, e.Summary = salt.String, summary.String
	e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name = name.String, email.String, behalfName.String
	e.Source.ClientAddress, e.Source.PeerAddress = client.String, peer.String
	return r, decode(e, targets, changes, attributes)
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

func decode(e *activitylog.Event, targets, changes, attributes []byte) error {
	for _, part := range []struct {
		text []byte
		into any
	}{{targets, &e.Targets}, {changes, &e.Changes}, {attributes, &e.Attributes}} {
		if part.text == nil {
			continue
		}
		if err := json.Unmarshal(part.text, part.into); err != nil {
			return fmt.Errorf("event %s is damaged: %w", e.ID, err)
		}
	}
	return nil
}

func encodeTargets(targets []activitylog.Target) (any, error) {
	if len(targets) == 0 {
		return nil, nil
	}
	b, err := json.Marshal(targets)
	return string(b), err
}

func encodeAttributes(a activitylog.Attributes) (any, error) {
	if len(a) == 0 {
		return nil, nil
	}
	b, err := a.MarshalJSON() // json.Marshal would go over the bytes again
	return string(b), err
}

// encodeChanges keeps the bytes of the values as they are, which
// encoding/json would not.
func encodeChanges(changes []activitylog.Change) any {
	if len(changes) == 0 {
		return nil
	}
	b := []byte{'['}
	for i, c := range changes {
		if i > 0 {
			b = append(b, ',')
		}
		path, _ := json.Marshal(c.Path) // a string always has a JSON form
		b = append(append(b, `{"path":`...), path...)
		if len(c.Old) > 0 {
			b = append(append(b, `,"old":`...), c.Old...)
		}
		if len(c.New) > 0 {
			b = append(append(b, `,"new":`...), c.New...)
		}
		if c.Redacted {
			b = append(b, `,"redacted":true`...)
		}
		if c.Truncated {
			b = append(b, `,"truncated":true`...)
		}
		b = append(b, '}')
	}
	return string(append(b, ']'))
}
