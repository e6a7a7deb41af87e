package ginactivity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
)

// A noteTB notes what a test would say.
type noteTB struct {
	testing.TB
	said []string
}

func (n *noteTB) Helper() {}

func (n *noteTB) Errorf(format string, args ...any) {
	n.said = append(n.said, fmt.Sprintf(format, args...))
}

// TestCheck holds a gin engine with groups against a mapping.
func TestCheck(t *testing.T) {
	engine := gin.New()
	handler := func(*gin.Context) {}
	org := engine.Group("/api/v1").Group("/orgs/:org")
	org.PATCH("/members/:member", handler)
	org.POST("/members/search", handler)
	org.POST("/files/*path", handler)
	const yaml = `version: 1
strip_prefixes: [/api/v1]
routes:
  POST /orgs/{org}/files/{path...}: {code: org.profile:updated}
`
	m, err := mapping.Parse("activity.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	note := &noteTB{TB: t}
	activitylogtest.Check(note, engine, m)
	if len(note.said) != 1 || !strings.Contains(note.said[0], "activity.yaml:3:1: POST /api/v1/orgs/{org}/members/search is taken for no event") {
		t.Errorf("got %q", note.said)
	}
	m, err = mapping.Parse("activity.yaml", []byte(yaml+"  POST /orgs/{org}/members/search: {ignore: a search changes nothing}\n"))
	if err != nil {
		t.Fatal(err)
	}
	activitylogtest.Check(t, engine, m)
}
