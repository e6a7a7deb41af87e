package activitylogexporter

import (
	"context"
	"errors"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
)

// A health tells the Collector, and so those who ask its health check, when
// the store stops or begins to take events.
type health struct {
	host component.Host
	down atomic.Bool
}

// saw takes notice of how an attempt to store ended.
func (h *health) saw(err error) {
	switch {
	case err == nil:
		if h.down.CompareAndSwap(true, false) {
			componentstatus.ReportStatus(h.host, componentstatus.NewEvent(componentstatus.StatusOK))
		}
	case errors.Is(err, context.Canceled): // a sender or the Collector went away
	case h.down.CompareAndSwap(false, true):
		componentstatus.ReportStatus(h.host, componentstatus.NewRecoverableErrorEvent(err))
	}
}
