//go:build unix

package bench

import (
	"flag"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

var ratios = flag.Bool("ratios", false, "measure, and print what the middleware adds beside its peers")

// ways are how requests are sent, and the metric that tells what one takes.
var ways = []struct {
	name, metric string
	requests     int // of a round
	run          func(*testing.B, benchCase)
}{
	{"in bursts", "ns/request", burst, runBursts},
	{"without a pause", "", 1, run},
	{"in parallel", "", 1, runParallel},
}

// compared are the ratios that matter: what a case adds to a bare handler
// beside what another one adds.
var compared = []struct{ kind, name, beside string }{
	{"http", "event-async", "otelhttp"},
	{"http", "event", "otelhttp"},
	{"http", "event-sdk-default", "otelhttp"},
	{"http", "sdk-alone", "otelhttp"},
	{"http", "event-async", "auditevent"},
	{"http", "event", "auditevent"},
	{"http", "event-async", "slog"},
	{"http", "event", "slog"},
	{"gin", "event-async", "otelgin"},
	{"gin", "event", "otelgin"},
	{"gin", "event-sdk-default", "otelgin"},
}

// TestRatios prints ratios when it is asked to. Without that it only checks
// that every case serves.
func TestRatios(t *testing.T) {
	if !*ratios {
		for _, c := range cases {
			c.setup(t).ServeHTTP(discarder{http.Header{}}, request(c.method))
		}
		return
	}
	for _, way := range ways {
		wall, used, sent, allocs := map[string]float64{}, map[string]float64{}, map[string]float64{}, map[string]int64{}
		for range 7 { // the best of seven rounds: other load on the machine only adds
			for _, c := range cases {
				result := testing.Benchmark(func(b *testing.B) { way.run(b, c) })
				took := float64(result.T.Nanoseconds()) / float64(result.N)
				if way.metric != "" {
					took = result.Extra[way.metric]
				}
				least(wall, c.name, took)
				least(used, c.name, result.Extra["cpu-ns/op"]) // 0 in bursts, whose pauses it would count
				least(sent, c.name, result.Extra["exported/op"]/float64(way.requests))
				allocs[c.name] = result.AllocsPerOp() / int64(way.requests)
			}
		}
		for _, c := range cases {
			t.Logf("%s: %-28s %6.0f ns, %6.0f ns of CPU, %2d allocs, %.3f exported", way.name, c.name, wall[c.name], used[c.name], allocs[c.name], sent[c.name])
		}
		for _, r := range compared {
			ratio := func(ns map[string]float64) float64 {
				bare := ns[r.kind+"/bare"]
				return (ns[r.kind+"/"+r.name] - bare) / (ns[r.kind+"/"+r.beside] - bare)
			}
			text := fmt.Sprintf("%s: %-4s %s / %s: %.2f", way.name, r.kind, r.name, r.beside, ratio(wall))
			if used[r.kind+"/bare"] > 0 {
				text += fmt.Sprintf(", of CPU %.2f", ratio(used))
			}
			t.Log(text)
		}
		for _, name := range []string{"http/not-an-event", "http/not-an-event-10000-rules", "gin/not-an-event"} {
			kind, _, _ := strings.Cut(name, "/")
			bare := kind + "/bare"
			t.Logf("%s: %s: %+.0f ns, %+d allocs", way.name, name, wall[name]-wall[bare], allocs[name]-allocs[bare])
		}
	}
}

func least(m map[string]float64, name string, v float64) {
	if old, ok := m[name]; !ok || v < old {
		m[name] = v
	}
}
