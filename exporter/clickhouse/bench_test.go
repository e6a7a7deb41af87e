package clickhouse_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/clickhouse"
	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// benchEvents is how many events are there before anything is measured:
// 100,000, or as many as ACTIVITYLOG_BENCH_EVENTS says.
func benchEvents(b *testing.B) int {
	b.Helper()
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

// filled returns a store with benchEvents events, and one from the middle.
func filled(b *testing.B, c *company.Company) (*clickhouse.Store, activitylog.Event) {
	b.Helper()
	s := mustOpen(b, chtest.Database(b))
	b.Cleanup(func() { s.Close() })
	n, middle := benchEvents(b), activitylog.Event{}
	for added := 0; added < n; added += 20_000 {
		events := c.Events(20_000)
		if added <= n/2 {
			middle = events[0]
		}
		if _, err := s.Append(b.Context(), events); err != nil {
			b.Fatal(err)
		}
	}
	return s, middle
}

// BenchmarkAppend adds batches to a table that holds events, beside a bare
// insert of the same rows, encoded beforehand, into the same table.
func BenchmarkAppend(b *testing.B) {
	c := newCompany()
	s, _ := filled(b, c)
	for _, size := range []int{1000, 8192, 65536} {
		b.Run(fmt.Sprintf("bare-%d", size), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				rows, err := clickhouse.Prepare(c.Events(size))
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if err := s.InsertBare(b.Context(), rows); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "events/s")
		})
		b.Run(fmt.Sprintf("store-%d", size), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				events := c.Events(size)
				b.StartTimer()
				if _, err := s.Append(b.Context(), events); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "events/s")
		})
	}
	var bytes float64
	err := s.Conn().QueryRow(b.Context(), `SELECT sum(bytes_on_disk) / sum(rows) FROM system.parts
		WHERE active AND database = currentDatabase() AND table = 'events'`).Scan(&bytes)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%.0f bytes an event", bytes)
}

// BenchmarkRead answers what the viewer asks.
func BenchmarkRead(b *testing.B) {
	c := newCompany()
	s, middle := filled(b, c)
	last := c.Event()
	for _, text := range []string{
		"", "tenant:org_0", "tenant:org_900", "tenant:org_900 outcome:denied", "tenant:org_0 event:org.resource_7:*",
		"actor:usr_0", "actor:usr_50000", "actor:usr_*77", "outcome:denied", "-outcome:success", "status:5xx",
		"target:" + middle.Target().ID, "request:" + middle.Source.RequestID, "address:10.1.*", "changed:/role tenant:org_3",
		"tenant:org_0 actor:usr_90000", "session:none",
	} {
		filter := parse(b, text)
		b.Run("list/"+text, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.List(b.Context(), store.Query{Filter: filter}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("get", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Get(b.Context(), middle.ID); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, text := range []string{"", "tenant:org_0", "outcome:denied"} {
		filter := parse(b, text)
		b.Run("count/"+text, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Count(b.Context(), filter, 10_000); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("facet/"+text, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Facet(b.Context(), store.FacetQuery{Filter: filter, Key: query.Event}); err != nil {
					b.Fatal(err)
				}
			}
		})
		bounded := filter
		bounded.Since, bounded.Until = newCompany().Now, last.Time
		b.Run("histogram/"+text, func(b *testing.B) {
			for b.Loop() {
				q := store.HistogramQuery{Filter: bounded, Width: bounded.Until.Sub(bounded.Since)/60 + 1_000_000}
				if _, err := s.Histogram(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
