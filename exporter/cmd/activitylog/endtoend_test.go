package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
	"github.com/activitylog-go/activitylog/exporter/internal/pgtest"
)

// A bare inserts again what a Collector has stored: the same rows in the same
// commits over the driver of the store, and nothing else.
type bare interface {
	// take reads what was stored since it was called before, or since the bare
	// was made, and returns what inserts that, commit by commit.
	take(b *testing.B) []func() error
}

// BenchmarkEndToEnd measures the way from OTLP requests to the commit of their
// events: a Collector in this process, with the shipped configuration of a store,
// and SENDERS that send it requests which were encoded beforehand and
// wait for each. Then a bare loop inserts the same rows, and so on, by turns.
//
// All stores hold ACTIVITYLOG_BENCH_EVENTS events before that.
func BenchmarkEndToEnd(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		dsn := "sqlite:" + b.TempDir() + "/activitylog.db"
		fill(b, dsn)
		file := strings.TrimPrefix(dsn, "sqlite:")
		endToEnd(b, "sqlite", dsn, 1, map[string]bare{"bare": newSQLiteBare(b, file), "conventional": newConventional(b, file)})
	})
	b.Run("postgres", func(b *testing.B) {
		server := pgtest.Start(b, "fsync=on", "shared_buffers=1GB", "max_wal_size=8GB")
		dsn := server.Database(b)
		fill(b, dsn)
		_, name, _ := strings.Cut(strings.TrimPrefix(dsn, "postgres://"), "/")
		endToEnd(b, "postgres", dsn, 4, map[string]bare{"bare": newPostgresBare(b, dsn, server.Copy(b, name))})
	})
	b.Run("clickhouse", func(b *testing.B) {
		server := chtest.Start(b)
		dsn, other := chtest.NewDatabase(b, server.DSN("")), chtest.NewDatabase(b, server.DSN(""))
		fill(b, dsn)
		endToEnd(b, "clickhouse", dsn, 2, map[string]bare{"bare": newClickHouseBare(b, dsn, other)})
	})
}

// fill makes a store with events.
func fill(b *testing.B, dsn string) {
	b.Helper()
	s, err := backend.Open(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const commit = 8192
	c := company.New(0, time.Now().Add(-time.Hour), time.Microsecond)
	for added := 0; added < setting(b, "ACTIVITYLOG_BENCH_EVENTS", 20_000, strconv.Atoi); added += commit {
		if _, err := s.Append(b.Context(), c.Events(commit)); err != nil {
			b.Fatal(err)
		}
	}
}

// endToEnd runs the rounds with each kind of receiver. A bare has as many
// connections as the configuration gives the exporter.
func endToEnd(b *testing.B, config, dsn string, connections int, bares map[string]bare) {
	a := addressesOf(b, dsn)
	startCollector(b, "../../../collector-config/"+config+".yaml", a)
	senders := setting(b, "SENDERS", 32, strconv.Atoi)
	for seed, door := range []struct {
		name string
		open func() post
	}{
		{"http", func() post { return postHTTP(b, a.http) }},
		{"grpc", func() post { return postGRPC(b, a.grpc) }},
	} {
		posts := make([]post, senders)
		for i := range posts {
			posts[i] = door.open()
		}
		c := company.New(uint64(seed+1), time.Now(), time.Microsecond) // fill has 0
		b.Run(door.name, func(b *testing.B) {
			pipeline, loops, commits := new(usage), map[string]*usage{}, 0
			for b.Loop() {
				jobs := requests(b, c, posts)
				pipeline.measure(b, senders, jobs)
				for name, bare := range bares {
					if loops[name] == nil {
						loops[name] = new(usage)
					}
					jobs := bare.take(b)
					commits += len(jobs)
					loops[name].measure(b, connections, jobs)
				}
			}
			events := float64(b.N * len(posts) * requestsEach * requestSize)
			pipeline.report(b, "", events)
			for name, loop := range loops {
				loop.report(b, name+"-", events)
				b.ReportMetric(loop.took.Seconds()/pipeline.took.Seconds(), "of-"+name)
			}
			b.ReportMetric(events*float64(len(loops))/float64(commits), "events/commit")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// requestsEach is the number of requests of a sender in a round.
const requestsEach = 4

// requests returns what sends the requests of one round.
func requests(b *testing.B, c *company.Company, posts []post) []func() error {
	var jobs []func() error
	c.Now = time.Now()
	for range requestsEach {
		for _, send := range posts {
			body, err := encodeRequest(c.Events(requestSize))
			if err != nil {
				b.Fatal(err)
			}
			jobs = append(jobs, func() error { return send(context.WithoutCancel(b.Context()), body) })
		}
	}
	return jobs
}

// A usage is what work took: time, and processor time of this process and of
// the servers that it has started.
type usage struct{ took, cpu time.Duration }

// measure does the jobs, so many at a time.
func (u *usage) measure(b *testing.B, atOnce int, jobs []func() error) {
	b.Helper()
	queue := make(chan func() error, len(jobs))
	for _, job := range jobs {
		queue <- job
	}
	close(queue)
	runtime.GC()
	began, used := time.Now(), processorTime(b)
	var working sync.WaitGroup
	for range atOnce {
		working.Go(func() {
			for job := range queue {
				if err := job(); err != nil {
					b.Error(err)
				}
			}
		})
	}
	working.Wait()
	u.took += time.Since(began)
	u.cpu += processorTime(b) - used
}

func (u *usage) report(b *testing.B, prefix string, events float64) {
	b.ReportMetric(events/u.took.Seconds(), prefix+"events/s")
	b.ReportMetric(float64(u.cpu.Nanoseconds())/events/1000, prefix+"cpu-µs/event")
}

// tick is the unit of the processor time in /proc.
const tick = 10 * time.Millisecond

// processorTime returns how much this process and those that it started, and
// so on, have used.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		b.Skip("processor time is read from /proc")
	}
	ticks, children := map[int]int{}, map[int][]int{}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		parent, _ := strconv.Atoi(fields[1])
		children[parent] = append(children[parent], pid)
		for _, field := range fields[11:15] { // in user and system mode, that of children that have ended as well
			n, _ := strconv.Atoi(field)
			ticks[pid] += n
		}
	}
	total := 0
	for family := []int{os.Getpid()}; len(family) > 0; family = family[1:] {
		total += ticks[family[0]]
		family = append(family, children[family[0]]...)
	}
	return time.Duration(total) * tick
}
