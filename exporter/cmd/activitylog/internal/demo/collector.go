package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"go.opentelemetry.io/collector/otelcol"

	collectorconfig "github.com/activitylog-go/activitylog/collector-config"
)

// A collector is an OpenTelemetry Collector that runs in this process.
type collector struct {
	col  *otelcol.Collector
	done chan error // Run's result
}

// startCollector starts the Collector with the configuration that users get,
// changed in its addresses and its store only, and waits until it listens.
func startCollector(ctx context.Context, set otelcol.CollectorSettings, c Config) (*collector, error) {
	set.DisableGracefulShutdown = true // signals are the demo's, which stops the API first
	set.SkipSettingGRPCLogger = true
	set.ConfigProviderSettings.ResolverSettings.URIs = []string{
		"yaml:" + string(collectorconfig.SQLite),
		"yaml:" + overrides(c),
	}
	col, err := otelcol.NewCollector(set)
	if err != nil {
		return nil, fmt.Errorf("collector: %w", err)
	}
	c9r := &collector{col: col, done: make(chan error, 1)}
	// Not ctx: Ctrl-C must not stop the Collector before the API is drained.
	go func() { c9r.done <- col.Run(context.WithoutCancel(ctx)) }()
	if err := c9r.wait(ctx, "http://"+c.Viewer); err != nil {
		c9r.stop()
		return nil, fmt.Errorf("collector: %w", err)
	}
	return c9r, nil
}

// overrides is what of the shipped configuration is other in a demo.
func overrides(c Config) string {
	return fmt.Sprintf(`
receivers: {otlp: {protocols: {http: {endpoint: %q}, grpc: {enabled: false}}}}
exporters: {activitylog: {store: {dsn: %q}}}
extensions: {activitylog_viewer: {endpoint: %q, store: {dsn: %q}}}
service:
  extensions: [activitylog_admission, activitylog_viewer]
  telemetry: {logs: {level: error}, metrics: {level: none}}
`, c.OTLP, c.dsn(), c.Viewer, c.dsn())
}

// wait returns when the Collector runs and the viewer answers.
func (c *collector) wait(ctx context.Context, viewer string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		if c.col.GetState() == otelcol.StateRunning && answers(ctx, viewer) {
			return nil
		}
		select {
		case err := <-c.done:
			c.done <- err
			if err == nil {
				err = errors.New("it stopped while it started")
			}
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func answers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// stop ends the Collector and returns when all it held is committed.
func (c *collector) stop() error {
	c.col.Shutdown()
	return <-c.done
}
