package viewerextension

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
)

// Type is the extension's name in a Collector's configuration.
var Type = component.MustNewType("activitylog_viewer")

// NewFactory returns the factory of the extension.
func NewFactory() extension.Factory { return newFactory(openReader) }

func newFactory(open openFunc) extension.Factory {
	create := func(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
		config := cfg.(*Config)
		return &viewerExtension{
			config:    config,
			telemetry: set.TelemetrySettings,
			handler:   &lateHandler{open: open, dsn: string(config.Store.DSN), logger: set.Logger},
		}, nil
	}
	return extension.NewFactory(Type, createDefaultConfig, create, component.StabilityLevelBeta)
}
