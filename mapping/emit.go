package mapping

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/log"

	"github.com/activitylog-go/activitylog"
)

// Emit hands the event of work that is no HTTP request to logger, as
// [activitylog.Emit] does, with what the file says of its code: the sentence
// if Summary is empty, the severity, the present name of a code that was
// renamed, the dotted name for tools that refuse colons. Values of changes
// that the file classifies as secret are not kept.
func (m *Mapping) Emit(ctx context.Context, logger log.Logger, e activitylog.Event) {
	c := m.newCase(caseSpec{code: e.Code})
	e.Code = c.code
	e.Severity = max(e.Severity, c.severity)
	if e.EventName == "" {
		e.EventName = c.eventName
	}
	e.Changes = slices.Clone(e.Changes) // those of the caller stay as they are
	secrets := changes{classes: m.classes}
	secrets.apply(&e, &view{})
	if e.Summary == "" {
		e.Summary = m.catalogue.Sentence(&e)
	}
	activitylog.Emit(ctx, logger, e)
}

// Complete hands the event of the end of work that a request has deferred to
// logger, as [activitylog.Complete] does, with what the file says of its code,
// as Emit does. The code is that which the request had, by its present name.
func (m *Mapping) Complete(ctx context.Context, logger log.Logger, t activitylog.Ticket, end activitylog.Event) error {
	e, err := t.Event(end)
	if err != nil || t == "" {
		return err
	}
	m.Emit(ctx, logger, e)
	return nil
}
