package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
)

// columns are those of a row, in the order of values and of scan.
var columns = []string{
	"id", "time", "observed", "tenant", "code", "outcome", "reason", "error_type",
	"actor", "actor_type", "behalf", "targets", "changes", "session", "request",
	"method", "route", "path", "status", "trace", "span", "service", "attributes",
	"truncated", "stream", "seq",
	"salt", "actor_name", "actor_email", "behalf_name", "client_address", "peer_address", "user_agent", "summary",
}

// values returns the columns of e; ref finds the ref of a name.
func values(e *activitylog.Event, id uuid.UUID, ref func(kind int, text string) int64) ([]any, error) {
	targets, err := encodeTargets(e.Targets)
	if err != nil {
		return nil, err
	}
	attributes, err := encodeAttributes(e.Attributes)
	if err != nil {
		return nil, err
	}
	return []any{
		id[:], e.Time.UnixNano(), observed(e.Observed),
		ref(kindTenant, e.Tenant), ref(kindCode, string(e.Code)), ref(kindOutcome, string(e.Outcome)),
		e.Reason, ref(kindErrorType, e.ErrorType),
		e.Actor.ID, ref(kindActorType, string(e.Actor.Type)), e.Actor.OnBehalfOf.ID,
		targets, encodeChanges(e.Changes), e.Source.SessionID, e.Source.RequestID,
		ref(kindMethod, e.HTTP.Method), ref(kindRoute, e.HTTP.Route), e.HTTP.Path, int64(e.HTTP.Status),
		e.TraceID, e.SpanID, ref(kindService, e.Service), attributes,
		e.Truncated, ref(kindStream, e.Stream), int64(e.Seq),
		e.Salt, e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name,
		e.Source.ClientAddress, e.Source.PeerAddress, ref(kindUserAgent, e.Source.UserAgent), e.Summary,
	}, nil
}

// observed is NULL for an event that was not.
func observed(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixNano()
}

// A row is an event whose names are still refs. They are looked up when all
// rows are read: a lookup between them would need a second connection, and
// readers that each hold one and wait for another wait for ever.
type row struct {
	event activitylog.Event

	tenant, code, outcome, errorType, actorType, method, route, service, stream int64
	userAgent                                                                   sql.NullInt64
}

// readEvents reads rows to their end and closes them.
func readEvents(ctx context.Context, db querier, n *names, rows *sql.Rows) ([]activitylog.Event, error) {
	defer rows.Close()
	var read []row
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, err
		}
		read = append(read, r)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
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

// scan reads the columns of one row.
func scan(rows *sql.Rows) (row, error) {
	var r row
	var id uuid.UUID
	var at, seq int64
	var observed sql.NullInt64
	var targets, changes, attributes []byte
	var salt, name, email, behalfName, client, peer, summary sql.NullString

	e := &r.event
	err := rows.Scan(&id, &at, &observed, &r.tenant, &r.code, &r.outcome, &e.Reason, &r.errorType,
		&e.Actor.ID, &r.actorType, &e.Actor.OnBehalfOf.ID, &targets, &changes, &e.Source.SessionID, &e.Source.RequestID,
		&r.method, &r.route, &e.HTTP.Path, &e.HTTP.Status, &e.TraceID, &e.SpanID, &r.service, &attributes,
		&e.Truncated, &r.stream, &seq,
		&salt, &name, &email, &behalfName, &client, &peer, &r.userAgent, &summary)
	if err != nil {
		return r, err
	}
	e.ID, e.Time, e.Seq = id.String(), time.Unix(0, at).UTC(), uint64(seq)
	if observed.Valid {
		e.Observed = time.Unix(0, observed.Int64).UTC()
	}
	e.Salt, e.Summary = salt.String, summary.String
	e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name = name.String, email.String, behalfName.String
	e.Source.ClientAddress, e.Source.PeerAddress = client.String, peer.String
	return r, decode(e, targets, changes, attributes)
}

// resolve puts the names of a row into its event.
func (r *row) resolve(ctx context.Context, db querier, n *names) error {
	e := &r.event
	for _, field := range []struct {
		ref  int64
		text *string
	}{
		{r.tenant, &e.Tenant}, {r.code, (*string)(&e.Code)}, {r.outcome, (*string)(&e.Outcome)},
		{r.errorType, &e.ErrorType}, {r.actorType, (*string)(&e.Actor.Type)}, {r.method, &e.HTTP.Method},
		{r.route, &e.HTTP.Route}, {r.service, &e.Service}, {r.stream, &e.Stream}, {r.userAgent.Int64, &e.Source.UserAgent},
	} {
		if field.ref == 0 {
			continue // a user agent that was erased: no ref is 0
		}
		var err error
		if *field.text, err = n.resolve(ctx, db, field.ref); err != nil {
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
	b, err := a.MarshalJSON() // not json.Marshal, which would change the bytes
	return string(b), err
}

// encodeChanges keeps the bytes of the values as they are, which
// encoding/json would not.
func encodeChanges(changes []activitylog.Change) any {
	if len(changes) == 0 {
		return nil
	}
	var b strings.Builder
	for i, c := range changes {
		b.WriteByte("[,"[min(i, 1)])
		path, _ := json.Marshal(c.Path) // a string always has a JSON form
		fmt.Fprintf(&b, `{"path":%s`, path)
		if len(c.Old) > 0 {
			fmt.Fprintf(&b, `,"old":%s`, c.Old)
		}
		if len(c.New) > 0 {
			fmt.Fprintf(&b, `,"new":%s`, c.New)
		}
		if c.Redacted {
			b.WriteString(`,"redacted":true`)
		}
		if c.Truncated {
			b.WriteString(`,"truncated":true`)
		}
		b.WriteByte('}')
	}
	b.WriteByte(']')
	return b.String()
}
