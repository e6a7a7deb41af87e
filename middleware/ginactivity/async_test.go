package ginactivity_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/ginactivity"
)

// TestAsync has gin use its contexts again while events wait.
func TestAsync(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	router := gin.New()
	router.Use(ginactivity.New(inferred(t), middleware.WithLoggerProvider(rec), middleware.WithAsync()))
	router.PATCH("/orgs/:org/members/:member", func(c *gin.Context) {
		activitylog.From(c).SetActor(activitylog.Actor{ID: "of " + c.Param("member")})
	})
	const clients, each = 4, 200
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			for i := range each {
				send(router, "PATCH", fmt.Sprintf("/orgs/acme/members/%d-%d", client, i))
			}
		})
	}
	wg.Wait()
	middleware.Flush(t.Context())
	seen := map[string]bool{}
	for _, e := range rec.Events() {
		id := e.Target().ID
		if e.Actor.ID != "of "+id || e.HTTP.Path != "/orgs/acme/members/"+id {
			t.Fatalf("event of %q is %+v", id, e)
		}
		seen[id] = true
	}
	if len(seen) != clients*each || len(rec.Events()) != len(seen) {
		t.Errorf("%d events of %d members, want %d", len(rec.Events()), len(seen), clients*each)
	}
}
