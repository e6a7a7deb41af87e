//go:build unix

package bench

import (
	"context"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/middleware"
)

// BenchmarkRequest sends requests one after the other without a pause: what
// goes on beside them is a part of what they take, because nothing is idle.
func BenchmarkRequest(b *testing.B) { each(b, run) }

// BenchmarkBurst sends requests one after the other in bursts, and looks at the
// time of bursts only: how long a request takes on a server that has time left.
func BenchmarkBurst(b *testing.B) { each(b, runBursts) }

// BenchmarkParallel sends requests on all processors without a pause.
func BenchmarkParallel(b *testing.B) { each(b, runParallel) }

func each(b *testing.B, run func(*testing.B, benchCase)) {
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) { run(b, c) })
	}
}

func run(b *testing.B, c benchCase) {
	h := start(b, c)
	send := newSender(c)
	before := cpu()
	for b.Loop() {
		send(h)
	}
	b.ReportMetric(float64(cpu()-before)/float64(b.N), "cpu-ns/op")
}

// burst is how many requests there are in a burst: fewer than may wait.
const burst = 500

func runBursts(b *testing.B, c benchCase) {
	h := start(b, c)
	send := newSender(c)
	var took time.Duration
	sent := 0
	for b.Loop() {
		begin := time.Now()
		for range burst {
			send(h)
		}
		took += time.Since(begin)
		sent += burst
		middleware.Flush(context.Background())
		time.Sleep(time.Millisecond) // for the batch processors
	}
	b.ReportMetric(float64(took.Nanoseconds())/float64(sent), "ns/request")
}

func runParallel(b *testing.B, c benchCase) {
	h := start(b, c)
	before := cpu()
	b.RunParallel(func(pb *testing.PB) {
		send := newSender(c)
		for pb.Next() {
			send(h)
		}
	})
	b.ReportMetric(float64(cpu()-before)/float64(b.N), "cpu-ns/op")
}

func start(b *testing.B, c benchCase) http.Handler {
	exported.Store(0)
	b.Cleanup(func() { // after that of setup, which sends what is queued
		b.ReportMetric(float64(exported.Load())/float64(b.N), "exported/op")
	})
	h := c.setup(b)
	b.ReportAllocs()
	b.ResetTimer()
	return h
}

// newSender returns a function that sends a request of the case, for one goroutine.
func newSender(c benchCase) func(http.Handler) {
	sent, r, w := request(c.method), new(http.Request), discarder{http.Header{}}
	return func(h http.Handler) {
		*r = *sent // the mux leaves its pattern in it: a server's request has none
		h.ServeHTTP(w, r)
		clear(w.header)
	}
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
