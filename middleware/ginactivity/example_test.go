package ginactivity_test

import (
	"fmt"
	"net/http/httptest"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/ginactivity"
)

// The middleware stands before recovery and authentication, so that panics
// and refusals are events.
func Example() {
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider

	router := gin.New()
	router.Use(ginactivity.New(mapping.Default(), middleware.WithLoggerProvider(rec)))
	router.Use(gin.Recovery())
	router.Use(func(c *gin.Context) { // the application's authentication
		user := c.GetHeader("Authorization")
		activitylog.From(c).SetActor(activitylog.Actor{ID: user})
		if user != "ann" {
			c.AbortWithStatus(403)
		}
	})
	router.DELETE("/orgs/:org/api-keys/:key", func(c *gin.Context) { c.Status(204) })

	for _, user := range []string{"ann", "eve"} {
		r := httptest.NewRequest("DELETE", "/orgs/acme/api-keys/key_1", nil)
		r.Header.Set("Authorization", user)
		router.ServeHTTP(httptest.NewRecorder(), r)
	}
	for _, e := range rec.Events() {
		fmt.Println(e.Actor.ID, e.Code, e.Target().ID, e.Outcome, e.HTTP.Status)
	}
	// Output:
	// ann org.api_key:deleted key_1 success 204
	// eve org.api_key:deleted key_1 denied 403
}
