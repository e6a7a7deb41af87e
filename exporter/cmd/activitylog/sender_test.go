package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/store"
)

// batchSize is the number of events that a sender sends at once, besides one
// that conflicts with an event of all senders.
const batchSize = 50

// A send sends a request once.
type send func(context.Context, plogotlp.ExportRequest) error

// A sender sends batches of events, each until it is acknowledged, and keeps
// a ledger of those that were.
type sender struct {
	send    send
	timeout time.Duration // of one try

	repeated atomic.Int64 // batches that had to be sent again
	batches  atomic.Int64 // that are acknowledged

	mu     sync.Mutex
	ledger []string // ids of the events of acknowledged batches
	forged []string // request ids of the events that conflict, in those batches
}

// A crowd is senders that send at the same time.
type crowd struct {
	senders []*sender
	stop    chan struct{}
	sending sync.WaitGroup
}

// sendAll starts a sender for each of sends.
func sendAll(timeout time.Duration, sends ...send) *crowd {
	c := &crowd{stop: make(chan struct{})}
	for _, s := range sends {
		c.senders = append(c.senders, &sender{send: s, timeout: timeout})
	}
	for _, s := range c.senders {
		c.sending.Go(func() { s.run(c.stop) })
	}
	return c
}

// acknowledged returns the number of batches that were.
func (c *crowd) acknowledged() (n int64) {
	for _, s := range c.senders {
		n += s.batches.Load()
	}
	return n
}

// ledger returns the ids of the events that are acknowledged by now.
func (c *crowd) ledger() (ids []string) {
	for _, s := range c.senders {
		s.mu.Lock()
		ids = append(ids, s.ledger...)
		s.mu.Unlock()
	}
	return ids
}

// progress returns when so many more batches are acknowledged, so that there is
// something to lose.
func (c *crowd) progress(t *testing.T, n int64) {
	t.Helper()
	for before, tries := c.acknowledged(), 0; c.acknowledged() < before+n; tries++ {
		if tries > 60_000 {
			t.Fatal("nothing is acknowledged any more")
		}
		time.Sleep(time.Millisecond)
	}
}

// refused returns when a client has to send again what it sent after this call.
func (c *crowd) refused(t *testing.T) {
	t.Helper()
	before := make([]int64, len(c.senders))
	for i, s := range c.senders {
		before[i] = s.repeated.Load()
	}
	for range 60_000 {
		for i, s := range c.senders {
			if s.repeated.Load() > before[i] {
				return
			}
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("nothing is refused")
}

// run sends until stop is closed and the batch of that moment is acknowledged.
func (s *sender) run(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		b := newBatch()
		for try := 0; s.try(b) != nil; try++ {
			if try == 0 {
				s.repeated.Add(1)
			}
			time.Sleep(10 * time.Millisecond)
		}
		s.mu.Lock()
		s.ledger = append(s.ledger, b.ids...)
		s.forged = append(s.forged, b.forged)
		s.mu.Unlock()
		s.batches.Add(1)
	}
}

func (s *sender) try(b batch) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.timeout)
	defer cancel()
	return s.send(ctx, b.request)
}

// A batch is what is sent at once.
type batch struct {
	request plogotlp.ExportRequest
	ids     []string
	forged  string
}

// takenID is the id of an event that is there before all others.
const takenID = "01990000-0000-7000-8000-00000000ffff"

// newBatch returns a batch of new events, among them one whose id is taken.
func newBatch() batch {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	b := batch{ids: make([]string, batchSize), forged: activitylog.NewID()}
	add := func(id string) plog.LogRecord {
		r := records.AppendEmpty()
		r.SetTimestamp(1790000000000000000)
		r.SetEventName("org:created")
		r.Attributes().PutStr(activitylog.KeyID, id)
		return r
	}
	for i := range b.ids {
		b.ids[i] = activitylog.NewID()
		add(b.ids[i])
		if i == batchSize/2 {
			add(takenID).Attributes().PutStr(activitylog.KeyRequestID, b.forged)
		}
	}
	b.request = plogotlp.NewExportRequestFromLogs(logs)
	return b
}

// overHTTP sends each request over a connection of its own.
func overHTTP(addr string) send {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	return func(ctx context.Context, req plogotlp.ExportRequest) error {
		body, err := req.MarshalProto()
		if err != nil {
			return err
		}
		post, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/v1/logs", bytes.NewReader(body))
		if err != nil {
			return err
		}
		post.Header.Set("Content-Type", "application/x-protobuf")
		resp, err := client.Do(post)
		if err != nil {
			return err
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("status %s", resp.Status)
		}
		return nil
	}
}

// overGRPC sends all requests over one connection while it lasts.
func overGRPC(t *testing.T, addr string) send {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return func(ctx context.Context, req plogotlp.ExportRequest) error {
		conn.ResetConnectBackoff()
		_, err := plogotlp.NewGRPCClient(conn).Export(ctx, req)
		return err
	}
}

// take makes a store in which takenID is taken.
func take(t *testing.T, dsn string) {
	t.Helper()
	s, err := backend.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	taken := activitylog.Event{ID: takenID, Time: time.Unix(1790000000, 0), Code: "org:created"}
	if _, err := s.Append(t.Context(), []activitylog.Event{taken}); err != nil {
		t.Fatal(err)
	}
}

// finish lets the batches of this moment end and checks that the store has each
// event that was acknowledged, once, and no other one, and in quarantine each
// event that conflicts. It returns how many batches had to be repeated.
func (c *crowd) finish(t *testing.T, dsn string) (repeated int) {
	t.Helper()
	close(c.stop)
	c.sending.Wait()
	stored, quarantined := contents(t, dsn)
	events, forged, lost, doubled := 0, 0, 0, 0
	for _, s := range c.senders {
		events += len(s.ledger)
		forged += len(s.forged)
		repeated += int(s.repeated.Load())
		for _, id := range s.ledger {
			switch n := stored[id]; {
			case n == 0:
				lost++
			case n > 1:
				doubled++
			}
		}
		for _, id := range s.forged {
			if quarantined[id] != 1 {
				t.Errorf("the conflict %s is %d times in quarantine", id, quarantined[id])
			}
		}
	}
	if lost > 0 || doubled > 0 {
		t.Errorf("of %d acknowledged events %d are lost and %d are there more than once", events, lost, doubled)
	}
	if len(stored) != events+1 || stored[takenID] != 1 {
		t.Errorf("the store has %d events, %d were sent and one was there", len(stored), events)
	}
	if len(quarantined) != forged {
		t.Errorf("%d events are in quarantine, %d conflict", len(quarantined), forged)
	}
	t.Logf("%d events, %d conflicts, %d batches repeated", events, forged, repeated)
	return repeated
}

// finishRepeated is finish for a fault that some batch must have met.
func (c *crowd) finishRepeated(t *testing.T, dsn string) {
	t.Helper()
	if c.finish(t, dsn) == 0 {
		t.Error("no batch had to be repeated: the fault met nobody")
	}
}

// contents returns how often each id is in a store, and each request id in its
// quarantine.
func contents(t *testing.T, dsn string) (stored, quarantined map[string]int) {
	t.Helper()
	s, err := backend.OpenReader(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stored, quarantined = make(map[string]int), make(map[string]int)
	for q := (store.Query{Limit: store.MaxLimit}); ; {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			stored[e.ID]++
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	for record, err := range (quarantineStore{s.(operable)}).records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		quarantined[record.Event.Source.RequestID]++
	}
	return stored, quarantined
}
