package activitylogexporter

import (
	"context"
	"errors"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
)

// A health tells the Collector, and so those who ask its health check, when
// the store stops or begins to take events.
type health struct {
	host component.Host

	mu   sync.Mutex // held while reporting, so that the last report is true
	down bool
}

// saw takes notice of how an attempt to store ended.
func (h *health) saw(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.down == (err != nil): // nothing new
	case errors.Is(err, context.Canceled): // a sender or the Collector went away
	case err != nil:
		h.down = true
		componentstatus.ReportStatus(h.host, componentstatus.NewRecoverableErrorEvent(err))
	default:
		h.down = false
		componentstatus.ReportStatus(h.host, componentstatus.NewEvent(componentstatus.StatusOK))
	}
}
