package activitylogexporter

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
)

// Type is the exporter's name in a Collector's configuration.
var Type = component.MustNewType("activitylog")

const scopeName = "github.com/activitylog-go/activitylog/exporter"

// NewFactory returns the factory of the exporter.
func NewFactory() exporter.Factory { return newFactory(openStore) }

func newFactory(open openFunc) exporter.Factory {
	createLogs := func(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Logs, error) {
		return createLogs(ctx, set, cfg.(*Config), open)
	}
	return exporter.NewFactory(Type, createDefaultConfig, exporter.WithLogs(createLogs, component.StabilityLevelBeta))
}

func createLogs(ctx context.Context, set exporter.Settings, cfg *Config, open openFunc) (exporter.Logs, error) {
	if !cfg.CreateSchema {
		open = openExisting
	}
	e, err := newLogsExporter(set, cfg, open)
	if err != nil {
		return nil, err
	}
	return exporterhelper.NewLogs(ctx, set, cfg, e.push,
		exporterhelper.WithStart(e.start),
		exporterhelper.WithShutdown(e.shutdown),
		exporterhelper.WithCapabilities(consumer.Capabilities{MutatesData: false}),
		exporterhelper.WithTimeout(cfg.Timeout),
		exporterhelper.WithQueue(cfg.Queue),
		exporterhelper.WithRetry(cfg.Retry),
	)
}
