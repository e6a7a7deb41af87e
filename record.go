package activitylog

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
)

// Emit hands e to logger as a log record of the wire format, in ctx's trace.
// It fills in what is missing (ID, Time, the types of actor and outcome) and
// cleans every string. It makes no sentence: the method Emit of a
// mapping.Mapping does, by its catalogue; of an event that has none the
// exporter makes a plain one. Delivery is the logger's: with the OpenTelemetry
// SDK and its batch processor, at most once. A ctx that is cancelled does not
// stop it. Emit may be called from several goroutines.
//
// An event whose code is none, by [ParseCode], is emitted all the same, and
// reported to otel.Handle, once for each such code of the first 100.
func Emit(ctx context.Context, logger log.Logger, e Event) {
	if !e.Code.isValid() {
		misnamed.report(e.Code)
	}
	e.Targets, e.Changes = slices.Clone(e.Targets), slices.Clone(e.Changes) // cleaning writes to them
	logger.Emit(context.WithoutCancel(ctx), e.Record())
}

// Record returns e as a log record of the wire format, having filled in what
// is missing and cleaned every string of e. The trace context is not part of
// the record: the logger takes it from the context that it is called with.
func (e *Event) Record() log.Record {
	e.complete()
	e.Clean()

	var r log.Record
	r.SetTimestamp(e.Time)
	r.SetEventName(e.EventName)
	r.SetSeverity(max(e.Severity, e.Outcome.severity()))
	r.SetBody(attribute.StringValue(e.Summary))

	// One call with all attributes: the record then grows its slice once.
	var buf [40]attribute.KeyValue
	r.AddAttributes(e.appendAttributes(buf[:0])...)
	return r
}

func (e *Event) complete() {
	if e.ID == "" {
		e.ID = NewID()
	}
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	if e.EventName == "" {
		e.EventName = string(e.Code)
	}
	if e.Outcome == "" {
		e.Outcome = Success
	}
	if e.Actor.Type == "" {
		e.Actor.Type = Anonymous
		if e.Actor.ID != "" {
			e.Actor.Type = User
		}
	}
}

func (o Outcome) severity() log.Severity {
	if o == Denied || o == Failure {
		return log.SeverityWarn
	}
	return log.SeverityInfo
}

func (e *Event) appendAttributes(kvs []attribute.KeyValue) []attribute.KeyValue {
	text := func(key attribute.Key, value string) {
		if value != "" {
			kvs = append(kvs, key.String(value))
		}
	}
	text(KeyID, e.ID)
	text(KeyEventName, string(e.Code))
	kvs = append(kvs, attribute.Int(KeySchema, Schema))
	text(KeyTenantID, e.Tenant)
	text(KeyActorID, e.Actor.ID)
	text(KeyActorType, string(e.Actor.Type))
	text(KeyActorName, e.Actor.Name)
	text(KeyActorEmail, e.Actor.Email)
	text(KeyOnBehalfOfID, e.Actor.OnBehalfOf.ID)
	text(KeyOnBehalfOfName, e.Actor.OnBehalfOf.Name)
	if e.Actor.Type == User {
		text(KeyUserID, e.Actor.ID)
	}
	text(KeyTargetType, e.Target().Type)
	text(KeyTargetID, e.Target().ID)
	text(KeyTargetName, e.Target().Name)
	if len(e.Targets) > 1 {
		text(KeyTargets, jsonText(e.Targets))
	}
	text(KeyOutcome, string(e.Outcome))
	text(KeyReason, e.Reason)
	text(KeyErrorType, e.ErrorType)
	if len(e.Changes) > 0 {
		text(KeyChanges, jsonText(e.Changes))
	}
	text(KeyMethod, e.HTTP.Method)
	text(KeyRoute, e.HTTP.Route)
	text(KeyPath, e.HTTP.Path)
	if e.HTTP.Status != 0 {
		kvs = append(kvs, attribute.Int(KeyStatus, e.HTTP.Status))
	}
	text(KeyClientAddress, e.Source.ClientAddress)
	text(KeyPeerAddress, e.Source.PeerAddress)
	text(KeyUserAgent, e.Source.UserAgent)
	text(KeySessionID, e.Source.SessionID)
	text(KeyRequestID, e.Source.RequestID)
	text(KeyStream, e.Stream)
	if e.Seq != 0 {
		kvs = append(kvs, attribute.Int64(KeySeq, int64(e.Seq)))
	}
	text(KeySalt, e.Salt)
	if e.Truncated {
		kvs = append(kvs, attribute.Bool(KeyTruncated, true))
	}
	for _, kv := range e.Attributes {
		kvs = append(kvs, attribute.KeyValue{Key: KeyAttrPrefix + kv.Key, Value: kv.Value})
	}
	return kvs
}

// jsonText encodes targets and changes, whose JSON texts are known to be valid.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
