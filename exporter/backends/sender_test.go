package backends_test

import (
	"bytes"
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/activitylog-go/activitylog"
)

// A sender sends batches of events to a Collector, each until it is
// acknowledged, and keeps a ledger of those that were.
type sender struct {
	url      string
	stop     chan struct{}
	sending  sync.WaitGroup
	batches  atomic.Int64 // that are acknowledged
	repeated atomic.Int64 // tries that were not

	mu     sync.Mutex
	ledger []string // ids of the events of acknowledged batches
}

// sendTo starts a sender of several batches at a time.
func sendTo(addr string) *sender {
	s := &sender{url: "http://" + addr + "/v1/logs", stop: make(chan struct{})}
	for range 4 {
		s.sending.Go(s.run)
	}
	return s
}

// run sends until stop is closed and the batch of that moment is acknowledged.
func (s *sender) run() {
	for {
		select {
		case <-s.stop:
			return
		default:
		}
		ids, body := newBatch()
		for !s.try(body) {
			s.repeated.Add(1)
			time.Sleep(20 * time.Millisecond)
		}
		s.mu.Lock()
		s.ledger = append(s.ledger, ids...)
		s.mu.Unlock()
		s.batches.Add(1)
	}
}

// try reports whether the Collector has acknowledged the batch.
func (s *sender) try(body []byte) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// progress returns when so many more batches are acknowledged.
func (s *sender) progress(t *testing.T, n int64) {
	t.Helper()
	before := s.batches.Load()
	eventually(t, "batches are acknowledged", func() bool { return s.batches.Load() >= before+n })
}

// refused returns when a batch that was sent after this call is not acknowledged.
func (s *sender) refused(t *testing.T) {
	t.Helper()
	before := s.repeated.Load()
	eventually(t, "a batch is refused", func() bool { return s.repeated.Load() > before })
}

// finish lets the batches of this moment be acknowledged and returns the ids of
// all events.
func (s *sender) finish() []string {
	close(s.stop)
	s.sending.Wait()
	return s.ledger
}

// newBatch returns the ids of 50 new events and the request that sends them.
func newBatch() (ids []string, body []byte) {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for range 50 {
		ids = append(ids, activitylog.NewID())
		r := records.AppendEmpty()
		r.SetTimestamp(1790000000000000000)
		r.SetEventName("org:created")
		r.Attributes().PutStr(activitylog.KeyID, ids[len(ids)-1])
	}
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		panic(err) // of records that were made here
	}
	return ids, body
}
