package postgres

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// columns are those that Append fills, in the order of [appendRow] and [scan].
var columns = []string{
	"id", "time", "observed", "tenant", "code", "outcome", "error_type", "actor", "actor_type", "behalf",
	"targets", "changes", "request", "method", "route", "status", "trace", "span", "service", "truncated", "stream", "seq",
	"salt", "actor_name", "actor_email", "behalf_name", "client_address", "peer_address", "user_agent", "session",
	"path", "summary", "reason", "attributes", "target_names", "change_values",
}

var (
	columnList   = strings.Join(columns, ", ")
	selectEvents = "SELECT " + columnList + ", ingested, erased FROM activitylog.events"
)

// appendRow adds the row of e to b.
func appendRow(b *copyBuffer, id uuid.UUID, e *activitylog.Event) {
	targets, names := encodeTargets(e.Targets)
	changes, values := encodeChanges(e.Changes)
	var attributes []byte
	if len(e.Attributes) > 0 {
		attributes, _ = e.Attributes.MarshalJSON() // they have passed store.Check
	}
	b.row(len(columns))
	b.uuid(id)
	b.int8(e.Time.UnixNano())
	if e.Observed.IsZero() {
		b.null()
	} else {
		b.int8(e.Observed.UnixNano())
	}
	for _, s := range []string{e.Tenant, string(e.Code), string(e.Outcome), e.ErrorType, e.Actor.ID, string(e.Actor.Type), e.Actor.OnBehalfOf.ID} {
		b.text(s)
	}
	b.optional(targets)
	b.optional(changes)
	for _, s := range []string{e.Source.RequestID, e.HTTP.Method, e.HTTP.Route} {
		b.text(s)
	}
	b.int4(e.HTTP.Status)
	for _, s := range []string{e.TraceID, e.SpanID, e.Service} {
		b.text(s)
	}
	b.bool(e.Truncated)
	b.text(e.Stream)
	b.int8(int64(e.Seq))
	for _, s := range []string{
		e.Salt, e.Actor.Name, e.Actor.Email, e.Actor.OnBehalfOf.Name, e.Source.ClientAddress, e.Source.PeerAddress,
		e.Source.UserAgent, e.Source.SessionID, e.HTTP.Path, e.Summary, e.Reason,
	} {
		b.text(s)
	}
	b.optional(attributes)
	b.optional(names)
	b.optional(values)
}

// What is kept of a target and of a change apart from their personal part.
type (
	storedTarget struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	}
	storedChange struct {
		Path      string `json:"path"`
		Redacted  bool   `json:"redacted,omitempty"`
		Truncated bool   `json:"truncated,omitempty"`
	}
	storedValues struct {
		Old json.RawMessage `json:"old"`
		New json.RawMessage `json:"new"`
	}
)

// encodeTargets returns the types and ids of targets, and their names if there
// are some, as JSON.
func encodeTargets(targets []activitylog.Target) (stored, names []byte) {
	if len(targets) == 0 {
		return nil, nil
	}
	named := false
	for i, t := range targets {
		stored = append(appendString(append(stored, "[,"[min(i, 1)], '{'), `"type":`, t.Type), ',')
		stored = append(appendString(stored, `"id":`, t.ID), '}')
		names = appendString(append(names, "[,"[min(i, 1)]), "", t.Name)
		named = named || t.Name != ""
	}
	if !named {
		return append(stored, ']'), nil
	}
	return append(stored, ']'), append(names, ']')
}

// encodeChanges returns the paths of changes, and their values if there are
// some, as JSON. The bytes of values stay as they are, which encoding/json
// would not leave them.
func encodeChanges(changes []activitylog.Change) (stored, values []byte) {
	if len(changes) == 0 {
		return nil, nil
	}
	valued := false
	for i, c := range changes {
		stored = appendString(append(stored, "[,"[min(i, 1)], '{'), `"path":`, c.Path)
		if c.Redacted {
			stored = append(stored, `,"redacted":true`...)
		}
		if c.Truncated {
			stored = append(stored, `,"truncated":true`...)
		}
		stored = append(stored, '}')
		values = append(values, "[,"[min(i, 1)], '{')
		if len(c.Old) > 0 {
			values = append(append(values, `"old":`...), c.Old...)
		}
		if len(c.Old) > 0 && len(c.New) > 0 {
			values = append(values, ',')
		}
		if len(c.New) > 0 {
			values = append(append(values, `"new":`...), c.New...)
		}
		values = append(values, '}')
		valued = valued || len(c.Old) > 0 || len(c.New) > 0
	}
	if !valued {
		return append(stored, ']'), nil
	}
	return append(stored, ']'), append(values, ']')
}

// appendString appends a name and a string of JSON. Most strings have nothing
// that must be escaped; encoding/json takes several times as long to see it.
func appendString(b []byte, name, s string) []byte {
	b = append(b, name...)
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			text, _ := json.Marshal(s) // a string always has a JSON form
			return append(b, text...)
		}
	}
	b = append(append(b, '"'), s...)
	return append(b, '"')
}

// scan reads the columns of selectEvents from one row, and those that stand behind them.
func scan(row pgx.CollectableRow, more ...any) (activitylog.Event, error) {
	var e activitylog.Event
	var id uuid.UUID
	var at, seq int64
	var observed *int64
	var status int32
	var ingested time.Time
	var erased *time.Time
	var targets, changes []byte
	var names, values, attributes []byte
	var salt, name, email, behalf, client, peer, agent, session, path, summary, reason *string
	err := row.Scan(append([]any{&id, &at, &observed, &e.Tenant, &e.Code, &e.Outcome, &e.ErrorType, &e.Actor.ID, &e.Actor.Type, &e.Actor.OnBehalfOf.ID,
		&targets, &changes, &e.Source.RequestID, &e.HTTP.Method, &e.HTTP.Route, &status, &e.TraceID, &e.SpanID, &e.Service, &e.Truncated, &e.Stream, &seq,
		&salt, &name, &email, &behalf, &client, &peer, &agent, &session,
		&path, &summary, &reason, &attributes, &names, &values, &ingested, &erased}, more...)...)
	if err != nil {
		return e, err
	}
	e.ID, e.Time, e.Seq, e.HTTP.Status, e.Ingested = id.String(), fromNanoseconds(at), uint64(seq), int(status), ingested.UTC()
	if observed != nil {
		e.Observed = fromNanoseconds(*observed)
	}
	for _, f := range []struct {
		into *string
		text *string
	}{
		{&e.Salt, salt}, {&e.Actor.Name, name}, {&e.Actor.Email, email}, {&e.Actor.OnBehalfOf.Name, behalf},
		{&e.Source.ClientAddress, client}, {&e.Source.PeerAddress, peer}, {&e.Source.UserAgent, agent},
		{&e.Source.SessionID, session}, {&e.HTTP.Path, path}, {&e.Summary, summary}, {&e.Reason, reason},
	} {
		if f.text != nil {
			*f.into = *f.text
		}
	}
	if err := decode(&e, targets, names, changes, values, attributes); err != nil {
		return e, fmt.Errorf("event %s is damaged: %w", e.ID, err)
	}
	if erased != nil {
		e = store.Erased(e) // which says of changes that their values are gone
		e.Ingested, e.Erased = ingested.UTC(), erased.UTC()
	}
	return e, nil
}

func decode(e *activitylog.Event, targets, names, changes, values, attributes []byte) error {
	var plainTargets []storedTarget
	var plainNames []string
	var plainChanges []storedChange
	var plainValues []storedValues
	for _, part := range []struct {
		text []byte
		into any
	}{{targets, &plainTargets}, {names, &plainNames}, {changes, &plainChanges}, {values, &plainValues}, {attributes, &e.Attributes}} {
		if part.text == nil {
			continue
		}
		if err := json.Unmarshal(part.text, part.into); err != nil {
			return err
		}
	}
	for i, t := range plainTargets {
		e.Targets = append(e.Targets, activitylog.Target{Type: t.Type, ID: t.ID})
		if i < len(plainNames) {
			e.Targets[i].Name = plainNames[i]
		}
	}
	for i, c := range plainChanges {
		e.Changes = append(e.Changes, activitylog.Change{Path: c.Path, Redacted: c.Redacted, Truncated: c.Truncated})
		if i < len(plainValues) {
			e.Changes[i].Old, e.Changes[i].New = plainValues[i].Old, plainValues[i].New
		}
	}
	return nil
}

func fromNanoseconds(n int64) time.Time { return time.Unix(0, n).UTC() }
