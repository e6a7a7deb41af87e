package mapping

import (
	"net/http"

	activitylog "github.com/activitylog-go/activitylog"
)

// join notes in an event which operation it is a part of, if the rule says where
// to find that and the handler did not tell. What is only accepted has not
// ended, whatever it is called: what became of it, another event tells.
func (r *routeSpec) join(e *activitylog.Event, v *view) {
	if len(r.operation) == 0 {
		return
	}
	if e.HTTP.Status == http.StatusAccepted && e.Outcome == activitylog.Success {
		e.Outcome = activitylog.Unknown
	}
	if _, told := e.Attributes.Get(activitylog.AttrOperation); told {
		return
	}
	if id := first(r.operation, v); id != "" {
		e.JoinOperation(id)
	} else if !failed(e) { // of what failed there is none
		e.Attributes.Set("unread.operation", "there is no text or number in "+list(r.operation, orElse))
	}
}
