package activitylogexporter_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/activitylog-go/activitylog"
	activitylogexporter "github.com/activitylog-go/activitylog/exporter"
)

// TestLargeRequest checks that a large request is stored in parts, as one
// transaction could outlast the time-out each time that it is tried, and that
// its sender hears of it when all of them are stored.
func TestLargeRequest(t *testing.T) {
	const n = 30_001
	var largest, added atomic.Int64
	s := newFakeStore(func(events []activitylog.Event) error {
		if int64(len(events)) > largest.Load() {
			largest.Store(int64(len(events)))
		}
		added.Add(int64(len(events)))
		return nil
	})
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, func(*activitylogexporter.Config) {})
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for i := range n {
		r := records.AppendEmpty()
		r.SetEventName("org:created")
		r.SetTimestamp(pcommon.Timestamp(i + 1))
	}
	if err := e.ConsumeLogs(t.Context(), logs); err != nil {
		t.Fatal(err)
	}
	if added.Load() != n || largest.Load() > 20_000 {
		t.Errorf("%d events were stored, %d at once, want %d, at most 20,000 at once", added.Load(), largest.Load(), n)
	}
}

// TestShutdownUnderLoad checks that a Collector which ends while events come in
// acknowledges none that it has not stored, tells the senders of the others to
// send again, and does not wait for ever for a store that hangs.
func TestShutdownUnderLoad(t *testing.T) {
	for name, hangs := range map[string]bool{"store works": false, "store hangs": true} {
		t.Run(name, func(t *testing.T) {
			var hanging atomic.Bool
			s := &slowStore{newFakeStore(nil), func(ctx context.Context) error {
				if hanging.Load() {
					<-ctx.Done()
				}
				return ctx.Err()
			}}
			e := create(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, func(c *activitylogexporter.Config) {
				c.Timeout.Timeout = 50 * time.Millisecond
				c.Queue.Get().Batch.Get().MinSize = 5
			})
			if err := e.Start(t.Context(), componenttest.NewNopHost()); err != nil {
				t.Fatal(err)
			}
			var kept sync.Map // the ids of the events that were acknowledged
			var acked atomic.Int64
			var senders sync.WaitGroup
			for range 20 {
				senders.Go(func() {
					for {
						id := activitylog.NewID()
						logs := logsOf("org:created")
						logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr(activitylog.KeyID, id)
						// A sender has a time-out; one that comes too late needs it.
						ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
						err := e.ConsumeLogs(ctx, logs)
						cancel()
						if err != nil {
							if consumererror.IsPermanent(err) {
								t.Errorf("a sender is told to give up: %v", err)
							}
							return
						}
						kept.Store(id, true)
						acked.Add(1)
					}
				})
			}
			for acked.Load() < 100 {
				time.Sleep(time.Millisecond)
			}
			hanging.Store(hangs)
			if err := e.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			senders.Wait()
			for id := range kept.Range {
				if _, err := s.Get(t.Context(), id.(string)); err != nil {
					t.Errorf("%s was acknowledged: %v", id, err)
				}
			}
			if s.closed != 1 || s.late.Load() != 0 {
				t.Errorf("the store was closed %d times, and asked %d times after that", s.closed, s.late.Load())
			}
		})
	}
}

// TestQuarantineFails checks that a record is not acknowledged when neither the
// store nor the quarantine has it, that its batch mates are stored, and that
// sending all again ends well.
func TestQuarantineFails(t *testing.T) {
	s := &noQuarantine{fakeStore: newFakeStore(refuse("bad:one")), err: errors.New("disk is full")}
	e := start(t, exportertest.NewNopSettings(component.MustNewType("activitylog")), s, direct)
	logs := logsOf("a:b", "bad:one", "", "c:d", "bad:one", "e:f", "e:f")
	records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	id := activitylog.NewID()
	for i := range records.Len() {
		records.At(i).Attributes().PutInt("n", int64(i))
	}
	records.At(3).Attributes().PutStr(activitylog.KeyID, id)
	records.At(5).Attributes().PutStr(activitylog.KeyID, id) // a conflict
	records.At(5).CopyTo(records.At(6))                      // and the same one again
	for range 2 {
		if err := e.ConsumeLogs(t.Context(), logs); err == nil || consumererror.IsPermanent(err) {
			t.Errorf("got %v, want an error that is not permanent", err)
		}
	}
	if got := s.codes(t); !slices.Equal(got, []string{"a:b", "c:d"}) {
		t.Errorf("the store has %v", got)
	}
	s.err = nil
	if err := e.ConsumeLogs(t.Context(), logs); err != nil {
		t.Error(err)
	}
	quarantined, err := s.Quarantined(t.Context(), "", 0)
	if got := s.codes(t); err != nil || len(got) != 2 || len(quarantined) != 3 {
		t.Errorf("the store has %v and %d records in quarantine, %v, want two bad ones and a conflict", got, len(quarantined), err)
	}
}

// A noQuarantine cannot put anything aside while err is set.
type noQuarantine struct {
	*fakeStore
	err error
}

func (s *noQuarantine) Quarantine(ctx context.Context, raw []byte, reason string) error {
	if s.err != nil {
		return s.err
	}
	return s.fakeStore.Quarantine(ctx, raw, reason)
}
