package main

import (
	"context"
	"iter"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// TestFaults does to Collectors, in processes of their own, what happens to
// them in the course of the years, while clients send to them. Each client
// repeats a batch until it is acknowledged. Whatever was done, in the end each
// event is in the store once, and each conflict in quarantine.
func TestFaults(t *testing.T) {
	faults := []struct {
		name string
		do   func(t *testing.T, dsn string)
	}{
		{"killed at random", killedAtRandom},
		{"killed at a point", killedAtPoint},
		{"frozen", frozen},
		{"connections cut", connectionsCut},
		{"same batch at two Collectors", sameBatchTwice},
		{"duplicates and reorder", replayed},
		{"rolling restart", rollingRestart},
	}
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) {
			newDSN := s.open(t)
			for _, fault := range faults {
				t.Run(fault.name, func(t *testing.T) {
					dsn := newDSN(t)
					take(t, dsn)
					fault.do(t, dsn)
				})
			}
		})
	}
}

// rounds returns the numbers from 0 to n-1, or more and more of them for the
// time that the variable CHAOS says.
func rounds(t *testing.T, n int) iter.Seq[int] {
	t.Helper()
	deadline := time.Time{}
	if text := os.Getenv("CHAOS"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatalf("CHAOS: %v", err)
		}
		deadline = time.Now().Add(d)
	}
	return func(yield func(int) bool) {
		for i := 0; i < n || time.Now().Before(deadline); i++ {
			if !yield(i) {
				return
			}
		}
	}
}

// newRandom returns what a test takes its moments from: the same each time, or
// with CHAOS another sequence, which it tells and CHAOS_SEED repeats.
func newRandom(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(1)
	if os.Getenv("CHAOS") != "" {
		seed = rand.Uint64()
	}
	if text := os.Getenv("CHAOS_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("CHAOS_SEED: %v", err)
		}
		seed = n
	}
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 2))
}

// frozen stops the Collector for longer than its senders wait. They send again
// what it may have and will store when it goes on.
func frozen(t *testing.T, dsn string) {
	a := addressesOf(t, dsn)
	col := startProgram(t, a)
	senders := sendAll(400*time.Millisecond, overHTTP(a.http), overGRPC(t, a.grpc))
	random := newRandom(t)
	for range rounds(t, 4) {
		senders.progress(t, 1)
		time.Sleep(time.Duration(random.IntN(50)) * time.Millisecond)
		col.signal(t, syscall.SIGSTOP)
		time.Sleep(600 * time.Millisecond)
		col.signal(t, syscall.SIGCONT)
	}
	senders.progress(t, 1)
	senders.finishRepeated(t, dsn)
	col.end(t)
}

// connectionsCut cuts connections within requests and within answers, or lets
// the bytes vanish that go in one direction while both ends wait.
func connectionsCut(t *testing.T, dsn string) {
	a := addressesOf(t, dsn)
	col := startProgram(t, a)
	random, mu := newRandom(t), sync.Mutex{}
	judge := func(_ int, piece []byte) verdict {
		mu.Lock()
		defer mu.Unlock()
		switch random.IntN(20) {
		case 0, 1:
			return verdict{pass: random.IntN(len(piece)), cut: true}
		case 2:
			return verdict{} // and wait
		default:
			return verdict{pass: len(piece)}
		}
	}
	http, grpc := newProxy(t, judge, a.http), newProxy(t, judge, a.grpc)
	senders := sendAll(300*time.Millisecond, overHTTP(http.addr), overHTTP(http.addr), overGRPC(t, grpc.addr))
	for range rounds(t, 6) {
		senders.progress(t, 2)
	}
	senders.finishRepeated(t, dsn)
	col.end(t)
}

// sameBatchTwice sends each batch to two Collectors at once, which write to one
// store, until both have acknowledged it.
func sameBatchTwice(t *testing.T, dsn string) {
	a, b := addressesOf(t, dsn), addressesOf(t, dsn)
	colA, colB := startProgram(t, a), startProgram(t, b)
	var hiccup atomic.Int64
	both := func(x, y send) send {
		return func(ctx context.Context, req plogotlp.ExportRequest) error {
			var errX, errY error
			var sending sync.WaitGroup
			sending.Go(func() { errX = x(ctx, req) })
			sending.Go(func() { errY = y(ctx, req) })
			sending.Wait()
			if hiccup.Add(1)%5 == 0 { // the client forgets that it heard of it
				return context.DeadlineExceeded
			}
			if errX != nil {
				return errX
			}
			return errY
		}
	}
	senders := sendAll(20*time.Second, both(overHTTP(a.http), overHTTP(b.http)), both(overGRPC(t, a.grpc), overHTTP(b.http)))
	for range rounds(t, 10) {
		senders.progress(t, 2)
	}
	senders.finishRepeated(t, dsn)
	colA.end(t)
	colB.end(t)
}

// replayed sends requests of the past again, in another order, beside the new ones.
func replayed(t *testing.T, dsn string) {
	a := addressesOf(t, dsn)
	col := startProgram(t, a)
	random, mu := newRandom(t), sync.Mutex{}
	var past []plogotlp.ExportRequest
	replaying := func(s send) send {
		return func(ctx context.Context, req plogotlp.ExportRequest) error {
			mu.Lock()
			past = append(past, req)
			all := []plogotlp.ExportRequest{req}
			for range random.IntN(4) {
				all = append(all, past[random.IntN(len(past))])
			}
			random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			mu.Unlock()
			var first error
			for i, again := range all {
				if err := s(ctx, again); err != nil && first == nil {
					first = err
				}
				if i == 2 && first == nil { // and hears of nothing
					first = context.DeadlineExceeded
				}
			}
			return first
		}
	}
	senders := sendAll(20*time.Second, replaying(overHTTP(a.http)), replaying(overGRPC(t, a.grpc)))
	for range rounds(t, 10) {
		senders.progress(t, 2)
	}
	senders.finishRepeated(t, dsn)
	col.end(t)
}

// rollingRestart restarts three Collectors behind a balancer, one after the
// other, as an upgrade does: each ends under load, of its own accord, and
// answers what it has before. Often no client has to repeat anything.
func rollingRestart(t *testing.T, dsn string) {
	all := []addresses{addressesOf(t, dsn), addressesOf(t, dsn), addressesOf(t, dsn)}
	cols := make([]*program, len(all))
	for i, a := range all {
		cols[i] = startProgram(t, a)
	}
	http := newProxy(t, nil, all[0].http, all[1].http, all[2].http)
	grpc := newProxy(t, nil, all[0].grpc, all[1].grpc, all[2].grpc)
	senders := sendAll(10*time.Second, overHTTP(http.addr), overHTTP(http.addr), overHTTP(http.addr), overGRPC(t, grpc.addr))
	for round := range rounds(t, len(cols)) {
		i := round % len(cols)
		senders.progress(t, 2)
		cols[i].end(t)
		senders.progress(t, 2) // the others take over
		cols[i] = startProgram(t, all[i])
	}
	senders.progress(t, 2)
	senders.finish(t, dsn)
	for _, col := range cols {
		col.end(t)
	}
}
