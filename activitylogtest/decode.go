package activitylogtest

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"

	"github.com/activitylog-go/activitylog"
)

// decode reads a record of the wire format; ok is false if it is no event. It
// panics on one with an attribute twice, so that no test passes over it.
func decode(record log.Record) (_ activitylog.Event, ok bool) {
	e := activitylog.Event{
		Time:     record.Timestamp(),
		Observed: record.ObservedTimestamp(),
		Summary:  record.Body().AsString(),
	}
	var primary activitylog.Target
	seen := map[attribute.Key]bool{}
	record.WalkAttributes(func(kv attribute.KeyValue) bool {
		if seen[kv.Key] {
			panic(fmt.Sprintf("activitylogtest: record has attribute %q twice", kv.Key))
		}
		seen[kv.Key] = true
		decodeAttribute(&e, &primary, kv)
		return true
	})
	if e.Targets == nil && primary != (activitylog.Target{}) {
		e.Targets = []activitylog.Target{primary}
	}
	if name := record.EventName(); name != string(e.Code) {
		e.EventName = name
	}
	return e, e.Code != ""
}

func decodeAttribute(e *activitylog.Event, primary *activitylog.Target, kv attribute.KeyValue) {
	if p := stringField(e, primary, kv.Key); p != nil {
		*p = kv.Value.AsString()
		return
	}
	switch kv.Key {
	case activitylog.KeyEventName:
		e.Code = activitylog.Code(kv.Value.AsString())
	case activitylog.KeyActorType:
		e.Actor.Type = activitylog.ActorType(kv.Value.AsString())
	case activitylog.KeyOutcome:
		e.Outcome = activitylog.Outcome(kv.Value.AsString())
	case activitylog.KeyTargets:
		decodeJSON(kv, &e.Targets)
	case activitylog.KeyChanges:
		decodeJSON(kv, &e.Changes)
	case activitylog.KeyStatus:
		e.HTTP.Status = int(kv.Value.AsInt64())
	case activitylog.KeySeq:
		e.Seq = uint64(kv.Value.AsInt64())
	case activitylog.KeyTruncated:
		e.Truncated = kv.Value.AsBool()
	default:
		if name, ok := strings.CutPrefix(string(kv.Key), activitylog.KeyAttrPrefix); ok {
			e.Attributes = append(e.Attributes, attribute.KeyValue{Key: attribute.Key(name), Value: kv.Value})
		}
	}
}

// stringField returns the field that the attribute with this key fills as it is.
func stringField(e *activitylog.Event, primary *activitylog.Target, key attribute.Key) *string {
	switch key {
	case activitylog.KeyID:
		return &e.ID
	case activitylog.KeyTenantID:
		return &e.Tenant
	case activitylog.KeyActorID:
		return &e.Actor.ID
	case activitylog.KeyActorName:
		return &e.Actor.Name
	case activitylog.KeyActorEmail:
		return &e.Actor.Email
	case activitylog.KeyOnBehalfOfID:
		return &e.Actor.OnBehalfOf.ID
	case activitylog.KeyOnBehalfOfName:
		return &e.Actor.OnBehalfOf.Name
	case activitylog.KeyTargetType:
		return &primary.Type
	case activitylog.KeyTargetID:
		return &primary.ID
	case activitylog.KeyTargetName:
		return &primary.Name
	case activitylog.KeyReason:
		return &e.Reason
	case activitylog.KeyErrorType:
		return &e.ErrorType
	case activitylog.KeyMethod:
		return &e.HTTP.Method
	case activitylog.KeyRoute:
		return &e.HTTP.Route
	case activitylog.KeyPath:
		return &e.HTTP.Path
	case activitylog.KeyClientAddress:
		return &e.Source.ClientAddress
	case activitylog.KeyPeerAddress:
		return &e.Source.PeerAddress
	case activitylog.KeyUserAgent:
		return &e.Source.UserAgent
	case activitylog.KeySessionID:
		return &e.Source.SessionID
	case activitylog.KeyRequestID:
		return &e.Source.RequestID
	case activitylog.KeyStream:
		return &e.Stream
	case activitylog.KeySalt:
		return &e.Salt
	}
	return nil
}

func decodeJSON(kv attribute.KeyValue, into any) {
	if err := json.Unmarshal([]byte(kv.Value.AsString()), into); err != nil {
		panic(fmt.Sprintf("activitylogtest: attribute %q: %v", kv.Key, err))
	}
}
