package demo

import (
	"context"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/activitylog-go/activitylog"
)

// A tracker is a log processor that remembers the id of each event, so that
// the demo can say that every one of them is in the store.
type tracker struct {
	mu  sync.Mutex
	ids []string
}

var _ sdklog.Processor = (*tracker)(nil)

func (t *tracker) OnEmit(_ context.Context, r *sdklog.Record) error {
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		if kv.Key != activitylog.KeyID {
			return true
		}
		t.mu.Lock()
		t.ids = append(t.ids, kv.Value.AsString())
		t.mu.Unlock()
		return false
	})
	return nil
}

func (t *tracker) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (t *tracker) Shutdown(context.Context) error                         { return nil }
func (t *tracker) ForceFlush(context.Context) error                       { return nil }

// all returns the ids of the events so far.
func (t *tracker) all() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.ids...)
}
