package main

import (
	"testing"
	"time"
)

// TestFanOut sends to a Collector with fan-out.yaml whose other backend, a
// Collector of its own, is not there, comes, vanishes and comes back. No sender
// notices: each event is in our store, and later in the other one.
func TestFanOut(t *testing.T) {
	ours, other := newAddresses(t), newAddresses(t)
	take(t, ours.dsn)
	take(t, other.dsn)
	ours.config, ours.other = "fan-out", other.http
	col := startProgram(t, ours, "--set", "exporters.otlphttp/other.retry_on_failure.max_interval=1s")
	defer col.end(t)

	// A backend that is down may not even slow a sender down for its time-out.
	senders := sendAll(5*time.Second, overHTTP(ours.http), overGRPC(t, ours.grpc))
	senders.progress(t, 10)
	backend := startProgram(t, other)
	senders.progress(t, 10)
	backend.kill()
	senders.progress(t, 10)
	backend = startProgram(t, other)
	senders.progress(t, 10)
	if repeated := senders.finish(t, ours.dsn); repeated > 0 {
		t.Errorf("%d batches had to be repeated because of a backend that is not ours", repeated)
	}

	missing := 0
	for range 600 {
		stored, _ := contents(t, other.dsn)
		missing = 0
		for _, id := range senders.ledger() {
			if stored[id] != 1 {
				missing++
			}
		}
		if missing == 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if missing > 0 {
		t.Errorf("the other backend lacks %d of %d events", missing, len(senders.ledger()))
	}
	backend.end(t)
}

// TestFanOutOverflow fills the queue of a backend that is down: what does not
// fit is lost to that backend, and nobody else notices.
func TestFanOutOverflow(t *testing.T) {
	ours := newAddresses(t)
	take(t, ours.dsn)
	ours.config, ours.other = "fan-out", freeAddress(t)
	col := startProgram(t, ours, "--set", "exporters.otlphttp/other.sending_queue.queue_size=20000")
	senders := sendAll(5*time.Second, overHTTP(ours.http), overGRPC(t, ours.grpc))
	senders.progress(t, 60)
	if repeated := senders.finish(t, ours.dsn); repeated > 0 {
		t.Errorf("%d batches had to be repeated because of a queue that is not ours", repeated)
	}
	col.end(t)
}
