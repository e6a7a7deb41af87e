package ginactivity_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog/mapping/routes"
)

func createMember(*gin.Context) {}

type server struct{}

func (*server) rename(*gin.Context) {}

// newAPI returns an engine with routes of each kind and what gin prints for them.
func newAPI(t *testing.T) (*gin.Engine, string) {
	t.Helper()
	var printed bytes.Buffer
	mode, out := gin.Mode(), gin.DefaultWriter
	gin.SetMode(gin.DebugMode)
	gin.DefaultWriter = &printed
	defer func() {
		gin.SetMode(mode)
		gin.DefaultWriter = out
	}()
	engine := gin.New()
	orgs := engine.Group("/orgs/:org")
	orgs.POST("/members", createMember)
	orgs.PATCH("/members/:member", new(server).rename)
	orgs.DELETE("/files/*path", func(*gin.Context) {})
	engine.Any("/hook", createMember)
	return engine, printed.String()
}

func TestRoutes(t *testing.T) {
	engine, printed := newAPI(t)
	list, err := routes.Of(engine)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range list {
		if r.Path != "/hook" {
			got = append(got, strings.TrimSpace(r.String()+" "+r.Operation))
		}
	}
	want := []string{
		"DELETE /orgs/:org/files/*path",
		"POST /orgs/:org/members ginactivity_test.createMember",
		"PATCH /orgs/:org/members/:member ginactivity_test.(*server).rename",
	}
	if !slices.Equal(got, want) || len(list) != len(want)+9 {
		t.Errorf("got %d routes, %q, want %q and 9 of /hook", len(list), got, want)
	}

	read, err := routes.Read("gin.log", strings.NewReader(printed))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range read {
		r.File, r.Line = "", 0
		same := func(o routes.Route) bool {
			return o.Method == r.Method && o.Path == r.Path && o.Operation == r.Operation
		}
		if !slices.ContainsFunc(list, same) {
			t.Errorf("gin prints %s %q, which is not in its list", r, r.Operation)
		}
	}
	if len(read) != len(list) {
		t.Errorf("gin prints %d routes, its list has %d\n%s", len(read), len(list), printed)
	}
}
