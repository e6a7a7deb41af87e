package activitylogexporter

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/activitylog-go/activitylog/store"
)

// An openFunc opens the store that a DSN locates, creating it if need be.
type openFunc func(ctx context.Context, dsn string) (store.Store, error)

// A logsExporter keeps the events among the log records that it is given.
type logsExporter struct {
	config  *Config
	open    openFunc
	metrics *metrics
	store   store.Store // nil before start
}

func newLogsExporter(set exporter.Settings, cfg *Config, open openFunc) (*logsExporter, error) {
	driver, _, _ := strings.Cut(string(cfg.Store.DSN), ":")
	m, err := newMetrics(set.MeterProvider, set.ID, driver)
	if err != nil {
		return nil, err
	}
	return &logsExporter{config: cfg, open: open, metrics: m}, nil
}

func (e *logsExporter) start(ctx context.Context, _ component.Host) error {
	s, err := e.open(ctx, string(e.config.Store.DSN))
	if err != nil {
		return err
	}
	e.store = s
	return nil
}

func (e *logsExporter) shutdown(context.Context) error {
	if e.store == nil {
		return nil
	}
	return e.store.Close()
}

// push returns when the events of ld are durable. After an error some of them
// may be; the sender sends all again, and the store knows those by their id.
// The error is never a permanent one: the sender would drop what it sent.
func (e *logsExporter) push(ctx context.Context, ld plog.Logs) error {
	b := decode(ld, e.config.Accept == AcceptAll, time.Now())
	if len(b.events) > 0 {
		if err := e.adoptTimes(ctx, &b); err != nil {
			return err
		}
		if err := e.append(ctx, b); err != nil {
			return err
		}
	}
	e.metrics.decoded(ctx, &b)
	return nil
}
