package mapping

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// A Reloader is a [Source] that follows a mapping file and those that it
// includes. What does not load leaves the mapping in force as it is. Its
// methods may be called from several goroutines at once.
type Reloader struct {
	file    string
	config  reloadConfig
	reloads metric.Int64Counter
	current atomic.Pointer[Mapping]

	mu      sync.Mutex // one reload at a time; guards what follows
	read    contents   // by the last load, also if it was refused
	changed contents   // what differed from read when it was last looked at
}

// A ReloadOption configures [NewReloader].
type ReloadOption func(*reloadConfig)

type reloadConfig struct {
	interval time.Duration
	meters   metric.MeterProvider
}

// WithReloadInterval sets how often [Reloader.Run] looks at the files; with 0
// it waits for SIGHUP only. The default is 2 seconds.
func WithReloadInterval(d time.Duration) ReloadOption {
	return func(c *reloadConfig) { c.interval = d }
}

// WithReloadMeterProvider sets where the counter activitylog.mapping.reloads
// goes; its attribute result is success or failure. The default is
// [go.opentelemetry.io/otel.GetMeterProvider].
func WithReloadMeterProvider(p metric.MeterProvider) ReloadOption {
	return func(c *reloadConfig) { c.meters = p }
}

// NewReloader loads the mapping file of that name, as [Load] does and with its
// errors. The file is followed while [Reloader.Run] runs.
func NewReloader(file string, opts ...ReloadOption) (*Reloader, error) {
	r := &Reloader{file: file, config: reloadConfig{interval: 2 * time.Second}}
	for _, opt := range opts {
		opt(&r.config)
	}
	if err := r.load(); err != nil {
		return nil, err
	}
	if r.config.meters == nil {
		r.config.meters = otel.GetMeterProvider()
	}
	var err error
	r.reloads, err = r.config.meters.Meter(activitylog.ScopeName).Int64Counter("activitylog.mapping.reloads",
		metric.WithUnit("{reload}"), metric.WithDescription("Loads of a mapping file that was in force already, by result."))
	if err != nil {
		otel.Handle(err) // the counter works nevertheless
	}
	return r, nil
}

// Mapping returns the mapping in force. It costs one atomic load.
func (r *Reloader) Mapping() *Mapping { return r.current.Load() }

// Reload loads the file now, whether it has changed or not. If it does not
// load, the mapping in force stays.
func (r *Reloader) Reload() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.load()
	result := "success"
	if err != nil {
		result = "failure"
	}
	r.reloads.Add(context.Background(), 1, metric.WithAttributes(attribute.String("result", result)))
	return err
}

// Run reloads the file on SIGHUP, and when its content or that of a file it
// includes has changed and has stayed the same from one look to the next:
// then nobody is writing to it any more. What does not load is reported to
// otel.Handle and tried again when it has changed again.
//
// Run blocks until ctx is done and returns its error. Before and after,
// SIGHUP has the effect that it has without Run: by default, it ends the process.
func (r *Reloader) Run(ctx context.Context) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	var tick <-chan time.Time
	if r.config.interval > 0 {
		ticker := time.NewTicker(r.config.interval)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-hangup:
		case <-tick:
			if !r.hasChanged() {
				continue
			}
		}
		if err := r.Reload(); err != nil {
			otel.Handle(fmt.Errorf("activitylog: the mapping that was in force stays in force: %w", err))
		}
	}
}

// load loads the file and notes the contents that it was made of.
func (r *Reloader) load() error {
	r.read, r.changed = contents{}, nil
	m, err := load(r.file, r.read.open)
	if err == nil {
		r.current.Store(m)
	}
	return err
}

// hasChanged reports whether what a load would read has changed, and is the
// same as when it was last asked.
func (r *Reloader) hasChanged() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := contents{}
	for file := range r.read {
		now.open(file)
	}
	if maps.Equal(now, r.read) {
		r.changed = nil
		return false
	}
	settled := maps.Equal(now, r.changed)
	r.changed = now
	return settled
}

// contents are hashes of files, by name; a file that cannot be read has the
// zero hash. Times and sizes of files say less: two versions may share both.
type contents map[string][sha256.Size]byte

// open reads a file and notes its content.
func (c contents) open(name string) ([]byte, error) {
	data, err := document.ReadFile(name)
	if err == nil {
		c[name] = sha256.Sum256(data)
	} else {
		c[name] = [sha256.Size]byte{}
	}
	return data, err
}
