package activitylogexporter

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/activitylog-go/activitylog/internal/secret"
)

// redacted returns r as the OTLP protobuf bytes of a log request of its own,
// without its secrets: quarantine keeps what it cannot read, and no more of a
// secret than an event would.
func (r *record) redacted() []byte {
	logs := r.logs()
	resourceLogs := logs.ResourceLogs().At(0)
	redactMap(resourceLogs.Resource().Attributes())
	scopeLogs := resourceLogs.ScopeLogs().At(0)
	scope := scopeLogs.Scope()
	scope.SetName(redacted(scope.Name()))
	scope.SetVersion(redacted(scope.Version()))
	redactMap(scope.Attributes())
	log := scopeLogs.LogRecords().At(0)
	log.SetEventName(redacted(log.EventName()))
	log.SetSeverityText(redacted(log.SeverityText()))
	redactValue(log.Body())
	redactMap(log.Attributes())
	return marshal(logs)
}

// redacted returns s without its secrets.
func redacted(s string) string {
	s, _ = secret.Redact(s)
	return s
}

func redactMap(m pcommon.Map) {
	var keys []string
	for key, value := range m.All() {
		if value.Type() == pcommon.ValueTypeStr && secret.Named(key, value.Str()) {
			value.SetStr(secret.Mark)
		}
		redactValue(value)
		if _, n := secret.Redact(key); n > 0 {
			keys = append(keys, key)
		}
	}
	for _, key := range keys {
		value, _ := m.Get(key)
		moved := pcommon.NewValueEmpty()
		value.CopyTo(moved)
		m.Remove(key)
		moved.CopyTo(m.PutEmpty(redacted(key)))
	}
}

func redactValue(v pcommon.Value) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		if s, n := secret.Redact(v.Str()); n > 0 {
			v.SetStr(s)
		}
	case pcommon.ValueTypeBytes:
		if s, n := secret.Redact(string(v.Bytes().AsRaw())); n > 0 {
			v.SetEmptyBytes().FromRaw([]byte(s))
		}
	case pcommon.ValueTypeInt:
		if secret.IsCard(v.Int()) {
			v.SetStr(secret.Mark)
		}
	case pcommon.ValueTypeMap:
		redactMap(v.Map())
	case pcommon.ValueTypeSlice:
		for _, part := range v.Slice().All() {
			redactValue(part)
		}
	}
}
