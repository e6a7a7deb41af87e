package activitylogexporter

import (
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/activitylog-go/activitylog"
)

// NewFactoryWith returns the factory of an exporter that opens its store with open.
var NewFactoryWith = newFactory

// Decode returns the events of ld and the number of records passed over.
func Decode(ld plog.Logs, all bool, now time.Time) ([]activitylog.Event, int) {
	b := decode(ld, all, now)
	return b.events, b.passed
}

// PrunesOf is Prunes for rules of which some may never apply.
var PrunesOf = prunes

// Metrics are the names of the exporter's own metrics.
var Metrics = []string{
	metricRecords, metricDerived, metricTruncated, metricRedacted, metricSkewed, metricDuration, metricPruned, metricPruneErrors,
}
