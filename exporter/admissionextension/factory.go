package admissionextension

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
)

// Type is the extension's name in a Collector's configuration.
var Type = component.MustNewType("activitylog_admission")

// Config is the "activitylog_admission" block of a Collector's extensions.
type Config struct {
	// InFlight bounds the bodies of all requests that are inside at once, in
	// MiB. Decoded and on their way to the store they take some four times
	// that. The default is 16.
	InFlight int `mapstructure:"in_flight_mib"`
}

// Validate reports whether anything could be let in.
func (c *Config) Validate() error {
	if c.InFlight < 1 {
		return fmt.Errorf("in_flight_mib: must be 1 or more, not %d", c.InFlight)
	}
	return nil
}

// NewFactory returns the factory of the extension.
func NewFactory() extension.Factory {
	return extension.NewFactory(Type,
		func() component.Config { return &Config{InFlight: 16} },
		func(_ context.Context, _ extension.Settings, cfg component.Config) (extension.Extension, error) {
			return newAdmission(int64(cfg.(*Config).InFlight) << 20), nil
		},
		component.StabilityLevelBeta)
}
