package bench

import (
	"flag"
	"net/http"
	"testing"
)

func BenchmarkRequest(b *testing.B) {
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) { run(b, c) })
	}
}

func run(b *testing.B, c benchCase) {
	h, r := c.setup(b), request(c.method)
	w := discarder{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
		clear(w.header)
	}
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
	ns, allocs := map[string]float64{}, map[string]int64{}
	for range 7 { // the best of seven rounds: other load on the machine only adds
		for _, c := range cases {
			result := testing.Benchmark(func(b *testing.B) { run(b, c) })
			n := float64(result.T.Nanoseconds()) / float64(result.N)
			if ns[c.name] == 0 || n < ns[c.name] {
				ns[c.name], allocs[c.name] = n, result.AllocsPerOp()
			}
		}
	}
	for _, c := range cases {
		t.Logf("%-26s %8.0f ns  %3d allocs", c.name, ns[c.name], allocs[c.name])
	}
	for _, r := range []struct{ name, of, beside, bare string }{
		{"net/http, event / otelhttp", "http/event", "http/otelhttp", "http/bare"},
		{"net/http, event, SDK's defaults / otelhttp", "http/event-sdk-default", "http/otelhttp", "http/bare"},
		{"net/http, event / slog line", "http/event", "http/slog", "http/bare"},
		{"net/http, event / auditevent line", "http/event", "http/auditevent", "http/bare"},
		{"gin, event / otelgin", "gin/event", "gin/otelgin", "gin/bare"},
		{"gin, event, SDK's defaults / otelgin", "gin/event-sdk-default", "gin/otelgin", "gin/bare"},
	} {
		t.Logf("%-44s %.2f", r.name, (ns[r.of]-ns[r.bare])/(ns[r.beside]-ns[r.bare]))
	}
	for _, kind := range []string{"http", "gin"} {
		t.Logf("%s, not an event: %+.0f ns, %+d allocs", kind, ns[kind+"/not-an-event"]-ns[kind+"/bare"], allocs[kind+"/not-an-event"]-allocs[kind+"/bare"])
	}
}
