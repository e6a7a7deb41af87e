package echoactivity_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/echoactivity"
)

// TestAsync has Echo use its contexts again while events wait.
func TestAsync(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	e := echo.New()
	e.Use(echoactivity.New(nil, middleware.WithLoggerProvider(rec), middleware.WithAsync()))
	e.PATCH("/orgs/:org/members/:member", func(c echo.Context) error { return c.NoContent(204) })
	const sent = 500
	for i := range sent {
		e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PATCH", fmt.Sprintf("/orgs/acme/members/%d", i), nil))
	}
	middleware.Flush(t.Context())
	events := rec.Events()
	if len(events) != sent {
		t.Fatalf("%d events, want %d", len(events), sent)
	}
	for i, event := range events {
		if event.Target().ID != fmt.Sprint(i) {
			t.Fatalf("event %d is %+v", i, event)
		}
	}
}
