package echoactivity_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/echoactivity"
)

// visited is an API of which a client may read. The header User is the
// credential, Status what the handler answers.
func visited(rec *activitylogtest.Recorder, opts ...middleware.Option) *echo.Echo {
	e := echo.New()
	e.Use(echoactivity.New(nil, append([]middleware.Option{
		middleware.WithLoggerProvider(rec), middleware.WithAccess("", 0),
		middleware.WithSession(func(r *http.Request) string { return r.Header.Get("Session") }),
	}, opts...)...))
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if d := activitylog.From(r.Context()); d != nil {
				c.Response().Header().Set("Recorded", "yes")
				d.SetActor(activitylog.Actor{ID: r.Header.Get("User")})
			}
			return next(c)
		}
	})
	answer := func(c echo.Context) error {
		switch status, _ := strconv.Atoi(c.Request().Header.Get("Status")); status {
		case 0:
			return c.NoContent(204)
		case 302:
			return c.Redirect(302, "/login")
		case 500:
			return errors.New("oh")
		default:
			return echo.NewHTTPError(status)
		}
	}
	e.GET("/orgs/:org/members", answer)
	e.HEAD("/orgs/:org/members", answer)
	e.OPTIONS("/orgs/:org/members", answer)
	e.PATCH("/orgs/:org/members/:member", answer)
	e.POST("/orgs/:org/members/search", answer)
	e.GET("/orgs/:org/files/*", answer)
	e.GET("/me", func(c echo.Context) error {
		activitylog.From(c.Request().Context()).SetTenant("acme")
		return nil
	})
	return e
}

// TestAccess reads and writes over connections in sessions that come for the
// first time and again.
func TestAccess(t *testing.T) {
	const list, change, search = "GET /orgs/acme/members", "PATCH /orgs/acme/members/bob", "POST /orgs/acme/members/search"
	const ann = "org:accessed acme ann"
	type request struct {
		line, user, session, status string
		recorded                    bool // it passes through the recorder: it may be news
	}
	tests := []struct {
		name     string
		opts     []middleware.Option
		requests []request
		want     string
	}{
		{"once", nil, []request{{list, "ann", "s1", "", true}, {list, "ann", "s1", "", false}, {search, "ann", "s1", "", false}}, ann},
		{"two sessions", nil, []request{{list, "ann", "s1", "", true}, {list, "ann", "s2", "", true}, {list, "ann", "s1", "", false}}, ann + "; " + ann},
		{"two tenants", nil, []request{{list, "ann", "s1", "", true}, {"GET /orgs/globex/members", "ann", "s1", "", true}}, ann + "; org:accessed globex ann"},
		{"without a session", nil, []request{{list, "ann", "", "", true}, {list, "ann", "", "", true}, {list, "bob", "", "", true}}, ann + "; org:accessed acme bob"},
		{"nobody", nil, []request{{list, "", "s1", "", true}}, ""},
		{"a change is an access", nil, []request{{change, "ann", "s1", "", true}, {list, "ann", "s1", "", false}}, ann + "; org.member:updated acme ann"},
		{"not let in", nil, []request{{list, "ann", "s1", "403", true}, {list, "ann", "s1", "302", true}, {list, "ann", "s1", "500", true}, {list, "ann", "s1", "", true}}, ann},
		{"HEAD", nil, []request{{"HEAD /orgs/acme/members", "ann", "s1", "", true}}, ann},
		{"OPTIONS", nil, []request{{"OPTIONS /orgs/acme/members", "ann", "s1", "", false}}, ""},
		{"no route", nil, []request{{"GET /orgs/acme/nothing", "ann", "s1", "", true}}, ""},
		{"rest of a path", nil, []request{{"GET /orgs/a%20b/files/x/y", "ann", "s1", "", true}}, "org:accessed a b ann"},
		{"the application says the tenant", nil, []request{{"GET /me", "ann", "s1", "", true}, {list, "ann", "s1", "", false}}, ann},
		{"a code", []middleware.Option{middleware.WithAccess("team:entered", 0)}, []request{{list, "ann", "s1", "", true}}, "team:entered acme ann"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			s := serve(t, visited(rec, tt.opts...))
			for i, v := range tt.requests {
				method, path, _ := strings.Cut(v.line, " ")
				if recorded := visit(t, s, method, path, "User", v.user, "Session", v.session, "Status", v.status); recorded != v.recorded {
					t.Errorf("request %d passes through the recorder: %v, want %v", i, recorded, v.recorded)
				}
			}
			var got []string
			for _, e := range rec.Events() {
				got = append(got, fmt.Sprintf("%s %s %s", e.Code, e.Tenant, e.Actor.ID))
			}
			if strings.Join(got, "; ") != tt.want {
				t.Errorf("events are\n%s, want\n%s", strings.Join(got, "; "), tt.want)
			}
		})
	}
}

// visit sends a request and reports whether it passed through the recorder.
func visit(t *testing.T, s *httptest.Server, method, path string, header ...string) bool {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := s.Client().Transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	return resp.Header.Get("Recorded") != ""
}

// TestAccessesAreBounded has more sessions than are remembered: the oldest is
// forgotten and told of again, the youngest is not.
func TestAccessesAreBounded(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	e := visited(rec)
	get := func(session int) {
		r := httptest.NewRequest("GET", "/orgs/acme/members", nil)
		r.Header.Set("User", "ann")
		r.Header.Set("Session", strconv.Itoa(session))
		e.ServeHTTP(httptest.NewRecorder(), r)
	}
	for i := range 10_001 {
		get(i)
	}
	get(10_000)
	if n := len(rec.Events()); n != 10_001 {
		t.Errorf("%d events, want 10001", n)
	}
	get(0)
	if n := len(rec.Events()); n != 10_002 {
		t.Errorf("%d events, want 10002", n)
	}
}

// TestAccessOff checks that reads have no draft where nobody asks for accesses.
func TestAccessOff(t *testing.T) {
	e := echo.New()
	e.Use(echoactivity.New(nil))
	e.GET("/orgs/:org", func(c echo.Context) error {
		if activitylog.From(c.Request().Context()) != nil {
			t.Error("the request passes through the recorder")
		}
		return nil
	})
	send(e, "GET", "/orgs/acme")
}
