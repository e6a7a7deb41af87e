package main

import (
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// killedAtRandom kills the Collector with SIGKILL, again and again, while two
// clients send: events that were acknowledged just before a kill, those that
// were stored without the client hearing of it, and those that never arrived
// must all be there once.
func killedAtRandom(t *testing.T, dsn string) {
	a := addressesOf(t, dsn)
	col := startProgram(t, a)
	senders := sendAll(10*time.Second, overHTTP(a.http), overGRPC(t, a.grpc))
	random := newRandom(t)
	for range rounds(t, 8) {
		senders.progress(t, 1)
		time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
		col.kill()
		col = startProgram(t, a)
	}
	senders.progress(t, 1)
	senders.finishRepeated(t, dsn)
	col.end(t)
}

// killedAtPoint kills the Collector at points of which each leaves something
// half done: when it has a request, when it answers, while it starts and while
// it ends.
func killedAtPoint(t *testing.T, dsn string) {
	a := addressesOf(t, dsn)
	var col *program
	var at atomic.Int32 // the direction in which the next bytes end the Collector
	const nowhere = -1
	at.Store(nowhere)
	reached := make(chan bool)
	door := newProxy(t, func(direction int, piece []byte) verdict {
		if !at.CompareAndSwap(int32(direction), nowhere) {
			return verdict{pass: len(piece)}
		}
		if direction == answering { // the store has committed, the client does not hear of it
			col.kill()
			reached <- true
			return verdict{cut: true}
		}
		go func() {
			time.Sleep(time.Millisecond)
			col.kill()
			reached <- true
		}()
		return verdict{pass: len(piece)}
	}, a.http)
	points := []func(){
		func() { at.Store(asking); <-reached; col = startProgram(t, a) },
		func() { at.Store(answering); <-reached; col = startProgram(t, a) },
		func() { // while it ends
			col.signal(t, syscall.SIGTERM)
			time.Sleep(2 * time.Millisecond)
			col.kill()
			col = startProgram(t, a)
		},
		func() { // while it starts
			col.kill()
			col = launch(t, a)
			time.Sleep(100 * time.Millisecond)
			col.kill()
			col = startProgram(t, a)
		},
	}
	col = startProgram(t, a)
	senders := sendAll(10*time.Second, overHTTP(door.addr)) // one, so that the next bytes are those of one request
	for round := range rounds(t, len(points)) {
		senders.progress(t, 2)
		points[round%len(points)]()
	}
	senders.progress(t, 1)
	senders.finishRepeated(t, dsn)
	col.end(t)
}

// TestKillInCommit kills the Collector at the moment at which SQLite writes.
func TestKillInCommit(t *testing.T) {
	a := newAddresses(t)
	take(t, a.dsn)
	col := startProgram(t, a)
	senders := sendAll(10*time.Second, overHTTP(a.http), overGRPC(t, a.grpc))
	log := strings.TrimPrefix(a.dsn, "sqlite:") + "-wal"
	for range rounds(t, 6) {
		senders.progress(t, 2)
		for before := changed(t, log); changed(t, log) == before; {
		}
		col.kill()
		col = startProgram(t, a)
	}
	senders.progress(t, 1)
	senders.finishRepeated(t, a.dsn)
	col.end(t)
}

// changed returns when a file was written to.
func changed(t *testing.T, file string) time.Time {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}
