package engine

import (
	"fmt"
	"net/http"
	"strconv"

	"go.opentelemetry.io/otel"

	"github.com/activitylog-go/activitylog"
)

// Describe returns what is known of the event of a request while its handler
// runs, for [activitylog.Draft.Defer]; end is that of a request that is accepted
// now. It is false if the request is no event.
func (e *Engine) Describe(set activitylog.Fields, origin *Origin, end *End) (event activitylog.Event, ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			otel.Handle(fmt.Errorf("activitylog: ticket without what the mapping knows: panic: %s", told(cause)))
			ok = true // the empty ticket would lose the end of the work unseen
		}
	}()
	if end.Rule == nil {
		return event, false
	}
	end.Status = http.StatusAccepted
	e.fill(&event, set, origin, end)
	set.NoteDeferred(&event)
	if !end.Rule.Complete(&event, &end.Exchange) {
		event.Code = "" // by what is known now, no case holds
	}
	if end.Rule.Bulk() && len(set.Targets) == 0 {
		event.Targets = nil // each element has its own
	}
	return event, true
}

// isReplay reports whether the response says that it is one that was given
// before.
func (e *Engine) isReplay(set *activitylog.Fields, end *End) bool {
	if set.Replay || e.ReplayHeader == "" {
		return set.Replay
	}
	replayed, _ := strconv.ParseBool(end.Header.Get(e.ReplayHeader))
	return replayed
}
