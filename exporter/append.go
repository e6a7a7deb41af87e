package activitylogexporter

import (
	"context"
	"errors"
	"fmt"

	"github.com/activitylog-go/activitylog/store"
)

// append stores b. If the reason for a failure lies in one of the events, it
// halves b until that event is alone, so that all others are stored.
func (e *logsExporter) append(ctx context.Context, b batch) error {
	result, err := e.store.Append(ctx, b.events)
	switch {
	case err == nil:
		e.metrics.appended(ctx, result)
		return nil
	case !errors.Is(err, store.ErrEvent):
		return err // it may pass: the sender tries again
	case len(b.events) == 1:
		return e.quarantine(ctx, b.records[0], err)
	}
	half := len(b.events) / 2
	return errors.Join(
		e.append(ctx, batch{events: b.events[:half], records: b.records[:half]}),
		e.append(ctx, batch{events: b.events[half:], records: b.records[half:]}),
	)
}

// quarantine sets aside a record that cannot be stored as an event.
func (e *logsExporter) quarantine(ctx context.Context, r record, cause error) error {
	q, ok := e.store.(store.Quarantiner)
	if !ok {
		return cause
	}
	if err := q.Quarantine(ctx, r.redacted(), redacted(cause.Error())); err != nil {
		return fmt.Errorf("quarantine: %w (record: %v)", err, cause)
	}
	e.metrics.quarantined(ctx)
	return nil
}

// adoptTimes gives the events whose records have no time the time of their
// first delivery, if there was one: they would else differ from it.
func (e *logsExporter) adoptTimes(ctx context.Context, b *batch) error {
	for i := range b.records {
		if !b.records[i].undated {
			continue
		}
		stored, err := e.store.Get(ctx, b.events[i].ID)
		switch {
		case err == nil:
			b.events[i].Time = stored.Time
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
	}
	return nil
}
