package activitylogexporter

import (
	"context"
	"errors"
	"time"

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

	// Events whose time is far from that of their arrival: a clock is wrong, or
	// they were on the way for long. They are stored as they are.
	metricSkewed = "otelcol_exporter_activitylog_skewed"

	// How long a batch took, from decoding to commit: attribute "result" is
	// stored or failed.
	metricDuration = "otelcol_exporter_activitylog_store_duration"

	// Events that retention has removed, and the times that it could not.
	metricPruned      = "otelcol_exporter_activitylog_pruned"
	metricPruneErrors = "otelcol_exporter_activitylog_prune_errors"
)

// metrics counts what the exporter does.
type metrics struct {
	records, derived, truncated, redacted, skewed, pruned, pruneErrors metric.Int64Counter

	duration metric.Float64Histogram

	own     metric.MeasurementOption
	results map[string]metric.MeasurementOption
}

func newMetrics(mp metric.MeterProvider, id component.ID, driver string) (*metrics, error) {
	own := []attribute.KeyValue{attribute.String("exporter", id.String()), attribute.String("store", driver)}
	m := &metrics{
		own:     metric.WithAttributeSet(attribute.NewSet(own...)),
		results: make(map[string]metric.MeasurementOption),
	}
	for _, result := range []string{"added", "duplicate", "conflict", "quarantined", "passed_over", "stored", "failed"} {
		set := attribute.NewSet(append(own, attribute.String("result", result))...)
		m.results[result] = metric.WithAttributeSet(set)
	}
	meter := mp.Meter(scopeName)
	var errs [8]error
	m.records, errs[0] = meter.Int64Counter(metricRecords, metric.WithUnit("{records}"),
		metric.WithDescription("Log records by what became of them: added, duplicate, conflict, quarantined, passed_over."))
	m.derived, errs[1] = meter.Int64Counter(metricDerived, metric.WithUnit("{records}"),
		metric.WithDescription("Log records without a UUID in log.record.uid."))
	m.truncated, errs[2] = meter.Int64Counter(metricTruncated, metric.WithUnit("{events}"),
		metric.WithDescription("Events of which something was cut or dropped to keep the limits."))
	m.redacted, errs[3] = meter.Int64Counter(metricRedacted, metric.WithUnit("{events}"),
		metric.WithDescription("Events in which something looked like a secret and was redacted."))
	m.skewed, errs[4] = meter.Int64Counter(metricSkewed, metric.WithUnit("{events}"),
		metric.WithDescription("Events that came more than a day after their time, or before it."))
	m.duration, errs[5] = meter.Float64Histogram(metricDuration, metric.WithUnit("s"),
		metric.WithDescription("How long a batch took until it was stored or failed."))
	m.pruned, errs[6] = meter.Int64Counter(metricPruned, metric.WithUnit("{events}"),
		metric.WithDescription("Events that the rules of retention have removed."))
	m.pruneErrors, errs[7] = meter.Int64Counter(metricPruneErrors, metric.WithUnit("{rounds}"),
		metric.WithDescription("Rules of retention that could not be followed; the log says why."))
	return m, errors.Join(errs[:]...)
}

// decoded counts what decoding found in a batch that came at a time and is done with.
func (m *metrics) decoded(ctx context.Context, b *batch, now time.Time) {
	var derived, truncated, redacted, skewed int
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
		if now.Sub(b.events[i].Time).Abs() > activitylog.MaxSkew && !b.records[i].undated {
			skewed++
		}
	}
	m.count(ctx, "passed_over", b.passed)
	m.add(ctx, m.derived, derived)
	m.add(ctx, m.truncated, truncated)
	m.add(ctx, m.redacted, redacted)
	m.add(ctx, m.skewed, skewed)
}

// took notes how long a batch took.
func (m *metrics) took(ctx context.Context, d time.Duration, err error) {
	result := "stored"
	if err != nil {
		result = "failed"
	}
	m.duration.Record(ctx, d.Seconds(), m.results[result])
}

// prunedBy counts what a rule of retention has done.
func (m *metrics) prunedBy(ctx context.Context, n int, err error) {
	m.add(ctx, m.pruned, n)
	if err != nil && ctx.Err() == nil {
		m.add(ctx, m.pruneErrors, 1)
	}
}

// appended counts what a store said of a batch.
func (m *metrics) appended(ctx context.Context, r store.Result) {
	m.count(ctx, "added", r.Added)
	m.count(ctx, "duplicate", r.Duplicates)
	m.count(ctx, "conflict", r.Conflicts)
}

func (m *metrics) quarantined(ctx context.Context) { m.count(ctx, "quarantined", 1) }

func (m *metrics) add(ctx context.Context, counter metric.Int64Counter, n int) {
	if n > 0 {
		counter.Add(ctx, int64(n), m.own)
	}
}

func (m *metrics) count(ctx context.Context, result string, n int) {
	if n > 0 {
		m.records.Add(ctx, int64(n), m.results[result])
	}
}
