package middleware_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
)

func parse(t testing.TB, yaml string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("activitylog.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// inferred is a mapping that leaves everything to inference.
func inferred(t testing.TB) *mapping.Mapping {
	return parse(t, "version: 1\ntenant: {path: org}\n")
}

// serve starts a server on the loopback that says nothing about panics.
func serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func serveHTTP2(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// do sends a request and reads the answer, if there is one.
func do(t testing.TB, s *httptest.Server, method, path string, header ...string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	client := *s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// only returns the one event that was recorded. The handler may end a moment
// after the client has its answer.
func only(t testing.TB, rec *activitylogtest.Recorder) activitylog.Event {
	t.Helper()
	events := await(t, rec, 1)
	if len(events) != 1 {
		t.Fatalf("%d events, want 1: %+v", len(events), events)
	}
	return events[0]
}

func await(t testing.TB, rec *activitylogtest.Recorder, n int) []activitylog.Event {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); len(rec.Events()) < n && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	return rec.Events()
}

// allocsOf returns how often f allocates.
func allocsOf(f func()) float64 {
	least := testing.AllocsPerRun(100, f)
	for range 5 { // what else runs in the process may allocate too
		least = min(least, testing.AllocsPerRun(100, f))
	}
	return least
}

// counters is a meter provider and what it counted.
type counters struct {
	*metric.MeterProvider
	reader *metric.ManualReader
}

func newCounters() counters {
	reader := metric.NewManualReader()
	return counters{metric.NewMeterProvider(metric.WithReader(reader)), reader}
}

// read returns the counters by name; those of events with the outcome as well.
func (c counters) read(t testing.TB) map[string]int64 {
	t.Helper()
	var rm metricdata.ResourceMetrics
	if err := c.reader.Collect(context.Background(), &rm); err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, scope := range rm.ScopeMetrics {
		for _, m := range scope.Metrics {
			for _, point := range m.Data.(metricdata.Sum[int64]).DataPoints {
				name := m.Name
				if outcome, ok := point.Attributes.Value("outcome"); ok {
					delivery, _ := point.Attributes.Value("delivery")
					name += " " + outcome.AsString() + " " + delivery.AsString()
				}
				got[name] += point.Value
			}
		}
	}
	return got
}

// complaints collects what is reported to otel.Handle during the test.
type complaints struct {
	mu   sync.Mutex
	errs []string
}

func listen(t testing.TB) *complaints {
	c := new(complaints)
	before := otel.GetErrorHandler()
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.errs = append(c.errs, err.Error())
	}))
	t.Cleanup(func() { otel.SetErrorHandler(before) })
	return c
}

func (c *complaints) list() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.errs
}
