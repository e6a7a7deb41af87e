package engine

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/activitylog-go/activitylog"
)

// metrics are the counters by which an operator sees that no event is lost
// unseen.
type metrics struct {
	events     metric.Int64Counter
	dropped    metric.Int64Counter
	inline     metric.Int64Counter
	suppressed metric.Int64Counter
	replayed   metric.Int64Counter
	coalesced  metric.Int64Counter
	truncated  metric.Int64Counter
	redacted   metric.Int64Counter
	ignored    metric.Int64Counter
	unmapped   metric.Int64Counter
	unrouted   metric.Int64Counter

	// The attributes of an event, made once: making them allocates.
	outcomes map[activitylog.Outcome][]metric.AddOption
}

func newMetrics(provider metric.MeterProvider) metrics {
	meter := provider.Meter(activitylog.ScopeName)
	var errs []error
	counter := func(name, unit, description string) metric.Int64Counter {
		c, err := meter.Int64Counter(name, metric.WithUnit(unit), metric.WithDescription(description))
		errs = append(errs, err)
		return c
	}
	m := metrics{
		events:     counter("activitylog.events", "{event}", "Events handed to the OpenTelemetry logger."),
		dropped:    counter("activitylog.events.dropped", "{event}", "Events that no log processor took."),
		inline:     counter("activitylog.events.inline", "{event}", "Events that were to be handed over and that their requests delivered, because too many waited."),
		suppressed: counter("activitylog.events.suppressed", "{event}", "Events that the application suppressed."),
		coalesced:  counter("activitylog.events.coalesced", "{event}", "Events of a flood of denied or unknown requests that were counted, and for which one event stands."),
		truncated:  counter("activitylog.events.truncated", "{event}", "Events of which something was cut to keep the limits."),
		redacted:   counter("activitylog.events.redacted", "{event}", "Events in which something looked like a secret and was redacted."),
		ignored:    counter("activitylog.requests.ignored", "{request}", "Mutating requests that are no events: by the mapping, because no case of their rule holds, or because they only search."),
		replayed:   counter("activitylog.requests.replayed", "{request}", "Replays of requests that were answered before, which are no second action and so no event."),
		unmapped:   counter("activitylog.requests.unmapped", "{request}", "Mutating requests that the mapping has no code for."),
		unrouted:   counter("activitylog.requests.unrouted", "{request}", "Requests that may have been events and whose route could not be found."),
		outcomes:   map[activitylog.Outcome][]metric.AddOption{},
	}
	for _, outcome := range activitylog.Outcomes() {
		m.outcomes[outcome] = []metric.AddOption{metric.WithAttributeSet(attribute.NewSet(
			attribute.String("outcome", string(outcome)),
			attribute.String("delivery", delivery),
		))}
	}
	if err := errors.Join(errs...); err != nil {
		otel.Handle(err) // the counters that there are work nevertheless
	}
	return m
}

func (m *metrics) emitted(ctx context.Context, outcome activitylog.Outcome) {
	options, ok := m.outcomes[outcome]
	if !ok { // the application has outcomes of its own: as many as it likes, so not an attribute
		options = m.outcomes[activitylog.Unknown]
	}
	m.events.Add(ctx, 1, options...)
}
