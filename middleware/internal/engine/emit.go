package engine

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/log"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/secret"
	"github.com/activitylog-go/activitylog/mapping"
)

// report emits an event unless it is one of a flood: then it is counted.
func (e *Engine) report(ctx context.Context, event *activitylog.Event, origin *Origin, m *mapping.Mapping) {
	if e.flood.absorbs(m, event) {
		e.metrics.coalesced.Add(ctx, 1)
		return
	}
	e.emit(ctx, event, origin)
}

// emitSummary emits an event that stands for those of many requests.
func (e *Engine) emitSummary(event *activitylog.Event) {
	e.emit(context.Background(), event, &Origin{})
}

// emit delivers an event, or has that done.
func (e *Engine) emit(ctx context.Context, event *activitylog.Event, origin *Origin) {
	defer e.survive() // one event of many must not take the others with it
	if origin.long {
		detach(event)
	}
	if e.handover != nil {
		if e.handover.give(ctx, event) {
			return
		}
		e.metrics.inline.Add(ctx, 1)
	}
	e.deliver(origin.detach(ctx), event)
}

// deliver hands the event to the logger. Its context is that of the request
// without the cancellation: a client that hangs up does not erase its trace.
func (e *Engine) deliver(ctx context.Context, event *activitylog.Event) {
	defer e.survive()
	record := event.Record()
	enabled := log.EnabledParameters{Severity: record.Severity(), EventName: record.EventName()}
	if !e.logger.Enabled(ctx, enabled) {
		e.metrics.dropped.Add(ctx, 1)
		e.warnDropped.Do(func() {
			otel.Handle(fmt.Errorf("activitylog: event %s dropped: no OpenTelemetry log processor takes it: set a LoggerProvider, and shut it down after the server", event.Code))
		})
		return
	}
	e.logger.Emit(ctx, record)
	e.metrics.emitted(ctx, event.Outcome)
	if event.Truncated {
		e.metrics.truncated.Add(ctx, 1)
	}
	if _, ok := event.Attributes.Get(activitylog.AttrRedacted); ok {
		e.metrics.redacted.Add(ctx, 1)
	}
}

// survive keeps a panic in an OpenTelemetry processor away from the request.
// That of a handler passes by: it did not start below Finish.
func (e *Engine) survive() {
	if cause := recover(); cause != nil {
		e.metrics.dropped.Add(context.Background(), 1)
		otel.Handle(fmt.Errorf("activitylog: event dropped: panic: %s", told(cause)))
	}
}

// told returns what a panic says, without secrets that it gives away: reports
// to otel.Handle end in a log.
func told(cause any) string {
	text, _ := secret.Redact(fmt.Sprint(cause))
	return text
}
