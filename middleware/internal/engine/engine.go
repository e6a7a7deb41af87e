// Package engine is what all middlewares have in common: from a request that
// has ended to an event that is emitted.
package engine

import (
	"context"
	"net/http"
	"sync"

	"go.opentelemetry.io/otel/log"

	"github.com/activitylog-go/activitylog"
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
	// such as one of gRPC, or whose connection the handler took over; empty for
	// others.
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
