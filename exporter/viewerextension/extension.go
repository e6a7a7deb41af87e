package viewerextension

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
)

// A viewerExtension serves a handler for as long as the Collector runs.
type viewerExtension struct {
	config    *Config
	telemetry component.TelemetrySettings
	handler   *lateHandler

	server  *http.Server // nil before Start
	serving sync.WaitGroup
}

// Start begins to listen. It does not wait for the store.
func (e *viewerExtension) Start(ctx context.Context, host component.Host) error {
	server, err := e.config.Server.ToServer(ctx, host.GetExtensions(), e.telemetry, e.handler)
	if err != nil {
		return err
	}
	listener, err := e.config.Server.ToListener(ctx)
	if err != nil {
		return fmt.Errorf("endpoint of the viewer: %w", err)
	}
	e.server = server
	e.serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	return nil
}

// grace is how long Shutdown waits for the requests that are under way.
const grace = 5 * time.Second

// Shutdown lets the requests that are under way end, cuts off those that do
// not in good time, and closes the store.
func (e *viewerExtension) Shutdown(ctx context.Context) error {
	if e.server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	if e.server.Shutdown(ctx) != nil {
		e.server.Close() // which ends the contexts of the requests
	}
	e.serving.Wait()
	return e.handler.close()
}
