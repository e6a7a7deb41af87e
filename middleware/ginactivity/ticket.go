package ginactivity

import (
	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

// Describe tells what is known of the event while the handlers run. It may be
// called from any goroutine, so it changes nothing of r.
func (r *call) Describe(set activitylog.Fields) (activitylog.Event, bool) {
	if r.rule == nil {
		return activitylog.Event{}, false
	}
	end := engine.End{
		Request:  &r.request,
		Mapping:  r.mapping,
		Rule:     r.rule,
		Exchange: mapping.Exchange{Params: r.params, Query: r.origin.Query, Header: r.request.Header},
	}
	r.bodies.Peek(r.rule, &end.Exchange)
	return r.engine.Describe(set, &r.origin, &end)
}
