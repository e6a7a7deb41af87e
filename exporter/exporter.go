package activitylogexporter

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/activitylog-go/activitylog/store"
)

// An openFunc opens the store that a DSN locates, creating it if need be.
type openFunc func(ctx context.Context, dsn string) (store.Store, error)

// A logsExporter keeps the events among the log records that it is given.
type logsExporter struct {
	config  *Config
	open    openFunc
	metrics *metrics
	log     *zap.Logger
	health  health

	store    store.Store // nil before start
	retainer *retainer   // nil if events stay for ever
}

func newLogsExporter(set exporter.Settings, cfg *Config, open openFunc) (*logsExporter, error) {
	driver, err := cfg.Store.kind()
	if err != nil {
		return nil, fmt.Errorf("store: dsn: %w", err)
	}
	m, err := newMetrics(set.MeterProvider, set.ID, driver)
	if err != nil {
		return nil, err
	}
	return &logsExporter{config: cfg, open: open, metrics: m, log: set.Logger}, nil
}

func (e *logsExporter) start(ctx context.Context, host component.Host) error {
	s, err := e.open(ctx, string(e.config.Store.DSN))
	if err != nil {
		return err
	}
	e.store, e.health.host = s, host
	e.retainer, err = startRetainer(s, e.config.Retention, e.metrics, e.log)
	return err
}

func (e *logsExporter) shutdown(context.Context) error {
	if e.store == nil {
		return nil
	}
	e.retainer.end()
	return e.store.Close()
}

// push returns when the events of ld are durable. After an error some of them
// may be; the sender sends all again, and the store knows those by their id.
// The error is never a permanent one: the sender would drop what it sent.
func (e *logsExporter) push(ctx context.Context, ld plog.Logs) error {
	now := time.Now()
	b := decode(ld, e.config.Accept == AcceptAll, now)
	if len(b.events) > 0 {
		err := e.keep(ctx, b)
		e.metrics.took(ctx, time.Since(now), err)
		e.health.saw(err)
		if err != nil {
			return err
		}
	}
	e.metrics.decoded(ctx, &b, now)
	return nil
}

func (e *logsExporter) keep(ctx context.Context, b batch) error {
	if err := e.adoptTimes(ctx, &b); err != nil {
		return err
	}
	return e.append(ctx, b)
}
