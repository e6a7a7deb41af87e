//go:build !race

package bench

import (
	"net/http"
	"testing"
)

// TestAllocations bounds what an event with all of its attributes allocates,
// the SDK with its batch processor included. The race detector adds its own.
func TestAllocations(t *testing.T) {
	allocs := func(name string) float64 {
		for _, c := range cases {
			if c.name != name {
				continue
			}
			h, w, sent, r := c.setup(t), discarder{http.Header{}}, request(c.method), new(http.Request)
			least := 1000.0
			for range 10 { // what else runs in the process may allocate too
				least = min(least, testing.AllocsPerRun(40, func() { *r = *sent; h.ServeHTTP(w, r) }))
			}
			return least
		}
		t.Fatalf("there is no case %s", name)
		return 0
	}
	for _, tt := range []struct {
		name, bare string
		limit      float64
	}{
		{"http/not-an-event", "http/bare", 0},
		{"http/not-an-event-10000-rules", "http/bare", 0},
		{"gin/not-an-event", "gin/bare", 0},
		{"http/event", "http/bare", 10},
		{"http/event-10000-rules", "http/bare", 10},
	} {
		if n := allocs(tt.name) - allocs(tt.bare); n > tt.limit {
			t.Errorf("%s: %v allocations, want at most %v", tt.name, n, tt.limit)
		}
	}
}
