package engine

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/trace"

	"github.com/activitylog-go/activitylog"
)

const (
	// maxWaiting bounds the events that wait, those that are on their way to
	// the logger among them, and so what is lost if the process is killed. The
	// SDK's batch processor holds twice as many unless it is told otherwise:
	// after a pause, those that have waited fit into it.
	maxWaiting = 1024

	// maxWait is how long an event waits for others.
	maxWait = 5 * time.Millisecond
)

// A handover takes events over from requests and delivers them, one after the
// other, in a goroutine of a timer that runs only while there are some: there
// is nothing to close, and a request never waits for anybody.
type handover struct {
	deliver func(context.Context, *activitylog.Event)
	timer   *time.Timer

	undelivered atomic.Int32 // grows with mu held

	mu      sync.Mutex
	waiting []*handed
	armed   bool // the timer runs

	delivering sync.Mutex // held by the one who does, for the order
	spare      []*handed  // room to wait in, of those who delivers
}

// handovers are those that may have something to deliver.
var handovers sync.Map

// Flush emits what the floods of all engines have counted and what waits in
// their handovers, and returns when it is emitted or ctx is done.
func Flush(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		floods.Range(func(f, _ any) bool { f.(*flood).flush(); return true })
		handovers.Range(func(h, _ any) bool { h.(*handover).drain(); return true })
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("activitylog: flush: events still wait for the logger: %w", ctx.Err())
	}
}

func newHandover(deliver func(context.Context, *activitylog.Event)) *handover {
	h := &handover{deliver: deliver}
	h.timer = time.AfterFunc(maxWait, h.work)
	h.timer.Stop()
	return h
}

// give takes e over as it is, in the trace and with the baggage of ctx. It
// reports false if too many wait already.
func (h *handover) give(ctx context.Context, e *activitylog.Event) bool {
	job := jobs.Get().(*handed)
	job.fill(ctx, e)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.undelivered.Load() >= maxWaiting {
		job.release()
		return false
	}
	h.undelivered.Add(1)
	h.waiting = append(h.waiting, job)
	if !h.armed {
		h.armed = true
		handovers.Store(h, nil)
		h.timer.Reset(maxWait)
	}
	return true
}

// work delivers what waits, and comes back as long as there is something.
func (h *handover) work() {
	some := h.drain()
	h.mu.Lock()
	defer h.mu.Unlock()
	if some || len(h.waiting) > 0 {
		h.timer.Reset(maxWait)
		return
	}
	h.armed = false
	handovers.Delete(h)
}

// drain delivers what waits, after what is being delivered, and reports
// whether there was something.
func (h *handover) drain() bool {
	h.delivering.Lock()
	defer h.delivering.Unlock()
	h.mu.Lock()
	list := h.waiting
	h.waiting, h.spare = h.spare, nil
	h.mu.Unlock()
	for _, job := range list {
		h.deliver(job.context(), &job.event)
		h.undelivered.Add(-1)
		job.release()
	}
	some := len(list) > 0
	clear(list)
	h.spare = list[:0]
	return some
}

// A handed is an event that waits, with what is kept of its request's context:
// of the values that others have put there, nobody knows how long they hold.
type handed struct {
	event   activitylog.Event
	target  [1]activitylog.Target
	span    trace.SpanContext
	baggage baggage.Baggage
}

var jobs = sync.Pool{New: func() any { return new(handed) }}

// fill copies what the request or the application may use again.
func (j *handed) fill(ctx context.Context, e *activitylog.Event) {
	j.event = *e
	j.event.Targets = append(j.target[:0], e.Targets...)
	j.event.Changes = slices.Clone(e.Changes)
	for i := range j.event.Changes {
		c := &j.event.Changes[i]
		c.Old, c.New = bytes.Clone(c.Old), bytes.Clone(c.New)
	}
	j.span = trace.SpanContextFromContext(ctx)
	j.baggage = baggage.FromContext(ctx)
}

func (j *handed) context() context.Context {
	ctx := context.Background()
	if j.span.IsValid() {
		ctx = trace.ContextWithSpanContext(ctx, j.span)
	}
	if j.baggage.Len() > 0 {
		ctx = baggage.ContextWithBaggage(ctx, j.baggage)
	}
	return &detached{Context: ctx}
}

func (j *handed) release() {
	*j = handed{}
	jobs.Put(j)
}
