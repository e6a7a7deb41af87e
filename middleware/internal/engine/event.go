package engine

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"

	"go.opentelemetry.io/otel"

	"github.com/activitylog-go/activitylog"
)

// fill fills in what the mapping does not tell of the event.
func (e *Engine) fill(event *activitylog.Event, set activitylog.Fields, origin *Origin, end *End) {
	event.Actor = set.Actor
	if e.Actor != nil && set.Actor == (activitylog.Actor{}) {
		event.Actor = call("WithActor", e.Actor, end.Request)
	}
	event.Tenant = set.Tenant
	if e.Tenant != nil && set.Tenant == "" {
		event.Tenant = call("WithTenant", e.Tenant, end.Request)
	}
	if len(set.Targets) > 0 {
		event.Targets = set.Targets
	}
	event.Changes = set.Changes
	event.Reason = set.Reason
	event.Attributes = set.Attributes

	event.HTTP.Method = origin.Method
	event.HTTP.Path = origin.shownPath(cmp.Or(end.Rule, end.Access))
	event.Source = origin.source()
	if e.RequestID != nil {
		event.Source.RequestID = call("WithRequestID", e.RequestID, end.Request)
	}
	if e.Session != nil {
		event.Source.SessionID = call("WithSession", e.Session, end.Request)
	}
	setOutcome(event, set.Outcome, end)
	settle(event)
}

func setOutcome(event *activitylog.Event, said activitylog.Outcome, end *End) {
	status := end.Status
	switch {
	case end.Outcome != "":
	case status == 0 && end.Panicked:
		status = http.StatusInternalServerError
	case status == 0:
		status = http.StatusOK
	}
	event.HTTP.Status = status
	event.Outcome = cmp.Or(said, end.Outcome, activitylog.OutcomeOf(status))
	switch {
	case end.Panicked:
		event.Outcome = activitylog.Failure
		event.ErrorType = "panic"
	case event.Outcome == activitylog.Failure && status >= 400:
		event.ErrorType = strconv.Itoa(status)
	case event.Outcome != activitylog.Success:
		event.ErrorType = end.ErrorType
	}
}

// call asks an option's function; if it panics the event goes without its answer.
func call[T any](option string, f func(*http.Request) T, r *http.Request) (answer T) {
	defer func() {
		if cause := recover(); cause != nil {
			otel.Handle(fmt.Errorf("activitylog: function of %s: panic: %s", option, told(cause)))
		}
	}()
	return f(r)
}
