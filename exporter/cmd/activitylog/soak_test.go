package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// memoryLimit bounds what a Collector takes at full load, for as long as that
// lasts.
const memoryLimit = 256 << 20

// TestSoak sends to the program, as it is built to be shipped and with a shipped
// configuration, for the time that SOAK says, while somebody reads. It fails if
// the program ever took more memory than memoryLimit, or if the store does not
// have what was acknowledged, and nothing else. It prints a line each minute.
//
// STORE is sqlite (the default), postgres or clickhouse; SENDERS is how many
// send at once, each a request of 512 events at a time: many by default, because
// that is what memory could depend on; RATE is how many events
// a second they send together, if not as many as they can.
func TestSoak(t *testing.T) {
	d := setting(t, "SOAK", 15*time.Second, time.ParseDuration)
	senders := setting(t, "SENDERS", 128, strconv.Atoi)
	rate := setting(t, "RATE", 0, strconv.Atoi)
	config := setting(t, "STORE", "sqlite", func(s string) (string, error) { return s, nil })

	a := addressesFor(t, config+".yaml")
	a.program = filepath.Join(t.TempDir(), "activitylog")
	if out, err := exec.Command("../../../scripts/build", a.program).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	gauges := freeAddress(t)
	col := startProgram(t, a, "--set=service.telemetry.metrics.level=basic",
		fmt.Sprintf("--set=service.telemetry.metrics.readers=[{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %s}}}}]", gauges[len("127.0.0.1:"):]))

	l := &load{until: time.Now().Add(d), lined: time.Now()}
	if rate > 0 {
		l.pause = time.Duration(senders*requestSize) * time.Second / time.Duration(rate)
	}
	for i := range senders {
		send := postHTTP(t, a.http)
		if i%2 == 1 {
			send = postGRPC(t, a.grpc)
		}
		l.running.Go(func() { l.send(t, send, uint64(i)) })
	}
	l.running.Go(func() { l.read(t, a) })
	ended := make(chan struct{})
	go func() { l.running.Wait(); close(ended) }()
	for every, done := min(time.Minute, d/3), false; !done; {
		select {
		case <-ended:
			done = true
		case <-time.After(every):
		}
		t.Log(l.line(t, col, gauges))
	}
	if peak := memory(t, col, "VmHWM"); peak >= memoryLimit {
		t.Errorf("the Collector took %d MiB at its peak, more than %d", peak>>20, memoryLimit>>20)
	}
	col.end(t)
	checkStored(t, a.dsn, int(l.acknowledged.Load()))
}

// setting returns what an environment variable says.
func setting[T any](tb testing.TB, name string, otherwise T, parse func(string) (T, error)) T {
	tb.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	value, err := parse(text)
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return value
}

// A load is senders and a reader that go on until a time.
type load struct {
	until   time.Time
	pause   time.Duration // from one request of a sender to its next one
	running sync.WaitGroup

	acknowledged, repeated, reads atomic.Int64

	mu        sync.Mutex
	latencies []time.Duration // since the last line
	lined     time.Time       // when that was
	before    int64           // what was acknowledged then
}

// send sends requests, each until it is acknowledged, so that what the store
// has in the end is what was.
func (l *load) send(t *testing.T, send post, seed uint64) {
	ctx := context.WithoutCancel(t.Context())
	c := company.New(seed, time.Now(), time.Microsecond)
	for next := time.Now(); time.Now().Before(l.until); next = next.Add(l.pause) {
		time.Sleep(time.Until(next))
		c.Now = time.Now()
		body, err := encodeRequest(c.Events(requestSize))
		if err != nil {
			t.Error(err)
			return
		}
		began := time.Now()
		for send(ctx, body) != nil {
			l.repeated.Add(1)
			if time.Now().After(l.until.Add(time.Minute)) {
				t.Error("a request is not acknowledged, a minute after the end")
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		l.acknowledged.Add(requestSize)
		l.mu.Lock()
		l.latencies = append(l.latencies, time.Since(began))
		l.mu.Unlock()
	}
}

// read does each second what somebody does who looks at the log: a list and a
// facet from the Collector's API, a histogram from the store.
func (l *load) read(t *testing.T, a addresses) {
	s, err := backend.OpenReader(t.Context(), a.dsn)
	if err != nil {
		t.Error(err)
		return
	}
	defer s.Close()
	for time.Now().Before(l.until) {
		for _, path := range []string{"/v1/events?q=", "/v1/events?q=" + url.QueryEscape("outcome:denied"), "/v1/facets?key=event&q="} {
			if _, err := fetchOK("http://" + a.viewer + path); err != nil {
				t.Error(err)
			}
		}
		now := time.Now()
		minutes := store.HistogramQuery{Filter: query.Query{Since: now.Add(-time.Minute), Until: now}, Width: time.Second}
		if _, err := s.Histogram(t.Context(), minutes); err != nil {
			t.Error(err)
		}
		l.reads.Add(1)
		time.Sleep(time.Second)
	}
}

func fetchOK(url string) (body []byte, err error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if body, err = io.ReadAll(resp.Body); err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s %s", url, resp.Status, body)
	}
	return body, err
}

// line says what happened since the last line.
func (l *load) line(t *testing.T, col *program, gauges string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, acknowledged := time.Now(), l.acknowledged.Load()
	rate := float64(acknowledged-l.before) / now.Sub(l.lined).Seconds()
	slices.Sort(l.latencies)
	var p99 time.Duration
	if n := len(l.latencies); n > 0 {
		p99 = l.latencies[n*99/100]
	}
	l.latencies, l.lined, l.before = nil, now, acknowledged
	return fmt.Sprintf("%s: %d events, %.0f/s, memory %d MiB, peak %d MiB, queue %s, p99 of a request %v, %d repeated, %d reads",
		now.Sub(col.started).Round(time.Second), acknowledged, rate, memory(t, col, "VmRSS")>>20, memory(t, col, "VmHWM")>>20,
		queued(gauges), p99.Round(time.Millisecond), l.repeated.Load(), l.reads.Load())
}

// memory returns a figure in bytes of what the system says of a process.
func memory(t *testing.T, col *program, name string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", col.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		t.Fatalf("no %s in %s", name, status)
	}
	kB, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kB << 10
}

var queueGauge = regexp.MustCompile(`(?m)^otelcol_exporter_queue_size\S* (\S+)`)

// queued returns how many events wait in the Collector's queue.
func queued(gauges string) string {
	page, err := fetchOK("http://" + gauges + "/metrics")
	if err != nil {
		return err.Error()
	}
	if found := queueGauge.FindSubmatch(page); found != nil {
		return string(found[1])
	}
	return "unknown"
}

// checkStored checks that a store has so many events.
func checkStored(t *testing.T, dsn string, want int) {
	t.Helper()
	s, err := backend.OpenReader(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Count(t.Context(), query.Query{}, want+1)
	if err != nil || got != want || want == 0 {
		t.Errorf("the store has %d events, %d were acknowledged: %v", got, want, err)
	}
}
