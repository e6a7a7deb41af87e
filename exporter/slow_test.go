package activitylogexporter_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"google.golang.org/grpc/codes"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
	"github.com/activitylog-go/activitylog/store"
)

// A slowStore takes its time to append.
type slowStore struct {
	*fakeStore
	wait func(context.Context) error
}

func (s *slowStore) Append(ctx context.Context, events []activitylog.Event) (store.Result, error) {
	if err := s.wait(ctx); err != nil {
		return store.Result{}, err
	}
	return s.fakeStore.Append(ctx, events)
}

// TestSlowStore checks that a store that is slower than the time-out makes
// senders try again, with a status for which they do, until it has everything.
func TestSlowStore(t *testing.T) {
	var slow atomic.Bool
	slow.Store(true)
	s := &slowStore{newFakeStore(nil), func(ctx context.Context) error {
		if slow.Load() {
			<-ctx.Done()
		}
		return ctx.Err()
	}}
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, func(c *activitylogexporter.Config) {
		c.Timeout.Timeout = 20 * time.Millisecond
		c.Retry.InitialInterval, c.Retry.MaxInterval, c.Retry.MaxElapsedTime = time.Millisecond, time.Millisecond, 50*time.Millisecond
	})
	httpAddr, grpcAddr := receive(t, e)
	kept := map[string]string{"http": "200 OK", "grpc": codes.OK.String()}
	later := map[string][]string{
		"http": {"503 Service Unavailable", "429 Too Many Requests", "504 Gateway Timeout"},
		"grpc": {codes.Unavailable.String(), codes.DeadlineExceeded.String(), codes.ResourceExhausted.String()},
	}
	for name, send := range senders(t, httpAddr, grpcAddr) {
		slow.Store(true)
		for range 3 {
			if got, err := send(t.Context()); err != nil || !slices.Contains(later[name], got) {
				t.Errorf("%s: got %q, %v, want one of %q", name, got, err, later[name])
			}
		}
		slow.Store(false)
		if got, err := send(t.Context()); err != nil || got != kept[name] {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, kept[name])
		}
	}
	if got := s.codes(t); len(got) != 2 {
		t.Errorf("the store has %v", got)
	}
}

// TestBackPressure checks that senders for whom the queue has no room wait for
// it, and that none of them is refused.
func TestBackPressure(t *testing.T) {
	open := make(chan struct{})
	var waiting atomic.Int64
	s := &slowStore{newFakeStore(nil), func(ctx context.Context) error {
		waiting.Add(1)
		<-open
		return nil
	}}
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, func(c *activitylogexporter.Config) {
		c.Queue.Get().QueueSize = 3
		c.Queue.Get().Batch.Get().MinSize = 1
	})
	httpAddr, grpcAddr := receive(t, e)
	kept := map[string]string{"http": "200 OK", "grpc": codes.OK.String()}
	var sending sync.WaitGroup
	for name, send := range senders(t, httpAddr, grpcAddr) {
		for range 10 {
			sending.Go(func() {
				if got, err := send(t.Context()); err != nil || got != kept[name] {
					t.Errorf("%s: got %q, %v, want %q", name, got, err, kept[name])
				}
			})
		}
	}
	for waiting.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	close(open)
	sending.Wait()
	if got := s.codes(t); len(got) != 20 {
		t.Errorf("the store has %d events, want 20", len(got))
	}
}
