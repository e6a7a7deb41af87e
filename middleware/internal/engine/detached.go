package engine

import (
	"context"
	"sync"
	"time"
)

// emitTimeout is how long a processor that exports while the request waits, as
// the SDK's simple processor does, may keep its response back.
const emitTimeout = 10 * time.Second

// detached is a request's context with a deadline in place of its
// cancellation. The time runs from when somebody first asks for it: the batch
// processor never does, and a timer costs more than the rest of the context.
type detached struct {
	context.Context
	once  sync.Once
	timed context.Context
}

// detach returns ctx without its cancellation, for all events of the request.
func (o *Origin) detach(ctx context.Context) context.Context {
	if o.detached.Context == nil {
		o.detached.Context = ctx
	}
	return &o.detached
}

func (d *detached) Deadline() (time.Time, bool) { return d.timer().Deadline() }
func (d *detached) Done() <-chan struct{}       { return d.timer().Done() }
func (d *detached) Err() error                  { return d.timer().Err() }

func (d *detached) timer() context.Context {
	d.once.Do(func() {
		timed, cancel := context.WithTimeout(context.Background(), emitTimeout)
		_ = cancel // a processor may go on in the background; the timer ends it
		d.timed = timed
	})
	return d.timed
}
