package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/httpprovider"
	"go.opentelemetry.io/collector/confmap/provider/httpsprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/otelcol"

	collectorconfig "github.com/activitylog-go/activitylog/collector-config"
	"github.com/activitylog-go/activitylog/exporter/authconverter"
)

// newCollectorCommand returns upstream's command, with its subcommands
// (validate, components, ...), beneath our name.
func newCollectorCommand() *cobra.Command {
	cmd := otelcol.NewCommand(collectorSettings())
	cmd.Use = "collector"
	cmd.Short = "Receive events with OTLP, keep them in a store and show them"
	cmd.Long = `Runs an OpenTelemetry Collector with the activitylog exporter and viewer.

Without --config it keeps events in the SQLite file activitylog.db in the
working directory, receives OTLP on 127.0.0.1:4318 (HTTP) and 127.0.0.1:4317
(gRPC) and shows the log on http://127.0.0.1:8090/.

A receiver or viewer that other machines can reach needs authentication; the
Collector does not start without it.`
	cmd.Args = refuseFiles
	cmd.PreRun = func(*cobra.Command, []string) { saveMemory() }
	cmd.Example = `  activitylog collector
  activitylog collector --config sqlite.yaml
  activitylog collector validate --config sqlite.yaml`
	return cmd
}

// refuseFiles returns an error for "collector sqlite.yaml", which would else run
// with another configuration than the one that was meant.
func refuseFiles(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("collector: %q is no command: a configuration is named with --config %s", args[0], args[0])
	}
	return nil
}

// saveMemory has garbage collected at half the size that is Go's own choice. With
// 128 senders the peak of memory was 228 MiB in place of 265, at 24,000 events a
// second in place of 26,000, in runs one after the other. Who sets GOGC knows better.
func saveMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
}

// collectorSettings returns the settings of our Collector: its components, and
// the configuration that it has if no other is named.
func collectorSettings() otelcol.CollectorSettings {
	return otelcol.CollectorSettings{
		BuildInfo: component.BuildInfo{
			Command:     "activitylog",
			Description: "OpenTelemetry Collector with the activitylog exporter and viewer",
			Version:     version(),
		},
		Factories: components,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{
			ResolverSettings: confmap.ResolverSettings{
				URIs: []string{"yaml:" + string(collectorconfig.SQLite)},
				ProviderFactories: []confmap.ProviderFactory{
					envprovider.NewFactory(),
					fileprovider.NewFactory(),
					httpprovider.NewFactory(),
					httpsprovider.NewFactory(),
					yamlprovider.NewFactory(),
				},
				ConverterFactories: []confmap.ConverterFactory{authconverter.NewFactory()},
				DefaultScheme:      "env",
			},
		},
	}
}
