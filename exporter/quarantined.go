package activitylogexporter

import (
	"fmt"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// EventOf returns the event of a quarantined record: the one that is in
// conflict, or what the exporter makes of the raw bytes today. That it can be
// made does not mean that a store takes it.
func EventOf(q store.Quarantined) (activitylog.Event, error) {
	if q.Raw == nil {
		return q.Event, nil
	}
	logs, err := new(plog.ProtoUnmarshaler).UnmarshalLogs(q.Raw)
	if err != nil {
		return activitylog.Event{}, fmt.Errorf("record %s: no OTLP log request: %w", q.ID, err)
	}
	// Whatever is in quarantine was accepted once. A record without a time
	// happened when it came.
	b := decode(logs, true, q.Time)
	if len(b.events) != 1 {
		return activitylog.Event{}, fmt.Errorf("record %s: has %d log records, want one", q.ID, len(b.events))
	}
	return b.events[0], nil
}
