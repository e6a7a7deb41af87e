package ginactivity_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/ginactivity"
)

// TestAccess reads and writes in sessions that come for the first time and again.
func TestAccess(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	router := gin.New()
	drafts := 0
	router.Use(ginactivity.New(mapping.Default(), middleware.WithLoggerProvider(rec), middleware.WithAccess("", 0),
		middleware.WithSession(func(r *http.Request) string { return r.Header.Get("Session") })), func(c *gin.Context) {
		if d := activitylog.From(c); d != nil {
			drafts++
			d.SetActor(activitylog.Actor{ID: c.GetHeader("User")})
		}
	})
	answer := func(c *gin.Context) {
		if c.GetHeader("User") == "" {
			c.AbortWithStatus(401)
		}
	}
	router.GET("/orgs/:org/members", answer)
	router.PATCH("/orgs/:org/members/:member", answer)
	router.POST("/orgs/:org/members/search", answer)
	send := func(request, user, session string) {
		method, path, _ := strings.Cut(request, " ")
		r := httptest.NewRequest(method, path, nil)
		r.Header.Set("User", user)
		r.Header.Set("Session", session)
		router.ServeHTTP(httptest.NewRecorder(), r)
	}
	send("GET /orgs/acme/members", "", "s1")
	send("GET /nowhere", "ann", "s1")
	send("GET /orgs/acme/members", "ann", "s1")
	send("GET /orgs/acme/members", "ann", "s1")
	send("POST /orgs/acme/members/search", "ann", "s1")
	send("POST /orgs/globex/members/search", "ann", "s1")
	send("PATCH /orgs/acme/members/bob", "bob", "s2")
	var got []string
	for _, e := range rec.Events() {
		got = append(got, fmt.Sprintf("%s %s %s %s", e.Code, e.Tenant, e.Actor.ID, e.HTTP.Route))
	}
	want := []string{
		"org:accessed acme ann /orgs/{org}/members",
		"org:accessed globex ann /orgs/{org}/members/search",
		"org:accessed acme bob /orgs/{org}/members/{member}",
		"org.member:updated acme bob /orgs/{org}/members/{member}",
	}
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("events are\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if drafts != 4 { // of the seven requests, one has no route and two are known
		t.Errorf("%d requests pass through the recorder, want 4", drafts)
	}
}

// TestSecretsInThePath has a token in the path.
func TestSecretsInThePath(t *testing.T) {
	m, err := mapping.Parse("activity.yaml", []byte("version: 1\nclassify: {token: secret}\n"))
	if err != nil {
		t.Fatal(err)
	}
	rec := new(activitylogtest.Recorder)
	router := gin.New()
	router.Use(ginactivity.New(m, middleware.WithLoggerProvider(rec)))
	router.POST("/invitations/:token/accept", func(*gin.Context) {})
	router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/invitations/hunter2/accept?token=hunter2", nil))
	events := rec.Events()
	if len(events) != 1 {
		t.Fatalf("%d events, want 1", len(events))
	}
	text, _ := events[0].MarshalJSON()
	if events[0].HTTP.Path != "/invitations/{token}/accept" || strings.Contains(string(text), "hunter2") {
		t.Errorf("event is %s", text)
	}
}
