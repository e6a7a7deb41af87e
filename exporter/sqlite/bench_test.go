//go:build unix

package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// BenchmarkAppend commits batches beside a bare loop that inserts the same
// rows, encoded beforehand, into the same table.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 100, 1000} {
		for name, run := range map[string]func(*testing.B, *sqlite.Store, *company.Company, int){"bare": appendBare, "store": appendStore} {
			b.Run(fmt.Sprintf("%s-%d", name, size), func(b *testing.B) {
				s := mustOpen(b, filepath.Join(b.TempDir(), "a.db"))
				defer s.Close()
				run(b, s, newCompany(), size)
				b.ReportMetric(float64(scanOne[int](b, s, sizeSQL))/float64(b.N*size), "B/event")
			})
		}
	}
}

func appendBare(b *testing.B, s *sqlite.Store, c *company.Company, size int) {
	var used time.Duration
	for b.Loop() {
		b.StopTimer()
		rows, err := s.Rows(b.Context(), c.Events(size))
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		began := cpu()
		if err := s.InsertBare(b.Context(), rows); err != nil {
			b.Fatal(err)
		}
		used += cpu() - began
	}
	report(b, size, used)
}

func appendStore(b *testing.B, s *sqlite.Store, c *company.Company, size int) {
	var used time.Duration
	for b.Loop() {
		b.StopTimer()
		events := c.Events(size)
		b.StartTimer()
		began := cpu()
		if _, err := s.Append(b.Context(), events); err != nil {
			b.Fatal(err)
		}
		used += cpu() - began
	}
	report(b, size, used)
}

// report shows the rate, and how much processor time an event took, which other
// load on the machine hardly changes.
func report(b *testing.B, size int, used time.Duration) {
	n := float64(b.N * size)
	b.ReportMetric(n/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(used.Nanoseconds())/n, "cpu-ns/event")
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

const sizeSQL = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"

func scanOne[T any](b *testing.B, s *sqlite.Store, query string) (value T) {
	b.Helper()
	if err := s.Writer().QueryRow(query).Scan(&value); err != nil {
		b.Fatal(err)
	}
	return value
}

// commit is how many events fill adds in one transaction.
const commit = 4_000

// fill opens a store with 100,000 events, or as many as ACTIVITYLOG_BENCH_EVENTS
// says, and returns it with the one in the middle. It logs how fast each tenth
// of them was added and how long it waited for them to be made.
func fill(b *testing.B, file string) (s *sqlite.Store, middle activitylog.Event) {
	b.Helper()
	n := 100_000
	if text := os.Getenv("ACTIVITYLOG_BENCH_EVENTS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	s = mustOpen(b, file)
	b.Cleanup(func() { s.Close() })
	has := scanOne[int](b, s, "SELECT count(*) FROM chunks") // none in a new file, or in one of less than 4,096
	for added, next := 0, ahead(n); has == 0 && added < n; {
		var adding, waiting time.Duration
		tenth := added
		for ; added < min(n, tenth+(n+9)/10); added += commit {
			began := time.Now()
			events := <-next
			waiting += time.Since(began)
			began = time.Now()
			if _, err := s.Append(b.Context(), events); err != nil {
				b.Fatal(err)
			}
			adding += time.Since(began)
		}
		b.Logf("%d events: %.0f events/s, waited %v, %d B/event", added,
			float64(added-tenth)/adding.Seconds(), waiting.Round(time.Millisecond), scanOne[int](b, s, sizeSQL)/added)
	}
	id := scanOne[uuid.UUID](b, s, "SELECT id FROM events WHERE pos = (SELECT max(pos) / 2 FROM events)")
	middle, err := s.Get(b.Context(), id.String())
	if err != nil {
		b.Fatal(err)
	}
	return s, middle
}

// ahead makes n events in the background, in commits.
func ahead(n int) <-chan []activitylog.Event {
	next := make(chan []activitylog.Event, 4)
	go func() {
		for c := newCompany(); n > 0; n -= commit {
			next <- c.Events(commit)
		}
	}()
	return next
}

// kept is the file that ACTIVITYLOG_BENCH_FILE names, which is filled once, or
// a new one.
func kept(b *testing.B) string {
	if file := os.Getenv("ACTIVITYLOG_BENCH_FILE"); file != "" {
		return file
	}
	return filepath.Join(b.TempDir(), "a.db")
}

// BenchmarkSteady commits batches to a full file, beside a bare loop.
func BenchmarkSteady(b *testing.B) {
	s, _ := fill(b, kept(b))
	c := newCompany()
	c.Rand = rand.New(rand.NewPCG(2, uint64(time.Now().UnixNano()))) // other ids than those in the file
	c.Now = time.Unix(0, scanOne[int64](b, s, "SELECT max(time) FROM events"))
	for _, size := range []int{1000, 8192} {
		b.Run(fmt.Sprintf("bare-%d", size), func(b *testing.B) { appendBare(b, s, c, size) })
		b.Run(fmt.Sprintf("store-%d", size), func(b *testing.B) { appendStore(b, s, c, size) })
	}
}

// BenchmarkList reads the first page of filters that find much, little and
// nothing.
func BenchmarkList(b *testing.B) {
	s, middle := fill(b, kept(b))
	for _, text := range []string{
		"", "tenant:org_0", "tenant:org_900", "tenant:org_900 outcome:denied", "tenant:org_0 event:org.resource_7:*",
		"actor:usr_0", "actor:usr_50000", "actor:usr_*77", "outcome:denied", "-outcome:success", "status:4xx", "status:5xx",
		"target:" + middle.Target().ID, "request:" + middle.Source.RequestID, "address:10.1.*",
		"tenant:org_0 actor:usr_90000", "session:none", "tenant:org_3 before:2026-01-01T00:00:30",
	} {
		filter, err := query.Parse(text, query.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			var page store.Page
			for b.Loop() {
				if page, err = s.List(b.Context(), store.Query{Filter: filter}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(page.Events)), "events")
		})
	}
}

// BenchmarkSummary adds up what filters find that select all, much and little.
func BenchmarkSummary(b *testing.B) {
	s, middle := fill(b, kept(b))
	span := query.Query{Since: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Until: middle.Time}
	for _, text := range []string{"", "tenant:org_0", "tenant:org_900", "outcome:denied", "actor:usr_0", "target:" + middle.Target().ID} {
		filter, err := query.Parse(text, query.Options{})
		if err != nil {
			b.Fatal(err)
		}
		for name, do := range map[string]func() error{
			"count": func() error { _, err := s.Count(b.Context(), filter, 10_000); return err },
			"facet": func() error {
				_, err := s.Facet(b.Context(), store.FacetQuery{Filter: filter, Key: query.Event})
				return err
			},
			"histogram": func() error {
				_, err := s.Histogram(b.Context(), store.HistogramQuery{Filter: query.And(filter, span), Width: span.Until.Sub(span.Since) / 60})
				return err
			},
		} {
			b.Run(name+"/"+text, func(b *testing.B) {
				for b.Loop() {
					if err := do(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkPrune removes the events of one tenant and then all others.
func BenchmarkPrune(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		s, _ := fill(b, filepath.Join(b.TempDir(), "a.db"))
		b.StartTimer()
		for _, text := range []string{"tenant:org_0", ""} {
			filter, err := query.Parse(text, query.Options{})
			if err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			n, err := s.Prune(b.Context(), store.Prune{Filter: filter, Before: time.Now()})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(n)/time.Since(began).Seconds(), "events/s/"+text)
		}
	}
}
