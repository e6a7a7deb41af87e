package echoactivity_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	echomiddleware "github.com/labstack/echo/v4/middleware"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/echoactivity"
	"github.com/activitylog-go/activitylog/middleware/internal/wiretest"
)

func parse(t testing.TB, rules string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("activitylog.yaml", []byte("version: 1\n"+rules))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func await(t testing.TB, rec *activitylogtest.Recorder) activitylog.Event {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); len(rec.Events()) == 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	return activitylogtest.Expect(t, rec)
}

// A behaviour is something that a handler does with its response, and the
// status that the event of it must have.
type behaviour struct {
	name    string
	status  int
	handler echo.HandlerFunc
}

var behaviours = []behaviour{
	{"nothing", 200, func(echo.Context) error { return nil }},
	{"json", 201, func(c echo.Context) error { return c.JSON(201, map[string]int{"id": 1}) }},
	{"no content", 204, func(c echo.Context) error { return c.NoContent(204) }},
	{"error", 500, func(echo.Context) error { return errors.New("oh") }},
	{"http error", 403, func(echo.Context) error { return echo.NewHTTPError(403, "no") }},
	{"wrapped error", 500, func(echo.Context) error { return fmt.Errorf("find: %w", echo.ErrNotFound) }},
	{"not found", 404, func(echo.Context) error { return echo.ErrNotFound }},
	{"error after a write", 202, func(c echo.Context) error {
		c.String(202, "half")
		return echo.ErrForbidden
	}},
	{"error by hand", 418, func(c echo.Context) error {
		c.Error(echo.NewHTTPError(418))
		return nil
	}},
	{"two statuses", 409, func(c echo.Context) error {
		c.Response().WriteHeader(409)
		return c.String(200, "late")
	}},
	{"early hints", 403, func(c echo.Context) error {
		c.Response().Writer.WriteHeader(103)
		return c.String(403, "no")
	}},
	{"flush", 200, func(c echo.Context) error {
		c.Response().Flush()
		return echo.ErrForbidden
	}},
	{"flush by controller", 202, func(c echo.Context) error {
		c.Response().WriteHeader(202)
		return http.NewResponseController(c.Response()).Flush()
	}},
	{"stream", 200, func(c echo.Context) error { return c.Stream(200, "text/plain", strings.NewReader("a stream")) }},
	{"wrapped handler", 404, echo.WrapHandler(http.HandlerFunc(http.NotFound))},
	{"hijack", 101, func(c echo.Context) error {
		conn, buf, err := c.Response().Hijack()
		if err != nil {
			return err
		}
		defer conn.Close()
		buf.WriteString("HTTP/1.1 101 Switching Protocols\r\n\r\nraw")
		return buf.Flush()
	}},
	{"panic", 500, func(echo.Context) error { panic("oh") }},
	{"panic after a write", 201, func(c echo.Context) error {
		c.String(201, "half")
		panic("oh")
	}},
	{"abort", 500, func(echo.Context) error { panic(http.ErrAbortHandler) }},
	{"echo", 200, func(c echo.Context) error { return c.Stream(200, "application/json", c.Request().Body) }},
	{"bind", 201, func(c echo.Context) error {
		var v map[string]any
		err := c.Bind(&v)
		return c.JSON(201, map[string]any{"id": "7", "sent": v, "failed": err != nil})
	}},
	{"before and after hooks", 200, func(c echo.Context) error {
		c.Response().Before(func() { c.Response().Header().Set("X-Before", "1") })
		return c.String(200, "hooked")
	}},
}

func pathOf(b behaviour) string { return "/" + strings.ReplaceAll(b.name, " ", "-") }

// newEcho returns an Echo with the behaviours and a handler of errors that
// does not look at what was written, as those of careless applications.
func newEcho(careless bool, use ...echo.MiddlewareFunc) *echo.Echo {
	e := echo.New()
	e.Logger.SetOutput(io.Discard)
	if careless {
		e.HTTPErrorHandler = func(err error, c echo.Context) { c.String(499, "error: "+err.Error()) }
	}
	e.Use(use...)
	for _, b := range behaviours {
		e.PUT(pathOf(b)+"/:id", b.handler)
	}
	return e
}

func serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

var requests = []string{
	"Content-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"role\":\"admin\"}",
	"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"role\"\r\n9\r\n:\"admin\"}\r\n0\r\n\r\n",
	"Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 16\r\n\r\n{\"role\":\"admin\"}",
}

// TestWire sends the same requests to the same handlers with and without the
// middleware, with and without copies of bodies, and compares what comes over
// the connection byte by byte; the status in it is the event's.
func TestWire(t *testing.T) {
	var rules strings.Builder
	rules.WriteString("routes:\n")
	for _, b := range behaviours {
		rules.WriteString("  PUT " + pathOf(b) + "/{id}: {cases: [{when: {request: {/role: admin}}, code: thing:promoted}, {code: thing:updated}], target: {type: thing, id: [response./id, path.id]}}\n")
	}
	recovery := echomiddleware.RecoverWithConfig(echomiddleware.RecoverConfig{DisablePrintStack: true})
	for _, place := range []struct {
		name     string
		careless bool
		without  []echo.MiddlewareFunc
		with     func(activity echo.MiddlewareFunc) []echo.MiddlewareFunc
	}{
		{"alone", false, nil, func(a echo.MiddlewareFunc) []echo.MiddlewareFunc { return []echo.MiddlewareFunc{a} }},
		{"careless", true, nil, func(a echo.MiddlewareFunc) []echo.MiddlewareFunc { return []echo.MiddlewareFunc{a} }},
		{"outside of recovery", false, []echo.MiddlewareFunc{recovery}, func(a echo.MiddlewareFunc) []echo.MiddlewareFunc { return []echo.MiddlewareFunc{a, recovery} }},
		{"inside of recovery", false, []echo.MiddlewareFunc{recovery}, func(a echo.MiddlewareFunc) []echo.MiddlewareFunc { return []echo.MiddlewareFunc{recovery, a} }},
		{"with gzip", false, []echo.MiddlewareFunc{echomiddleware.Gzip()}, func(a echo.MiddlewareFunc) []echo.MiddlewareFunc {
			return []echo.MiddlewareFunc{a, echomiddleware.Gzip()}
		}},
		{"twice", true, nil, func(a echo.MiddlewareFunc) []echo.MiddlewareFunc { return []echo.MiddlewareFunc{a, a} }},
	} {
		without := serve(t, newEcho(place.careless, place.without...))
		for mode, m := range map[string]*mapping.Mapping{"inferred": parse(t, ""), "copying": parse(t, rules.String())} {
			rec := new(activitylogtest.Recorder)
			with := serve(t, newEcho(place.careless, place.with(echoactivity.New(m, middleware.WithLoggerProvider(rec)))...))
			for _, b := range behaviours {
				for i, request := range requests {
					t.Run(fmt.Sprintf("%s/%s/%s/%d", place.name, mode, b.name, i), func(t *testing.T) {
						want := wiretest.Put(t, without, pathOf(b)+"/1", "Accept-Encoding: gzip\r\n"+request)
						rec.Reset()
						got := wiretest.Put(t, with, pathOf(b)+"/1", "Accept-Encoding: gzip\r\n"+request)
						if got != want {
							t.Errorf("with the middleware the client gets\n%.1000q\nwithout\n%.1000q", got, want)
						}
						e := await(t, rec)
						if wire := wiretest.FinalStatus(got); wire != "" && wire != fmt.Sprint(e.HTTP.Status) {
							t.Errorf("event has status %d, the client got\n%.100q", e.HTTP.Status, got)
						}
						if !place.careless && e.HTTP.Status != b.status {
							t.Errorf("event has status %d, want %d", e.HTTP.Status, b.status)
						}
						if mode == "copying" && b.name == "bind" && !strings.Contains(got, "Content-Encoding") && (e.Code != "thing:promoted" || e.Target().ID != "7") {
							t.Errorf("event is %s of %q, want thing:promoted of 7", e.Code, e.Target().ID)
						}
					})
				}
			}
		}
	}
}

func send(h http.Handler, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader("{}")))
	return w
}

// TestRoutes looks at what events say of routes.
func TestRoutes(t *testing.T) {
	inner := http.NewServeMux()
	inner.HandleFunc("DELETE /api/orgs/{org}/members/{member}", func(http.ResponseWriter, *http.Request) {})
	rec := new(activitylogtest.Recorder)
	e := echo.New()
	e.Use(echoactivity.New(nil, middleware.WithLoggerProvider(rec)))
	ok := func(c echo.Context) error { return c.NoContent(204) }
	orgs := e.Group("/orgs/:org", func(next echo.HandlerFunc) echo.HandlerFunc { return next })
	orgs.PATCH("/members/:member", ok)
	orgs.DELETE("/files/*", ok)
	e.DELETE("/things/:id", ok)
	e.POST("keys", ok)
	e.Any("/api/*", echo.WrapHandler(inner))
	e.Host("admin.test").DELETE("/plans/:plan", ok)
	e.PUT("/search", func(c echo.Context) error { return nil })
	for _, tt := range []struct{ name, method, path, code, route, tenant, target string }{
		{"group", "PATCH", "/orgs/acme/members/b%20ob", "org.member:updated", "/orgs/{org}/members/{member}", "acme", "b ob"},
		{"escaped slash", "PATCH", "/orgs/acme/members/a%2Fb", "org.member:updated", "/orgs/{org}/members/{member}", "acme", "a/b"},
		{"rest", "DELETE", "/orgs/acme/files/a/b.txt", "file:deleted", "/orgs/{org}/files/{...}", "acme", "a/b.txt"},
		{"last parameter", "DELETE", "/things/a/b", "thing:deleted", "/things/{id}", "", "a/b"},
		{"no slash", "POST", "/keys", "key:created", "/keys", "", ""},
		{"router within", "DELETE", "/api/orgs/acme/members/bob", "org.member:deleted", "/api/orgs/{org}/members/{member}", "acme", "bob"},
		{"host", "DELETE", "//admin.test/plans/pro", "plan:deleted", "/plans/{plan}", "", "pro"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec.Reset()
			r := httptest.NewRequest(tt.method, tt.path, nil)
			if host, path, ok := strings.Cut(strings.TrimPrefix(tt.path, "//"), "/"); ok && host != "" {
				r = httptest.NewRequest(tt.method, "/"+path, nil)
				r.Host = host
			}
			r.Pattern = "/outer/"
			e.ServeHTTP(httptest.NewRecorder(), r)
			got := activitylogtest.Expect(t, rec)
			if string(got.Code) != tt.code || got.HTTP.Route != tt.route || got.Tenant != tt.tenant || got.Target().ID != tt.target {
				t.Errorf("event is %s on %q of %q, target %q", got.Code, got.HTTP.Route, got.Tenant, got.Target().ID)
			}
			if r.Pattern != "/outer/" {
				t.Errorf("a router further out is left with the pattern %q", r.Pattern)
			}
		})
	}
}

func TestNoEvent(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	e := echo.New()
	e.Use(echoactivity.New((*mapping.Mapping)(nil), middleware.WithLoggerProvider(rec)))
	ok := func(c echo.Context) error { return nil }
	orgs := e.Group("/orgs", func(next echo.HandlerFunc) echo.HandlerFunc { return next })
	orgs.GET("/:org", ok)
	e.POST("/things/search", ok)
	e.GET("/things/:id", func(echo.Context) error { return echo.ErrTeapot })
	e.POST("/keys", func(c echo.Context) error {
		activitylog.From(c.Request().Context()).Suppress("a replay")
		return nil
	})
	for _, tt := range []struct {
		name, method, path string
		status             int
	}{
		{"read", "GET", "/things/1", 418},
		{"no route", "DELETE", "/nowhere", 404},
		{"no route of a group", "DELETE", "/orgs/acme/teams/1", 404},
		{"route of another method", "DELETE", "/things/1", 405},
		{"search", "POST", "/things/search", 200},
		{"suppressed", "POST", "/keys", 200},
	} {
		if w := send(e, tt.method, tt.path); w.Code != tt.status {
			t.Errorf("%s: status is %d, want %d", tt.name, w.Code, tt.status)
		}
	}
	activitylogtest.ExpectNone(t, rec)
}

// TestDraft says who did it where handlers and middlewares can.
func TestDraft(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	e := echo.New()
	e.Use(echoactivity.New(parse(t, "tenant: {path: org}\n"), middleware.WithLoggerProvider(rec)))
	type key struct{}
	var seen string
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			activitylog.From(c.Request().Context()).SetActor(activitylog.Actor{ID: "usr_ann"})
			c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), key{}, "kept")))
			return next(c)
		}
	})
	e.PATCH("/orgs/:org", func(c echo.Context) error {
		seen, _ = c.Request().Context().Value(key{}).(string)
		activitylog.From(c.Request().Context()).SetReason("a new name")
		return echo.ErrForbidden
	})
	send(e, "PATCH", "/orgs/acme")
	activitylogtest.Expect(t, rec,
		activitylogtest.Actor("usr_ann"),
		activitylogtest.Tenant("acme"),
		activitylogtest.Outcome(activitylog.Denied),
		activitylogtest.Reason("a new name"),
		activitylogtest.Status(403))
	if seen != "kept" {
		t.Error("the handler did not get the request of the middleware before it")
	}
}

// TestOuterMiddleware looks at what one that stands before this one is left with.
func TestOuterMiddleware(t *testing.T) {
	for _, handler := range []echo.HandlerFunc{
		func(c echo.Context) error { return c.NoContent(204) },
		func(echo.Context) error { panic("oh") },
	} {
		e := echo.New()
		e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c echo.Context) error {
				writer := c.Response().Writer
				defer func() {
					recover()
					if c.Response().Writer != writer {
						t.Errorf("it is left with a %T, it had a %T", c.Response().Writer, writer)
					}
				}()
				return next(c)
			}
		})
		e.Use(echoactivity.New(nil, middleware.WithLoggerProvider(new(activitylogtest.Recorder))))
		e.PUT("/things/:id", handler)
		send(e, "PUT", "/things/1")
	}
}

// TestKeepsNothingOfTheContext lets Echo use a context again and again while
// the events of the requests before are looked at.
func TestKeepsNothingOfTheContext(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	e := echo.New()
	e.Use(echoactivity.New(nil, middleware.WithLoggerProvider(rec)))
	e.PUT("/things/:id", func(echo.Context) error { return nil })
	for i := range 100 {
		send(e, "PUT", fmt.Sprintf("/things/%03d", i))
	}
	for i := range 100 {
		id := fmt.Sprintf("%03d", i)
		if got := activitylogtest.Expect(t, rec, activitylogtest.Target("thing", id)); got.HTTP.Path != "/things/"+id {
			t.Errorf("event of %s has the path %q", id, got.HTTP.Path)
		}
	}
}

func Example() {
	rec := new(activitylogtest.Recorder) // in a program, the OpenTelemetry SDK's provider

	e := echo.New()
	e.Use(echoactivity.New(mapping.Default(), middleware.WithLoggerProvider(rec)), echomiddleware.Recover())
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc { // the application's authentication
		return func(c echo.Context) error {
			activitylog.From(c.Request().Context()).SetActor(activitylog.Actor{ID: "eve"})
			return echo.ErrForbidden
		}
	})
	e.DELETE("/orgs/:org/api-keys/:key", func(c echo.Context) error { return c.NoContent(204) })
	e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("DELETE", "/orgs/acme/api-keys/key_1", nil))

	for _, e := range rec.Events() {
		fmt.Println(e.Actor.ID, e.Code, e.Target().ID, e.Outcome, e.HTTP.Status)
	}
	// Output:
	// eve org.api_key:deleted key_1 denied 403
}
