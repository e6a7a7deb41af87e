// Package activitylogtest helps an application to test its activity log.
//
// A [Recorder] takes the place of the OpenTelemetry SDK and keeps the events
// that a middleware or [activitylog.Emit] hands it:
//
//	rec := new(activitylogtest.Recorder)
//	h := middleware.New(m, middleware.WithLoggerProvider(rec))(mux)
//	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("DELETE", "/orgs/acme", nil))
//	got := rec.Events() // one event: org:deleted
package activitylogtest

import (
	"context"
	"slices"
	"sync"

	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/log/embedded"
	"go.opentelemetry.io/otel/trace"

	"github.com/activitylog-go/activitylog"
)

// A Recorder is a [log.LoggerProvider] that keeps what its loggers emit. The
// zero Recorder is ready for use, by several goroutines at once.
type Recorder struct {
	embedded.LoggerProvider

	mu     sync.Mutex
	events []activitylog.Event
}

var _ log.LoggerProvider = (*Recorder)(nil)

// Events returns the events so far, in the order in which they were emitted.
// Records that are no events are not among them.
func (r *Recorder) Events() []activitylog.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// Reset forgets the events so far.
func (r *Recorder) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = nil
}

// Logger returns a logger whose records r keeps.
func (r *Recorder) Logger(string, ...log.LoggerOption) log.Logger {
	return &logger{recorder: r}
}

type logger struct {
	embedded.Logger
	recorder *Recorder
}

func (l *logger) Enabled(context.Context, log.EnabledParameters) bool { return true }

// Emit decodes at once: a record must not be kept beyond the call.
func (l *logger) Emit(ctx context.Context, record log.Record) {
	e, ok := decode(record)
	if !ok {
		return
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		e.TraceID = span.TraceID().String()
		e.SpanID = span.SpanID().String()
	}
	l.recorder.mu.Lock()
	defer l.recorder.mu.Unlock()
	l.recorder.events = append(l.recorder.events, e)
}
