package activitylogexporter

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// The exporter's own metrics. Those of every exporter, such as
// otelcol_exporter_sent_log_records, come from the Collector.
const (
	// What became of the records that were stored or passed over: attribute
	// "result" is added, duplicate, conflict, quarantined or passed_over.
	metricRecords = "otelcol_exporter_activitylog_records"

	// Records whose sender gave no UUID, so that the id is made of the content.
	metricDerived = "otelcol_exporter_activitylog_ids_derived"

	// Events of which something had to be cut, here or at the sender.
	metricTruncated = "otelcol_exporter_activitylog_truncated"

	// Events in which something looked like a secret, here or at the sender.
	metricRedacted = "otelcol_exporter_activitylog_redacted"
)

// metrics counts what the exporter does.
type metrics struct {
	records, derived, truncated, redacted metric.Int64Counter

	own     metric.MeasurementOption
	results map[string]metric.MeasurementOption
}

func newMetrics(mp metric.MeterProvider, id component.ID, driver string) (*metrics, error) {
	own := []attribute.KeyValue{attribute.String("exporter", id.String()), attribute.String("store", driver)}
	m := &metrics{
		own:     metric.WithAttributeSet(attribute.NewSet(own...)),
		results: make(map[string]metric.MeasurementOption),
	}
	for _, result := range []string{"added", "duplicate", "conflict", "quarantined", "passed_over"} {
		set := attribute.NewSet(append(own, attribute.String("result", result))...)
		m.results[result] = metric.WithAttributeSet(set)
	}
	meter := mp.Meter(scopeName)
	var errs [4]error
	m.records, errs[0] = meter.Int64Counter(metricRecords, metric.WithUnit("{records}"),
		metric.WithDescription("Log records by what became of them: added, duplicate, conflict, quarantined, passed_over."))
	m.derived, errs[1] = meter.Int64Counter(metricDerived, metric.WithUnit("{records}"),
		metric.WithDescription("Log records without a UUID in log.record.uid."))
	m.truncated, errs[2] = meter.Int64Counter(metricTruncated, metric.WithUnit("{events}"),
		metric.WithDescription("Events of which something was cut or dropped to keep the limits."))
	m.redacted, errs[3] = meter.Int64Counter(metricRedacted, metric.WithUnit("{events}"),
		metric.WithDescription("Events in which something looked like a secret and was redacted."))
	return m, errors.Join(errs[:]...)
}

// decoded counts what decoding found in a batch that is done with.
func (m *metrics) decoded(ctx context.Context, b *batch) {
	var derived, truncated, redacted int
	for i := range b.records {
		if b.records[i].derived {
			derived++
		}
		if b.events[i].Truncated {
			truncated++
		}
		if _, ok := b.events[i].Attributes.Get(activitylog.AttrRedacted); ok {
			redacted++
		}
	}
	m.count(ctx, "passed_over", b.passed)
	if derived > 0 {
		m.derived.Add(ctx, int64(derived), m.own)
	}
	if truncated > 0 {
		m.truncated.Add(ctx, int64(truncated), m.own)
	}
	if redacted > 0 {
		m.redacted.Add(ctx, int64(redacted), m.own)
	}
}

// appended counts what a store said of a batch.
func (m *metrics) appended(ctx context.Context, r store.Result) {
	m.count(ctx, "added", r.Added)
	m.count(ctx, "duplicate", r.Duplicates)
	m.count(ctx, "conflict", r.Conflicts)
}

func (m *metrics) quarantined(ctx context.Context) { m.count(ctx, "quarantined", 1) }

func (m *metrics) count(ctx context.Context, result string, n int) {
	if n > 0 {
		m.records.Add(ctx, int64(n), m.results[result])
	}
}
