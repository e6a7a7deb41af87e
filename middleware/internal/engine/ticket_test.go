package engine_test

import (
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

type broken struct{}

func (broken) Param(int) string { panic("oh") }

// TestDescribeSurvives has a router that panics when it is asked for what the
// path names: the ticket must stand for the work all the same.
func TestDescribeSurvives(t *testing.T) {
	var reported []error
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { reported = append(reported, err) }))
	m := mapping.Default()
	e := engine.New(m, engine.Config{})
	r := httptest.NewRequest("DELETE", "/orgs/acme/members/bob", nil)
	origin := e.Origin(r)
	ann := activitylog.Actor{ID: "usr_ann"}
	event, ok := e.Describe(activitylog.Fields{Actor: ann}, &origin, &engine.End{
		Request:  r,
		Mapping:  m,
		Rule:     m.Rule("DELETE", "/orgs/{org}/members/{member}"),
		Exchange: mapping.Exchange{Params: broken{}},
	})
	if !ok || event.Actor != ann || len(reported) != 1 {
		t.Errorf("event %+v, %v; reported %v", event, ok, reported)
	}
}
