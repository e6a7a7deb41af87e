package conformance_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/internal/wiretest"
)

// A row is one way to do something wrong.
type row struct {
	name    string // begins with the number of the gotcha
	rules   string // of the mapping, which takes the tenant from {org}
	routes  []string
	prefix  string
	handler http.HandlerFunc
	gin     func(*gin.Engine) gin.HandlerFunc // in place of handler; the row is for gin only
	request request

	options         []middleware.Option
	outside, inside []layer
	recovery        bool

	// want are the events, each as "code outcome status error_type" and in
	// order; but is what differs with a router or a protocol, because that
	// answers otherwise itself.
	want  string
	but   map[string]string
	check func(t *testing.T, e activitylog.Event) // what else holds of every event

	routers []string // for which the row is; all if empty

	// except is a header line that may differ in the answers.
	except string

	// unlike says why the answers cannot be compared: the client does not see
	// the same twice.
	unlike string
}

// rows are the gotchas, in order; the last are those of the table of abuses.
var rows = slices.Concat(panics, statuses, writers, disconnects, routesFound, identities, headers, bodies, actions, runnersUp, abuses)

const (
	route   = "PATCH /orgs/{org}/members/{member}"
	updated = "org.member:updated success 200"
	denied  = "org.member:updated denied "
)

var protocols = []struct {
	name  string
	serve func(testing.TB, http.Handler) *server
	send  func(request, testing.TB, *server) string
}{
	{"HTTP/1.1", serve, request.overHTTP1},
	{"HTTP/2", serveHTTP2, request.overHTTP2},
}

func TestConformance(t *testing.T) {
	for _, r := range rows {
		m := parse(t, r.rules)
		for _, router := range routers {
			if r.gin != nil && router.name != "gin" || r.routers != nil && !slices.Contains(r.routers, router.name) {
				continue
			}
			for _, p := range protocols {
				t.Run(r.name+"/"+router.name+"/"+p.name, func(t *testing.T) {
					t.Parallel()
					rec := new(activitylogtest.Recorder)
					bare, with := r.app(), r.app()
					with.mapping = m
					checked := wiretest.Checked(rec, func(problem string) { t.Error(problem) })
					with.options = append(with.options, middleware.WithLoggerProvider(checked))
					want, wantLog := exchange(t, p.serve(t, router.build(bare)), p.send, r.request)
					got, gotLog := exchange(t, p.serve(t, router.build(with)), p.send, r.request)
					if without(got, r.except) != without(want, r.except) && r.unlike == "" {
						t.Errorf("with the middleware the client gets\n%.1000q\nwithout\n%.1000q", got, want)
					}
					if !same(wantLog, gotLog) && r.unlike == "" {
						t.Errorf("with the middleware the server logs %q, without %q", gotLog, wantLog)
					}
					r.compare(t, rec.Events(), router.name, p.name, got)
				})
			}
		}
	}
}

// without removes a header line from an answer.
func without(answer, line string) string {
	if line == "" {
		return answer
	}
	return strings.ReplaceAll(answer, line, "")
}

// app returns the application without the activity middleware.
func (r row) app() app {
	routes := r.routes
	if routes == nil {
		routes = []string{route}
	}
	return app{
		routes: routes, prefix: r.prefix, handler: r.handler, gin: r.gin,
		outside: r.outside, inside: r.inside, recovery: r.recovery, options: slices.Clip(r.options),
	}
}

// compare compares events with those that the row wants, and their status with
// the one that the client got.
func (r row) compare(t *testing.T, events []activitylog.Event, router, protocol, answer string) {
	want := r.want
	for _, name := range []string{router, protocol, router + " " + protocol} {
		if other, ok := r.but[name]; ok {
			want = other
		}
	}
	var lines []string
	ids := map[string]bool{}
	for _, e := range events {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %d %s", e.Code, e.Outcome, e.HTTP.Status, e.ErrorType)))
		ids[e.ID] = true
		status := wiretest.FinalStatus(answer)
		if status != "" && status != fmt.Sprint(e.HTTP.Status) && status != "207" {
			t.Errorf("event has status %d, the client got\n%.200q", e.HTTP.Status, answer)
		}
		if strings.ContainsAny(e.HTTP.Route, ": ") || !strings.Contains(e.HTTP.Route, "{") {
			t.Errorf("the route is %q, which is no template", e.HTTP.Route)
		}
		if r.check != nil {
			r.check(t, e)
		}
	}
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("events are\n%s\nwant\n%s\nthe client got\n%.200q", got, want, answer)
	}
	if len(ids) != len(events) {
		t.Errorf("%d events have %d ids", len(events), len(ids))
	}
}

// same reports whether two servers log the same. That of HTTP/2 may do so a
// moment after its handler has ended.
func same(a, b *entries) bool {
	for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if a.String() == b.String() {
			return true
		}
	}
	return false
}

func parse(t testing.TB, rules string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("activitylog.yaml", []byte("version: 1\ntenant: {path: org}\n"+rules))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// await waits until a condition holds, which others bring about.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 10 seconds", what)
		}
	}
}
