package mapping_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.opentelemetry.io/otel"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

// version is a mapping that gives the routes /a/{id} and /b/{id} this verb.
func version(verb string) string {
	return fmt.Sprintf("version: 1\nroutes:\n  PUT /a/{id}: {code: a:%s}\n  PUT /b/{id}: {code: b:%s}\n", verb, verb)
}

func verbOf(m *mapping.Mapping, route string) string {
	var e activitylog.Event
	m.Rule("PUT", route).Complete(&e, nil)
	return e.Code.Verb()
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// counted is a meter provider and what it counted.
type counted struct {
	*sdkmetric.MeterProvider
	reader *sdkmetric.ManualReader
}

func newCounted() counted {
	reader := sdkmetric.NewManualReader()
	return counted{sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)), reader}
}

func (c counted) reloads(t testing.TB, result string) (n int64) {
	t.Helper()
	var rm metricdata.ResourceMetrics
	if err := c.reader.Collect(t.Context(), &rm); err != nil {
		t.Fatal(err)
	}
	for _, scope := range rm.ScopeMetrics {
		for _, m := range scope.Metrics {
			for _, point := range m.Data.(metricdata.Sum[int64]).DataPoints {
				if got, _ := point.Attributes.Value("result"); m.Name == "activitylog.mapping.reloads" && got.AsString() == result {
					n += point.Value
				}
			}
		}
	}
	return n
}

// heard collects what is reported to otel.Handle during the test.
func heard(t testing.TB) func() []string {
	var mu sync.Mutex
	var errs []string
	before := otel.GetErrorHandler()
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		mu.Lock()
		defer mu.Unlock()
		errs = append(errs, err.Error())
	}))
	t.Cleanup(func() { otel.SetErrorHandler(before) })
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), errs...)
	}
}

// follow runs a reloader until the test ends.
func follow(t testing.TB, file string, opts ...mapping.ReloadOption) *mapping.Reloader {
	t.Helper()
	r, err := mapping.NewReloader(file, append([]mapping.ReloadOption{mapping.WithReloadInterval(2 * time.Millisecond)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returned %v, want that its context is cancelled", err)
		}
	})
	return r
}

func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: it has not come about", what)
		}
	}
}

// TestReloaderFollows changes files in the ways that editors, deployments and
// Kubernetes do.
func TestReloaderFollows(t *testing.T) {
	for _, tt := range []struct {
		name    string
		prepare func(t *testing.T, dir string) // makes activitylog.yaml, of verb "old"
		change  func(t *testing.T, dir string) // to verb "new"
	}{
		{"written in place", nil, func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "activitylog.yaml"), version("new"))
		}},
		{"renamed over it", nil, func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "activitylog.yaml~"), version("new"))
			if err := os.Rename(filepath.Join(dir, "activitylog.yaml~"), filepath.Join(dir, "activitylog.yaml")); err != nil {
				t.Fatal(err)
			}
		}},
		{"same length and time", nil, func(t *testing.T, dir string) {
			file := filepath.Join(dir, "activitylog.yaml")
			before, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			write(t, file, version("new"))
			if err := os.Chtimes(file, before.ModTime(), before.ModTime()); err != nil {
				t.Fatal(err)
			}
		}},
		{"links of a ConfigMap", func(t *testing.T, dir string) {
			for _, version := range []string{"1", "2"} {
				if err := os.Mkdir(filepath.Join(dir, version), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			write(t, filepath.Join(dir, "1", "activitylog.yaml"), version("old"))
			write(t, filepath.Join(dir, "2", "activitylog.yaml"), version("new"))
			link(t, "1", filepath.Join(dir, "..data"))
			link(t, filepath.Join("..data", "activitylog.yaml"), filepath.Join(dir, "activitylog.yaml"))
		}, func(t *testing.T, dir string) {
			link(t, "2", filepath.Join(dir, "..data_tmp"))
			if err := os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")); err != nil {
				t.Fatal(err)
			}
		}},
		{"included file", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "activitylog.yaml"), "version: 1\ninclude: [more.yaml]\n")
			write(t, filepath.Join(dir, "more.yaml"), version("old"))
		}, func(t *testing.T, dir string) { write(t, filepath.Join(dir, "more.yaml"), version("new")) }},
		{"removed and made again", nil, func(t *testing.T, dir string) {
			file := filepath.Join(dir, "activitylog.yaml")
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			time.Sleep(20 * time.Millisecond)
			write(t, file, version("new"))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			heard(t)
			dir := t.TempDir()
			file := filepath.Join(dir, "activitylog.yaml")
			if tt.prepare == nil {
				write(t, file, version("old"))
			} else {
				tt.prepare(t, dir)
			}
			r := follow(t, file)
			if got := verbOf(r.Mapping(), "/a/{id}"); got != "old" {
				t.Fatalf("the verb is %q at first", got)
			}
			tt.change(t, dir)
			await(t, "the new mapping", func() bool { return verbOf(r.Mapping(), "/a/{id}") == "new" })
		})
	}
}

func link(t testing.TB, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Fatal(err)
	}
}

// TestReloaderKeepsOld breaks the file, and puts it right.
func TestReloaderKeepsOld(t *testing.T) {
	errs := heard(t)
	meters := newCounted()
	dir := t.TempDir()
	file := filepath.Join(dir, "activitylog.yaml")
	write(t, file, version("old"))
	r := follow(t, file, mapping.WithReloadMeterProvider(meters))
	old := r.Mapping()

	write(t, file, "version: 1\nroutes:\n  PUT /a/{id}: {cod")
	await(t, "the report of the half file", func() bool { return len(errs()) > 0 })
	time.Sleep(50 * time.Millisecond) // more looks at the same content
	if got := errs(); len(got) != 1 || !strings.Contains(got[0], "activitylog.yaml:3:") || !strings.Contains(got[0], "stays in force") {
		t.Errorf("otel.Handle was told %q, want once that line 3 is broken and the old mapping stays", got)
	}
	if r.Mapping() != old || meters.reloads(t, "failure") != 1 || meters.reloads(t, "success") != 0 {
		t.Errorf("the mapping is another one: %v; %d failures and %d successes are counted", r.Mapping() != old, meters.reloads(t, "failure"), meters.reloads(t, "success"))
	}

	write(t, file, "version: 1\ninclude: [more.yaml]\n") // which is not there yet
	await(t, "the report of the missing file", func() bool { return len(errs()) > 1 })
	write(t, filepath.Join(dir, "more.yaml"), version("new"))
	await(t, "the new mapping", func() bool { return r.Mapping() != old && verbOf(r.Mapping(), "/a/{id}") == "new" })
	await(t, "its count", func() bool { return meters.reloads(t, "success") == 1 }) // which follows the swap
}

func TestReload(t *testing.T) {
	meters := newCounted()
	file := filepath.Join(t.TempDir(), "activitylog.yaml")
	if _, err := mapping.NewReloader(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a file, the error is %v", err)
	}
	write(t, file, "version: 2\n")
	if _, err := mapping.NewReloader(file); err == nil {
		t.Error("a file of another version loads")
	}
	write(t, file, version("old"))
	r, err := mapping.NewReloader(file, mapping.WithReloadMeterProvider(meters))
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, version("new"))
	if err := r.Reload(); err != nil || verbOf(r.Mapping(), "/a/{id}") != "new" {
		t.Errorf("Reload returned %v, and the verb is %q", err, verbOf(r.Mapping(), "/a/{id}"))
	}
	write(t, file, "")
	if err := r.Reload(); err == nil || verbOf(r.Mapping(), "/a/{id}") != "new" {
		t.Errorf("Reload of an empty file returned %v, and the verb is %q", err, verbOf(r.Mapping(), "/a/{id}"))
	}
	if meters.reloads(t, "success") != 1 || meters.reloads(t, "failure") != 1 {
		t.Errorf("%d successes and %d failures are counted, want 1 and 1", meters.reloads(t, "success"), meters.reloads(t, "failure"))
	}
}

// TestReloaderWaitsForWriters looks at a file that is being written: its first
// half may load, and would lack the routes of the second one.
func TestReloaderWaitsForWriters(t *testing.T) {
	file := filepath.Join(t.TempDir(), "activitylog.yaml")
	write(t, file, version("old"))
	r, err := mapping.NewReloader(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct {
		text string
		want bool
	}{
		{version("old"), false},
		{"version: 1\n", false}, // written in part
		{version("new"), false}, // to the end
		{version("new"), true},  // and nothing more
		{version("new"), true},  // until it is loaded
		{version("newer"), false},
		{version("old"), false}, // as it was loaded
		{version("newer"), false},
		{version("newer"), true},
	} {
		write(t, file, step.text)
		if got := r.Look(); got != step.want {
			t.Errorf("look %d: it is to be loaded: %v, want %v", i, got, step.want)
		}
	}
	if err := r.Reload(); err != nil || r.Look() || verbOf(r.Mapping(), "/a/{id}") != "newer" {
		t.Errorf("Reload returned %v, and the file is to be loaded again: %v", err, r.Look())
	}
}

func TestFiles(t *testing.T) {
	if got := mapping.Default().Files(); len(got) != 0 {
		t.Errorf("the default mapping was made of %q", got)
	}
	dir := t.TempDir()
	file, more := filepath.Join(dir, "activitylog.yaml"), filepath.Join(dir, "more.yaml")
	write(t, file, "version: 1\ninclude: [more.yaml]\n")
	write(t, more, version("new"))
	m, err := mapping.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Files(); !slices.Equal(got, []string{file, more}) {
		t.Errorf("the mapping was made of %q, want %q and %q", got, file, more)
	}
}

// TestFormerFiles checks that a file that is not included any more is not
// followed any more.
func TestFormerFiles(t *testing.T) {
	dir := t.TempDir()
	file, part := filepath.Join(dir, "activity.yaml"), filepath.Join(dir, "part.yaml")
	write(t, part, "version: 1\n")
	write(t, file, "version: 1\ninclude: part.yaml\n")
	r, err := mapping.NewReloader(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, part, "version: 1\nverbs: {go: gone}\n")
	if r.Look(); !r.Look() {
		t.Error("an included file has changed, and nothing is to be loaded")
	}
	write(t, file, "version: 1\n")
	if err := r.Reload(); err != nil {
		t.Fatal(err)
	}
	write(t, part, "nonsense")
	if r.Look(); r.Look() {
		t.Error("a file that is included no more is to be loaded")
	}
}

// TestReloadIsAtomic looks routes up while mappings come and go: all that one
// mapping says is of one version.
func TestReloadIsAtomic(t *testing.T) {
	file := filepath.Join(t.TempDir(), "activitylog.yaml")
	write(t, file, version("old"))
	r, err := mapping.NewReloader(file)
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				m := r.Mapping()
				if a, b := verbOf(m, "/a/{id}"), verbOf(m, "/b/{id}"); a != b {
					t.Errorf("one mapping says %s and %s", a, b)
					return
				}
			}
		})
	}
	for i := range 30 {
		write(t, file, version([]string{"new", "old"}[i%2]))
		if err := r.Reload(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
}

// TestRunLeavesNothing looks for what is left when Run has returned.
func TestRunLeavesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "activitylog.yaml")
	write(t, file, version("old"))
	r, err := mapping.NewReloader(file, mapping.WithReloadInterval(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	own := make(chan os.Signal, 1) // the runtime's own goroutine for signals stays
	signal.Notify(own, syscall.SIGHUP)
	defer signal.Stop(own)
	before := runtime.NumGoroutine()
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		if err := r.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Run returned %v", err)
		}
		cancel()
	}
	await(t, "as many goroutines as before", func() bool { return runtime.NumGoroutine() <= before })
	write(t, file, version("new"))
	time.Sleep(20 * time.Millisecond)
	if got := verbOf(r.Mapping(), "/a/{id}"); got != "old" {
		t.Errorf("the verb is %q: a reloader whose Run has returned goes on", got)
	}
}
