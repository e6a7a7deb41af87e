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
