package ginactivity_test

import (
	"fmt"
	"io"
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

const members = `version: 1
tenant: {path: org}
routes:
  PATCH /orgs/{org}/members/{member}:
    cases:
      - {when: {request: {/status: inactive}}, code: org.member:deactivated}
      - {code: org.member:updated}
    target: {type: member, id: response./id}
`

// TestBodies looks at what events know of bodies.
func TestBodies(t *testing.T) {
	m, err := mapping.Parse("activitylog.yaml", []byte(members))
	if err != nil {
		t.Fatal(err)
	}
	bind := func(c *gin.Context) {
		var v map[string]any
		if err := c.BindJSON(&v); err == nil {
			c.JSON(200, gin.H{"id": "usr_bob", "was": v})
		}
	}
	const body = `{"status":"inactive"}`
	for _, tt := range []struct {
		name, media, body string
		handler           gin.HandlerFunc
		code              activitylog.Code
		id                string
		request, response string // why they are not read
	}{
		{"bound", "application/json", body, bind, "org.member:deactivated", "usr_bob", "", ""},
		{"written by hand", "", body, func(c *gin.Context) {
			io.Copy(io.Discard, c.Request.Body)
			c.Writer.WriteString(`{"id":"usr_bob"}`)
		}, "org.member:deactivated", "usr_bob", "", ""},
		{"after a hint", "", body, func(c *gin.Context) {
			io.Copy(io.Discard, c.Request.Body)
			c.Status(103)
			c.Writer.WriteHeaderNow()
			c.Header("Content-Type", "text/plain")
			c.Writer.WriteString(`{"id":"usr_bob"}`)
		}, "org.member:deactivated", "", "", "content type"},
		{"hint without sending it", "", body, func(c *gin.Context) {
			io.Copy(io.Discard, c.Request.Body)
			c.Status(103)
			c.Writer.WriteString(`{"id":"usr_bob"}`)
		}, "org.member:deactivated", "usr_bob", "", ""},
		{"refused", "application/json", body, func(c *gin.Context) { c.AbortWithStatusJSON(403, gin.H{"id": 7}) }, "org.member:updated", "7", "did not read it", ""},
		{"form", "application/x-www-form-urlencoded", "status=inactive", func(c *gin.Context) { c.String(200, c.PostForm("status")) }, "org.member:updated", "", "content type", "content type"},
		{"long", "application/json", body + strings.Repeat(" ", 100_000), func(c *gin.Context) {
			io.Copy(c.Writer, c.Request.Body)
		}, "org.member:updated", "", "longer than 64 KiB", "longer than 64 KiB"},
		{"flushed", "application/json", body, func(c *gin.Context) {
			io.Copy(io.Discard, c.Request.Body)
			c.Header("Content-Type", "application/json")
			c.Writer.Flush()
			c.Header("Content-Type", "text/plain")
			fmt.Fprint(c.Writer, `{"id":"usr_bob"}`)
		}, "org.member:deactivated", "usr_bob", "", ""},
		{"nothing", "", "", func(c *gin.Context) { c.Status(204) }, "org.member:updated", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			router := gin.New()
			router.Use(ginactivity.New(m, middleware.WithLoggerProvider(rec)))
			router.PATCH("/orgs/:org/members/:member", tt.handler)
			r := httptest.NewRequest("PATCH", "/orgs/acme/members/bob", strings.NewReader(tt.body))
			if tt.media != "" {
				r.Header.Set("Content-Type", tt.media)
			}
			router.ServeHTTP(httptest.NewRecorder(), r)
			e := await(t, rec)
			unread := map[string]string{}
			for _, kv := range e.Attributes {
				unread[string(kv.Key)] = kv.Value.AsString()
			}
			if e.Code != tt.code || e.Target().ID != tt.id {
				t.Errorf("event is %s of %q, want %s of %q", e.Code, e.Target().ID, tt.code, tt.id)
			}
			for body, want := range map[string]string{"unread.request": tt.request, "unread.response": tt.response} {
				if got := unread[body]; !strings.Contains(got, want) || (got == "") != (want == "") {
					t.Errorf("%s is %q, want %q", body, got, want)
				}
			}
		})
	}
}

func TestNoMapping(t *testing.T) {
	for _, m := range []mapping.Source{nil, (*mapping.Mapping)(nil), mapping.Default()} {
		rec := new(activitylogtest.Recorder)
		router := gin.New()
		router.Use(ginactivity.New(m, middleware.WithLoggerProvider(rec)))
		router.PATCH("/orgs/:org/members/:member", func(*gin.Context) {})
		send(router, "PATCH", "/orgs/acme/members/bob")
		if e := await(t, rec); e.Code != "org.member:updated" {
			t.Errorf("%v: event is %s", m, e.Code)
		}
	}
}
