package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
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

// The size of TestKill.
const (
	kills     = 15
	batchSize = 50
)

// TestKill kills a Collector with SIGKILL, again and again, while two clients
// send: one over HTTP, one over gRPC, each of which repeats a batch until it
// is acknowledged. In the end the store must have every event once: those that
// were acknowledged just before a kill, those that were stored without the
// client hearing of it, and those that never arrived at first.
func TestKill(t *testing.T) {
	a := newAddresses(t)
	random := rand.New(rand.NewPCG(1, 2))
	col := startProgram(t, a)
	senders := []*repeater{newRepeater(overHTTP(a)), newRepeater(overGRPC(t, a))}

	stop := make(chan struct{})
	var sending sync.WaitGroup
	for _, s := range senders {
		sending.Go(func() { s.run(stop) })
	}
	for range kills {
		before := acknowledged(senders)
		for acknowledged(senders) == before { // so that there is something to lose
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
		col.kill(t)
		col = startProgram(t, a)
	}
	close(stop)
	sending.Wait()
	col.end(t)

	stored := storedIDs(t, a.dsn)
	sent, repeated, lost, doubled := 0, 0, 0, 0
	for _, s := range senders {
		sent += len(s.ids)
		repeated += s.repeated
		for _, id := range s.ids {
			switch n := stored[id]; {
			case n == 0:
				lost++
			case n > 1:
				doubled++
			}
		}
	}
	if lost > 0 || doubled > 0 {
		t.Errorf("of %d acknowledged events %d are lost and %d are there more than once", sent, lost, doubled)
	}
	if len(stored) != sent {
		t.Errorf("the store has %d events, %d were sent", len(stored), sent)
	}
	if repeated == 0 {
		t.Error("no batch had to be repeated: the kills met nobody")
	}
	t.Logf("%d kills, %d events, %d batches repeated", kills, sent, repeated)
}

// A program is the activitylog program in a process of its own.
type program struct {
	cmd *exec.Cmd
	log bytes.Buffer
}

// startProgram starts a Collector with the shipped configuration and returns
// when it receives.
func startProgram(t *testing.T, a addresses) *program {
	t.Helper()
	p := &program{cmd: exec.Command(os.Args[0], "collector", "--config", "../../../collector-config/sqlite.yaml")}
	p.cmd.Env = append(os.Environ(), "ACTIVITYLOG_TEST_PROGRAM=1")
	for name, value := range a.environ() {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		p.cmd.Wait()
		if t.Failed() {
			t.Logf("%s", &p.log)
		}
	})
	waitFor(t, "http://"+a.health)
	return p
}

func (p *program) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.cmd.Wait()
}

// end stops the program as an operator does, and checks that it is content.
func (p *program) end(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the Collector ended with %v", err)
	}
}

// A repeater sends batches of events, each until it is acknowledged.
type repeater struct {
	send     func(context.Context, plogotlp.ExportRequest) error
	ids      []string // of the events of acknowledged batches
	repeated int      // batches that had to be sent again
	batches  atomic.Int64
}

func newRepeater(send func(context.Context, plogotlp.ExportRequest) error) *repeater {
	return &repeater{send: send}
}

func acknowledged(repeaters []*repeater) (batches int64) {
	for _, r := range repeaters {
		batches += r.batches.Load()
	}
	return batches
}

// run sends until stop is closed and the batch of that moment is acknowledged.
func (r *repeater) run(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		req, ids := newBatch()
		for try := 0; r.try(req) != nil; try++ {
			if try == 0 {
				r.repeated++
			}
			time.Sleep(10 * time.Millisecond)
		}
		r.ids = append(r.ids, ids...)
		r.batches.Add(1)
	}
}

func (r *repeater) try(req plogotlp.ExportRequest) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return r.send(ctx, req)
}

func newBatch() (plogotlp.ExportRequest, []string) {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	ids := make([]string, batchSize)
	for i := range ids {
		ids[i] = activitylog.NewID()
		r := records.AppendEmpty()
		r.SetTimestamp(1790000000000000000)
		r.SetEventName("org:created")
		r.Attributes().PutStr(activitylog.KeyID, ids[i])
	}
	return plogotlp.NewExportRequestFromLogs(logs), ids
}

func overHTTP(a addresses) func(context.Context, plogotlp.ExportRequest) error {
	return func(ctx context.Context, req plogotlp.ExportRequest) error {
		body, err := req.MarshalProto()
		if err != nil {
			return err
		}
		post, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+a.http+"/v1/logs", bytes.NewReader(body))
		if err != nil {
			return err
		}
		post.Header.Set("Content-Type", "application/x-protobuf")
		resp, err := http.DefaultClient.Do(post)
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

func overGRPC(t *testing.T, a addresses) func(context.Context, plogotlp.ExportRequest) error {
	conn, err := grpc.NewClient(a.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
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

// storedIDs returns how often each id is in a store, and checks that nothing
// was put aside.
func storedIDs(t *testing.T, dsn string) map[string]int {
	t.Helper()
	s, err := backend.OpenReader(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ids := make(map[string]int)
	for q := (store.Query{Limit: store.MaxLimit}); ; {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			ids[e.ID]++
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if reader, ok := s.(store.Quarantiner); ok {
		if quarantined, err := reader.Quarantined(t.Context(), "", 0); err != nil || len(quarantined) > 0 {
			t.Errorf("%d events are in quarantine: %v", len(quarantined), err)
		}
	}
	return ids
}
