// Package engine is what the middlewares for net/http and gin have in common:
// from a request that has ended to an event that is emitted.
package engine

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/log"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/internal/secret"
	"github.com/activitylog-go/activitylog/mapping"
)

// An Engine makes events of requests.
type Engine struct {
	Config
	source  mapping.Source
	logger  log.Logger
	metrics metrics
	modes   modes
	flood   flood

	handover *handover // nil if requests deliver their events themselves
	accesses *accesses // nil if nobody asks who accessed what

	warnUnrouted sync.Once
	warnDropped  sync.Once
	warned       warned
}

// New returns an engine; a nil source stands for [mapping.Default].
func New(source mapping.Source, c Config) *Engine {
	if source == nil {
		source = mapping.Default()
	}
	c = c.withDefaults()
	e := &Engine{
		Config:  c,
		source:  source,
		logger:  c.LoggerProvider.Logger(activitylog.ScopeName),
		metrics: newMetrics(c.MeterProvider),
	}
	e.flood = flood{limit: c.FloodLimit, length: c.FloodWindow, emit: e.emitSummary}
	if c.Async {
		e.handover = newHandover(e.deliver)
	}
	if c.AccessEvents {
		e.accesses = newAccesses(c.AccessWindow)
	}
	e.modes.check(e.Mapping())
	return e
}

// Mapping returns the mapping that is in force. A request uses one from its
// start to its end.
func (e *Engine) Mapping() *mapping.Mapping {
	if m := e.source.Mapping(); m != nil {
		return m
	}
	return mapping.Default()
}

// An End is how a request ended.
type End struct {
	Request  *http.Request // as the handler saw it; for the options
	Mapping  *mapping.Mapping
	Rule     *mapping.Rule // nil if the request is looked at for the access only
	Access   *mapping.Rule // see [Engine.Access]
	Exchange mapping.Exchange
	Header   http.Header // of the response; may be nil
	Status   int         // 0: none was written
	Panicked bool

	// Outcome and ErrorType are how a call ended that no HTTP status tells of,
	// such as one of gRPC; empty for others.
	Outcome   activitylog.Outcome
	ErrorType string

	// Answered says that a stream without an HTTP status had an answer before
	// it ended: most clients leave theirs by cancelling it.
	Answered bool
}

// Finish emits the event of a request whose handler has ended. It neither
// panics nor waits for anything but the logger.
func (e *Engine) Finish(ctx context.Context, draft *activitylog.Draft, origin *Origin, end *End) {
	defer e.survive()
	set, ok := draft.Close()
	if !ok {
		return
	}
	if set.Suppressed != "" {
		if end.Rule != nil {
			e.metrics.suppressed.Add(ctx, 1)
		}
		return
	}
	e.modes.check(end.Mapping)
	slot := slots.Get().(*slot)
	defer slot.release()
	event := &slot.event
	event.Targets = slot.target[:0]
	event.Time = e.Clock()
	e.fill(event, set, origin, end)
	slot.exchange = end.Exchange
	e.noteAccess(ctx, event, &slot.exchange, origin, end)
	if end.Rule == nil {
		return
	}
	if e.isReplay(&set, end) {
		e.metrics.replayed.Add(ctx, 1)
		return
	}
	set.NoteDeferred(event)
	if end.Rule.Bulk() {
		e.finishBulk(ctx, slot, origin, end)
		return
	}
	if !end.Rule.Complete(event, &slot.exchange) {
		e.metrics.ignored.Add(ctx, 1) // the rule has a case for other requests
		return
	}
	e.report(ctx, event, origin, end.Mapping)
}

// finishBulk emits the events of a request that did many things.
func (e *Engine) finishBulk(ctx context.Context, slot *slot, origin *Origin, end *End) {
	events := end.Rule.Split(&slot.event, &slot.exchange)
	if len(events) == 0 {
		e.metrics.ignored.Add(ctx, 1)
	}
	for i := range events {
		e.report(ctx, &events[i], origin, end.Mapping)
	}
}

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

// A slot is room for an event, which is large, for the target that the mapping
// finds, and for what it looks at. Nothing keeps it once the event's record is
// made, so it serves many requests.
type slot struct {
	event    activitylog.Event
	target   [1]activitylog.Target
	exchange mapping.Exchange
}

var slots = sync.Pool{New: func() any { return new(slot) }}

func (s *slot) release() {
	*s = slot{}
	slots.Put(s)
}

func (e *Engine) fill(event *activitylog.Event, set activitylog.Fields, origin *Origin, end *End) {
	event.Actor = set.Actor
	if e.Actor != nil && set.Actor == (activitylog.Actor{}) {
		event.Actor = call("WithActor", e.Actor, end.Request)
	}
	event.Tenant = set.Tenant
	if e.Tenant != nil && set.Tenant == "" {
		event.Tenant = call("WithTenant", e.Tenant, end.Request)
	}
	if len(set.Targets) > 0 {
		event.Targets = set.Targets
	}
	event.Changes = set.Changes
	event.Reason = set.Reason
	event.Attributes = set.Attributes

	event.HTTP.Method = origin.Method
	event.HTTP.Path = origin.shownPath(cmp.Or(end.Rule, end.Access))
	event.Source = origin.source()
	if e.RequestID != nil {
		event.Source.RequestID = call("WithRequestID", e.RequestID, end.Request)
	}
	if e.Session != nil {
		event.Source.SessionID = call("WithSession", e.Session, end.Request)
	}
	setOutcome(event, set.Outcome, end)
	settle(event)
}

func setOutcome(event *activitylog.Event, said activitylog.Outcome, end *End) {
	status := end.Status
	switch {
	case end.Outcome != "":
	case status == 0 && end.Panicked:
		status = http.StatusInternalServerError
	case status == 0:
		status = http.StatusOK
	}
	event.HTTP.Status = status
	event.Outcome = cmp.Or(said, end.Outcome, activitylog.OutcomeOf(status))
	switch {
	case end.Panicked:
		event.Outcome = activitylog.Failure
		event.ErrorType = "panic"
	case event.Outcome == activitylog.Failure && status >= 400:
		event.ErrorType = strconv.Itoa(status)
	case event.Outcome != activitylog.Success:
		event.ErrorType = end.ErrorType
	}
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

// call asks an option's function; if it panics the event goes without its answer.
func call[T any](option string, f func(*http.Request) T, r *http.Request) (answer T) {
	defer func() {
		if cause := recover(); cause != nil {
			otel.Handle(fmt.Errorf("activitylog: function of %s: panic: %s", option, told(cause)))
		}
	}()
	return f(r)
}
