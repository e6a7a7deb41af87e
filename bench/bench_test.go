//go:build unix

package bench

import (
	"flag"
	"net/http"
	"syscall"
	"testing"
	"time"
)

func BenchmarkRequest(b *testing.B) {
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) { run(b, c) })
	}
}

func run(b *testing.B, c benchCase) {
	exported.Store(0)
	b.Cleanup(func() { // after that of setup, which sends what is queued
		b.ReportMetric(float64(exported.Load())/float64(b.N), "exported/op")
	})
	h, sent := c.setup(b), request(c.method)
	w := discarder{http.Header{}}
	r := new(http.Request)
	b.ReportAllocs()
	before := cpu()
	for b.Loop() {
		*r = *sent // the mux leaves its pattern in it: a server's request has none
		h.ServeHTTP(w, r)
		clear(w.header)
	}
	b.ReportMetric(float64(cpu()-before)/float64(b.N), "cpu-ns/op")
}

// cpu returns the processor time that the process has used. It counts the
// garbage collector and the batch processors, which run beside the request,
// and other load on the machine hardly changes it.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var ratios = flag.Bool("ratios", false, "measure, and print what the middleware adds beside its peers")

// TestRatios prints ratios when it is asked to. Without that it only checks
// that every case serves.
func TestRatios(t *testing.T) {
	if !*ratios {
		for _, c := range cases {
			c.setup(t).ServeHTTP(discarder{http.Header{}}, request(c.method))
		}
		return
	}
	wall, used, sent, allocs := map[string]float64{}, map[string]float64{}, map[string]float64{}, map[string]int64{}
	for range 7 { // the best of seven rounds: other load on the machine only adds
		for _, c := range cases {
			result := testing.Benchmark(func(b *testing.B) { run(b, c) })
			least(wall, c.name, float64(result.T.Nanoseconds())/float64(result.N))
			least(used, c.name, result.Extra["cpu-ns/op"])
			least(sent, c.name, result.Extra["exported/op"])
			allocs[c.name] = result.AllocsPerOp()
		}
	}
	for _, c := range cases {
		t.Logf("%-26s %6.0f ns, %6.0f ns of CPU, %2d allocs, %.3f exported", c.name, wall[c.name], used[c.name], allocs[c.name], sent[c.name])
	}
	for _, r := range []struct{ name, of, beside, bare string }{
		{"net/http, event / otelhttp", "http/event", "http/otelhttp", "http/bare"},
		{"net/http, event, SDK's defaults / otelhttp", "http/event-sdk-default", "http/otelhttp", "http/bare"},
		{"net/http, the SDK alone / otelhttp", "http/sdk-alone", "http/otelhttp", "http/bare"},
		{"net/http, event / slog line", "http/event", "http/slog", "http/bare"},
		{"net/http, event / auditevent line", "http/event", "http/auditevent", "http/bare"},
		{"gin, event / otelgin", "gin/event", "gin/otelgin", "gin/bare"},
		{"gin, event, SDK's defaults / otelgin", "gin/event-sdk-default", "gin/otelgin", "gin/bare"},
	} {
		ratio := func(ns map[string]float64) float64 { return (ns[r.of] - ns[r.bare]) / (ns[r.beside] - ns[r.bare]) }
		t.Logf("%-44s %.2f, of CPU %.2f", r.name, ratio(wall), ratio(used))
	}
	for _, kind := range []string{"http", "gin"} {
		t.Logf("%s, not an event: %+.0f ns, %+d allocs", kind, wall[kind+"/not-an-event"]-wall[kind+"/bare"], allocs[kind+"/not-an-event"]-allocs[kind+"/bare"])
	}
}

func least(m map[string]float64, name string, v float64) {
	if old, ok := m[name]; !ok || v < old {
		m[name] = v
	}
}
