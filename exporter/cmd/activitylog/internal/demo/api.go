package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/activitylog-go/activitylog/examples/payments"
	"github.com/activitylog-go/activitylog/examples/payments/day"
	"github.com/activitylog-go/activitylog/middleware"
)

// grace is how long requests that run, and events on their way, may take when
// the demo ends.
const grace = 10 * time.Second

// An api is the example API with its SDK.
type api struct {
	server  *http.Server
	logs    *sdklog.LoggerProvider
	tracker *tracker
	clock   day.Clock
	done    chan error // the server's end, if it comes unasked
}

func startAPI(ctx context.Context, c Config) (*api, error) {
	// The endpoint is given in full: the OTEL_* variables of whoever tries
	// the demo must not send its events elsewhere.
	exporter, err := otlploghttp.New(ctx, otlploghttp.WithEndpointURL("http://"+c.OTLP+"/v1/logs"))
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	a := &api{tracker: &tracker{}, done: make(chan error, 1)}
	a.logs = sdklog.NewLoggerProvider(
		sdklog.WithResource(resource.NewSchemaless(attribute.String("service.name", "payments"))),
		sdklog.WithProcessor(a.tracker),
		sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter, sdklog.WithExportInterval(100*time.Millisecond))),
		sdklog.WithAllowKeyDuplication(),
	)
	handler, err := payments.New(payments.Config{LoggerProvider: a.logs, Clock: a.clock.Now})
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	listener, err := net.Listen("tcp", c.API)
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	a.server = &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := a.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			a.done <- err
		}
	}()
	return a, nil
}

// flush returns when the Collector has acknowledged every event so far.
func (a *api) flush(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	if err := a.logs.ForceFlush(ctx); err != nil {
		return fmt.Errorf("api: events: %w", err)
	}
	return nil
}

// stop lets the requests that run end, then sends the events that wait.
func (a *api) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	return errors.Join(a.server.Shutdown(ctx), middleware.Flush(ctx), a.logs.Shutdown(ctx))
}
