package postgres_test

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
	"github.com/activitylog-go/activitylog/exporter/internal/pgtest"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/store"
)

// benchLog returns the DSN of a log on a server as one is run, with fsync, that
// holds 100,000 events or as many as ACTIVITYLOG_BENCH_EVENTS says.
func benchLog(b *testing.B) (dsn string, s *postgres.Store, middle activitylog.Event) {
	if dsn := os.Getenv("ACTIVITYLOG_BENCH_POSTGRES"); dsn != "" {
		return dsn, mustOpen(b, dsn), middle
	}
	server := pgtest.Start(b, "fsync=on", "shared_buffers=2GB", "max_wal_size=8GB", "synchronous_commit=on")
	dsn = server.Database(b)
	s = mustOpen(b, dsn)
	b.Cleanup(func() { s.Close() })
	n := benchEvents(b)
	c := newCompany(time.Now().AddDate(0, -1, 0))
	for added := 0; added < n; added += 10_000 {
		events := c.Events(10_000)
		if added <= n/2 {
			middle = events[0]
		}
		mustAppend(b, s, events)
	}
	for range 3000 {
		if chunks, err := s.Chunks(b.Context()); err != nil || chunks >= n/4096 {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return dsn, s, middle
}

func benchEvents(b *testing.B) int {
	text := os.Getenv("ACTIVITYLOG_BENCH_EVENTS")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkAppend commits batches beside a bare COPY of the same rows, whose
// values are made beforehand, into the same table with the same indexes, over as
// many connections of the same driver.
func BenchmarkAppend(b *testing.B) {
	_, s, _ := benchLog(b)
	start := time.Now()
	var hours atomic.Int64
	for _, writers := range []int{1, 4} {
		for _, size := range []int{1, 100, 1000, 8192} {
			// Batches that nobody has appended yet, for one writer.
			source := func() *company.Company {
				return newCompany(start.Add(time.Duration(hours.Add(1)) * time.Minute))
			}
			b.Run(fmt.Sprintf("bare-%d-%d", writers, size), func(b *testing.B) {
				run(b, s, writers, size, source, func(events []activitylog.Event) func() error {
					partition, rows := postgres.PartitionOf(&events[0]), postgres.Rows(events)
					return func() error { return s.CopyBare(b.Context(), partition, rows) }
				})
			})
			b.Run(fmt.Sprintf("store-%d-%d", writers, size), func(b *testing.B) {
				run(b, s, writers, size, source, func(events []activitylog.Event) func() error {
					return func() error {
						_, err := s.Append(b.Context(), events)
						return err
					}
				})
			})
		}
	}
	bytes, events := s.Size(b.Context())
	b.Logf("%d bytes an event, indexes included, with %d events", bytes/max(1, events), events)
}

// run runs what prepare makes of batches by several writers. What prepare does
// is not measured.
func run(b *testing.B, s *postgres.Store, writers, size int, source func() *company.Company, prepare func([]activitylog.Event) func() error) {
	jobs := make([]func() error, b.N)
	c := source()
	for i := range jobs {
		jobs[i] = prepare(c.Events(size))
	}
	queue := make(chan func() error, len(jobs))
	for _, job := range jobs {
		queue <- job
	}
	close(queue)
	done := make(chan error, writers)
	if err := s.Index(b.Context()); err != nil { // what others have left to be indexed
		b.Fatal(err)
	}
	b.ResetTimer()
	for range writers {
		go func() {
			for job := range queue {
				if err := job(); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkList reads the first page of filters that find much, little and
// nothing.
func BenchmarkList(b *testing.B) {
	_, s, middle := benchLog(b)
	for _, text := range []string{
		"", "tenant:org_0", "tenant:org_900", "tenant:org_900 outcome:denied", "tenant:org_0 event:org.resource_7:*",
		"actor:usr_0", "actor:usr_50000", "outcome:denied", "-outcome:success", "status:4xx", "status:5xx",
		"target:" + middle.Target().ID, "request:" + middle.Source.RequestID, "changed:/role", "changed:/none",
		"tenant:org_0 actor:usr_90000", "session:none", "actor:usr_*77", "event:org.nothing*",
	} {
		filter := parse(b, text)
		b.Run("list "+text, func(b *testing.B) {
			var page store.Page
			var err error
			for b.Loop() {
				if page, err = s.List(b.Context(), store.Query{Filter: filter}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(page.Events)), "events")
		})
	}
	for _, text := range []string{"", "tenant:org_900", "outcome:denied"} {
		filter := parse(b, text)
		b.Run("count "+text, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Count(b.Context(), filter, 10_000); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("facet "+text, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Facet(b.Context(), store.FacetQuery{Filter: filter, Key: "event"}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("histogram "+text, func(b *testing.B) {
			q := store.HistogramQuery{Filter: filter, Width: time.Minute}
			q.Filter.Since, q.Filter.Until = middle.Time, middle.Time.Add(5*time.Minute)
			for b.Loop() {
				if _, err := s.Histogram(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
