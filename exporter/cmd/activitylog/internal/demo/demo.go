package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"go.opentelemetry.io/collector/otelcol"

	"github.com/activitylog-go/activitylog/examples/payments/day"
	"github.com/activitylog-go/activitylog/exporter/backend"
)

// Run starts the demo, plays the day and, unless c.Once, stays up until ctx is
// done. It returns nil if every event that the API emitted is in the store.
// What it does is told on out.
func Run(ctx context.Context, set otelcol.CollectorSettings, c Config, out io.Writer) (err error) {
	cleanup, err := c.prepare()
	if err != nil {
		return err
	}
	defer cleanup()

	fmt.Fprintf(out, "→ starting the Collector: OTLP on http://%s, events to %s\n", c.OTLP, c.Store)
	col, err := startCollector(ctx, set, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, col.stop()) }()

	fmt.Fprintf(out, "→ starting the payments API on http://%s\n", c.API)
	api, err := startAPI(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, api.stop()) }()

	fmt.Fprintf(out, "→ playing a day of two organisations: %d requests\n", len(day.Story()))
	if err := day.Play(ctx, http.DefaultClient, "http://"+c.API, &api.clock); err != nil {
		return err
	}
	if err := api.flush(ctx); err != nil {
		return err
	}
	if err := committed(ctx, c.dsn(), api.tracker.all()); err != nil {
		return err
	}
	fmt.Fprintf(out, "→ %d events are committed\n", len(api.tracker.all()))
	if c.Once {
		return nil
	}

	printGuide(out, c)
	select {
	case <-ctx.Done():
	case err := <-col.done:
		col.done <- err
		return fmt.Errorf("collector: it stopped: %w", err)
	case err := <-api.done:
		return fmt.Errorf("api: it stopped: %w", err)
	}
	fmt.Fprintln(out, "\n→ stopping: the API first, then the Collector, so that nothing is lost")
	return nil
}

// committed returns an error unless the store has an event of each id.
func committed(ctx context.Context, dsn string, ids []string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	s, err := backend.OpenReader(ctx, dsn)
	if err != nil {
		return err
	}
	defer s.Close()
	for _, id := range ids {
		if _, err := s.Get(ctx, id); err != nil {
			return fmt.Errorf("event %s was emitted and is not in the store: %w", id, err)
		}
	}
	return nil
}
