package ginactivity_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/ginactivity"
	"github.com/activitylog-go/activitylog/middleware/internal/wiretest"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.ReleaseMode)
	gin.DefaultErrorWriter = io.Discard
	os.Exit(m.Run())
}

func inferred(t testing.TB) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("activitylog.yaml", []byte("version: 1\ntenant: {path: org}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func await(t testing.TB, rec *activitylogtest.Recorder) activitylog.Event {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); len(rec.Events()) == 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	events := rec.Events()
	if len(events) != 1 {
		t.Fatalf("%d events, want 1: %+v", len(events), events)
	}
	return events[0]
}

// A behaviour is something that a handler does with its response, and the
// statuses that the event of it must have with gin.Recovery and without.
type behaviour struct {
	name            string
	recovered, bare int
	handler         gin.HandlerFunc
}

var behaviours = []behaviour{
	{"nothing", 200, 200, func(*gin.Context) {}},
	{"json", 201, 201, func(c *gin.Context) { c.JSON(201, gin.H{"id": 1}) }},
	{"status without a write", 204, 204, func(c *gin.Context) { c.Status(204) }},
	{"abort", 403, 403, func(c *gin.Context) { c.AbortWithStatus(403) }},
	{"abort with JSON", 401, 401, func(c *gin.Context) { c.AbortWithStatusJSON(401, gin.H{"error": "no"}) }},
	{"abort after a write", 200, 200, func(c *gin.Context) {
		c.String(200, "done")
		c.AbortWithStatus(403)
	}},
	{"two statuses before the write", 409, 409, func(c *gin.Context) {
		c.Status(200)
		c.Status(409)
		c.Writer.WriteString("conflict")
	}},
	{"early hints", 200, 200, func(c *gin.Context) {
		c.Status(103)
		c.Writer.WriteHeaderNow()
		c.String(403, "no")
	}},
	{"early hints only", 200, 200, func(c *gin.Context) { c.Status(103) }},
	{"flush", 200, 200, func(c *gin.Context) {
		c.Writer.Flush()
		c.Status(500)
	}},
	{"flush by controller", 202, 202, func(c *gin.Context) {
		c.Status(202)
		if err := http.NewResponseController(c.Writer).Flush(); err != nil {
			c.String(500, err.Error())
		}
	}},
	{"deadline by controller", 200, 200, func(c *gin.Context) {
		c.String(200, "%v", http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(time.Hour)))
	}},
	{"stream", 200, 200, func(c *gin.Context) {
		n := 0
		c.Stream(func(w io.Writer) bool {
			fmt.Fprintf(w, "part %d\n", n)
			n++
			return n < 3
		})
	}},
	{"wrapped handler", 404, 404, gin.WrapF(http.NotFound)},
	{"hijack", 101, 101, func(c *gin.Context) {
		conn, buf, err := c.Writer.Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		buf.WriteString("HTTP/1.1 101 Switching Protocols\r\n\r\nraw")
		buf.Flush()
	}},
	{"hijack by controller", 101, 101, func(c *gin.Context) {
		conn, _, err := http.NewResponseController(c.Writer).Hijack()
		if err != nil {
			panic(err)
		}
		conn.Close()
	}},
	{"hijack after a body", 200, 200, func(c *gin.Context) {
		c.String(200, "body")
		if _, _, err := c.Writer.Hijack(); err == nil {
			panic("gin allows it")
		}
	}},
	{"panic", 500, 500, func(*gin.Context) { panic("oh") }},
	{"panic after a write", 201, 201, func(c *gin.Context) {
		c.String(201, "half")
		panic("oh")
	}},
	{"panic after a status", 500, 500, func(c *gin.Context) {
		c.Status(204)
		panic("oh")
	}},
	{"error", 400, 400, func(c *gin.Context) { c.AbortWithError(400, errors.New("bad")) }},
	{"echo", 200, 200, func(c *gin.Context) { io.Copy(c.Writer, c.Request.Body) }},
	{"half read", 200, 200, func(c *gin.Context) { io.CopyN(c.Writer, c.Request.Body, 3) }},
	{"bind", 201, 201, func(c *gin.Context) {
		var v any
		err := c.ShouldBindJSON(&v)
		c.JSON(201, gin.H{"id": "7", "sent": v, "failed": err != nil})
	}},
	{"long json", 200, 200, func(c *gin.Context) { c.JSON(200, strings.Repeat("x", 100_000)) }},
	{"raw writer", 200, 200, func(c *gin.Context) { fmt.Fprint(c.Writer, `{"id":"7"}`) }},
}

func pathOf(b behaviour) string { return "/" + strings.ReplaceAll(b.name, " ", "-") }

func router(use ...gin.HandlerFunc) *gin.Engine {
	r := gin.New()
	r.Use(use...)
	for _, b := range behaviours {
		r.PUT(pathOf(b)+"/:id", b.handler)
	}
	return r
}

// copying is a mapping whose rules ask for all bodies.
func copying(t testing.TB) *mapping.Mapping {
	t.Helper()
	rules := "version: 1\nroutes:\n"
	for _, b := range behaviours {
		rules += "  PUT " + pathOf(b) + "/{id}: {cases: [{when: {request: {/role: admin}}, code: thing:promoted}, {code: thing:updated}], target: {type: thing, id: [response./id, path.id]}}\n"
	}
	m, err := mapping.Parse("activitylog.yaml", []byte(rules))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A place is where the middleware stands among others.
type place struct {
	name    string
	use     func(gin.HandlerFunc) []gin.HandlerFunc
	without []gin.HandlerFunc
}

var places = []place{
	{"alone", func(a gin.HandlerFunc) []gin.HandlerFunc { return []gin.HandlerFunc{a} }, nil},
	{"outside of recovery", func(a gin.HandlerFunc) []gin.HandlerFunc { return []gin.HandlerFunc{a, gin.Recovery()} }, []gin.HandlerFunc{gin.Recovery()}},
	{"inside of recovery", func(a gin.HandlerFunc) []gin.HandlerFunc { return []gin.HandlerFunc{gin.Recovery(), a} }, []gin.HandlerFunc{gin.Recovery()}},
	{"twice", func(a gin.HandlerFunc) []gin.HandlerFunc { return []gin.HandlerFunc{gin.Recovery(), a, a} }, []gin.HandlerFunc{gin.Recovery()}},
}

// requests are the bodies that every behaviour is tried with, as they are sent
// after the request line.
var requests = []struct{ name, text string }{
	{"plain", "Content-Length: 4\r\n\r\nping"},
	{"json", "Content-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"role\":\"admin\"}"},
	{"chunked", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"role\"\r\n9\r\n:\"admin\"}\r\n0\r\n\r\n"},
	{"expects 100", "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 16\r\n\r\n{\"role\":\"admin\"}"},
}

// TestWire sends the same requests to the same handlers with and without the
// middleware, with and without copies of bodies, and compares what comes over
// the connection byte by byte; the status in it is the event's.
func TestWire(t *testing.T) {
	for _, place := range places {
		without := serve(t, router(place.without...))
		for mode, m := range map[string]*mapping.Mapping{"inferred": inferred(t), "copying": copying(t)} {
			rec := new(activitylogtest.Recorder)
			with := serve(t, router(place.use(ginactivity.New(m, middleware.WithLoggerProvider(rec)))...))
			for _, b := range behaviours {
				for _, request := range requests {
					t.Run(place.name+"/"+mode+"/"+b.name+"/"+request.name, func(t *testing.T) {
						want := wiretest.Put(t, without, pathOf(b)+"/1", request.text)
						rec.Reset()
						got := wiretest.Put(t, with, pathOf(b)+"/1", request.text)
						if got != want {
							t.Errorf("with the middleware the client gets\n%.1000q\nwithout\n%.1000q", got, want)
						}
						checkEvent(t, b, place, await(t, rec), got)
					})
				}
			}
		}
	}
}

func checkEvent(t *testing.T, b behaviour, place place, e activitylog.Event, answer string) {
	t.Helper()
	if wire := wiretest.FinalStatus(answer); wire != "" && wire != fmt.Sprint(e.HTTP.Status) {
		t.Errorf("event has status %d, the client got\n%.100q", e.HTTP.Status, answer)
	}
	status := b.bare
	if place.without != nil {
		status = b.recovered
	}
	if e.HTTP.Status != status {
		t.Errorf("event has status %d, want %d", e.HTTP.Status, status)
	}
	if strings.HasPrefix(b.name, "panic") && e.Outcome != activitylog.Failure && place.name != "outside of recovery" {
		t.Errorf("outcome is %q, want failure", e.Outcome)
	}
}

// send passes a request through a router, without a connection.
func send(h http.Handler, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader("{}")))
	return w
}

func TestEvent(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	type key struct{}
	r := gin.New()
	r.ContextWithFallback = false // gin's default: a gin.Context hides the request's
	r.Use(ginactivity.New(inferred(t), middleware.WithLoggerProvider(rec),
		middleware.WithSession(func(r *http.Request) string { s, _ := r.Context().Value(key{}).(string); return s })))
	r.Use(func(c *gin.Context) {
		activitylog.From(c).SetActor(activitylog.Actor{ID: "usr_ann"})
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), key{}, "ses_1"))
	})
	r.PATCH("/orgs/:org/members/:member", func(c *gin.Context) {
		activitylog.From(c.Request.Context()).SetReason("promotion")
		activitylog.From(context.WithValue(c, key{}, 1)).Set("plan", "gold")
	})
	r.DELETE("/orgs/:org/files/*path", func(*gin.Context) {})
	send(r, "PATCH", "/orgs/acme/members/b%20ob")
	e := await(t, rec)
	if e.Code != "org.member:updated" || e.Tenant != "acme" || e.HTTP.Route != "/orgs/{org}/members/{member}" || e.Target().ID != "b ob" {
		t.Errorf("event is %s of %q on %q, target %q", e.Code, e.Tenant, e.HTTP.Route, e.Target().ID)
	}
	if e.Actor.ID != "usr_ann" || e.Reason != "promotion" || len(e.Attributes) != 1 || e.Source.SessionID != "ses_1" {
		t.Errorf("what the handlers said became %+v", e)
	}
	rec.Reset()
	send(r, "DELETE", "/orgs/acme/files/a/b.txt")
	if e := await(t, rec); e.Target().ID != "a/b.txt" {
		t.Errorf("target is %q, want a/b.txt", e.Target().ID)
	}
}

// TestClientAddress checks that gin's own idea of the client, which any header
// can set, is not the event's.
func TestClientAddress(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	r := gin.New()
	r.Use(ginactivity.New(inferred(t), middleware.WithLoggerProvider(rec)))
	var ginSays string
	r.PUT("/things/:id", func(c *gin.Context) { ginSays = c.ClientIP() })
	req := httptest.NewRequest("PUT", "/things/1", nil)
	req.Header.Set("X-Forwarded-For", "198.51.100.1")
	r.ServeHTTP(httptest.NewRecorder(), req)
	if e := await(t, rec); e.Source.ClientAddress != "192.0.2.1" || ginSays != "198.51.100.1" {
		t.Errorf("client is %q, and gin says %q", e.Source.ClientAddress, ginSays)
	}
}

func TestNoEvent(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.Use(ginactivity.New(inferred(t), middleware.WithLoggerProvider(rec)))
	r.NoRoute(func(c *gin.Context) { c.String(404, "nothing here") })
	r.GET("/things/:id", func(*gin.Context) {})
	r.PUT("/things/:id/", func(*gin.Context) {})
	r.POST("/things/search", func(*gin.Context) {})
	r.POST("/keys", func(c *gin.Context) { activitylog.From(c).Suppress("a replay") })
	for _, tt := range []struct {
		name, method, path string
		status             int
	}{
		{"read", "GET", "/things/1", 200},
		{"no route", "DELETE", "/nowhere", 404},
		{"route of another method", "DELETE", "/things/1", 405},
		{"redirect to the slash", "PUT", "/things/1", 307},
		{"search", "POST", "/things/search", 200},
		{"suppressed", "POST", "/keys", 200},
	} {
		if w := send(r, tt.method, tt.path); w.Code != tt.status {
			t.Errorf("%s: status is %d, want %d", tt.name, w.Code, tt.status)
		}
	}
	if events := rec.Events(); len(events) > 0 {
		t.Errorf("got events: %+v", events)
	}
}

// TestHandleContext routes requests again, inside of the engine.
func TestHandleContext(t *testing.T) {
	for _, tt := range []struct{ path, route string }{
		{"/old/7", "/old/{id}"},     // both are mutating routes: that which the client asked for
		{"/search", "/things/{id}"}, // only the second one is
	} {
		rec := new(activitylogtest.Recorder)
		r := gin.New()
		r.Use(ginactivity.New(inferred(t), middleware.WithLoggerProvider(rec)))
		again := func(c *gin.Context) {
			c.Request.URL.Path = "/things/9"
			r.HandleContext(c)
		}
		r.POST("/old/:id", again)
		r.POST("/search", again)
		r.POST("/things/:id", func(c *gin.Context) { c.Status(202) })
		send(r, "POST", tt.path)
		if e := await(t, rec); e.HTTP.Route != tt.route || e.HTTP.Status != 202 {
			t.Errorf("%s: event has route %q, status %d, want %q, 202", tt.path, e.HTTP.Route, e.HTTP.Status, tt.route)
		}
	}
}

// TestHandleContextKeepsDraft says who did it where a gin.Context is all there
// is, after the engine has emptied it.
func TestHandleContextKeepsDraft(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	r := gin.New()
	r.Use(ginactivity.New(inferred(t), middleware.WithLoggerProvider(rec)))
	r.POST("/old/:id", func(c *gin.Context) {
		c.Request.URL.Path = "/things/9"
		r.HandleContext(c)
	})
	r.POST("/things/:id", func(c *gin.Context) { activitylog.From(c).SetActor(activitylog.Actor{ID: "usr_ann"}) })
	send(r, "POST", "/old/7")
	if e := await(t, rec); e.Actor.ID != "usr_ann" {
		t.Errorf("actor is %q, want usr_ann", e.Actor.ID)
	}
}

// TestUnrouted has routes that gin knows nothing of.
func TestUnrouted(t *testing.T) {
	rest := http.NewServeMux()
	rest.HandleFunc("/orgs/{org}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	for _, tt := range []struct {
		name, method, path string
		noRoute            func(*gin.Engine) gin.HandlerFunc
		warnings, events   int
	}{
		{"another router", "PUT", "/orgs/acme", func(*gin.Engine) gin.HandlerFunc { return gin.WrapH(rest) }, 1, 0},
		{"another router, read", "GET", "/orgs/acme", func(*gin.Engine) gin.HandlerFunc { return gin.WrapH(rest) }, 0, 0},
		{"another router, no such path", "PUT", "/nowhere", func(*gin.Engine) gin.HandlerFunc { return gin.WrapH(rest) }, 0, 0},
		{"refused", "PUT", "/nowhere", func(*gin.Engine) gin.HandlerFunc { return func(c *gin.Context) { c.Status(403) } }, 0, 0},
		{"routed again", "PUT", "/old", func(r *gin.Engine) gin.HandlerFunc {
			return func(c *gin.Context) {
				c.Request.URL.Path = "/things/1"
				r.HandleContext(c)
			}
		}, 0, 1},
	} {
		heard := 0
		before := otel.GetErrorHandler()
		otel.SetErrorHandler(otel.ErrorHandlerFunc(func(error) { heard++ }))
		rec := new(activitylogtest.Recorder)
		m, err := mapping.Parse("activitylog.yaml", []byte("version: 1\nroutes:\n  GET /reports/{id}: {code: report:viewed}\n"))
		if err != nil {
			t.Fatal(err)
		}
		r := gin.New()
		r.Use(ginactivity.New(m, middleware.WithLoggerProvider(rec)))
		r.PUT("/things/:id", func(c *gin.Context) { c.Status(204) })
		r.NoRoute(tt.noRoute(r))
		send(r, tt.method, tt.path)
		send(r, tt.method, tt.path)
		otel.SetErrorHandler(before)
		if heard != tt.warnings || len(rec.Events()) != 2*tt.events {
			t.Errorf("%s: %d warnings, %d events, want %d, %d", tt.name, heard, len(rec.Events()), tt.warnings, 2*tt.events)
		}
	}
}

// TestKeepsNothingOfTheContext lets gin use a context again and again while
// the events of the requests before are looked at.
func TestKeepsNothingOfTheContext(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	r := gin.New()
	r.Use(ginactivity.New(inferred(t), middleware.WithLoggerProvider(rec)))
	r.PUT("/things/:id", func(*gin.Context) {})
	for i := range 100 {
		send(r, "PUT", fmt.Sprintf("/things/%03d", i))
	}
	for i, e := range rec.Events() {
		if want := fmt.Sprintf("%03d", i); e.Target().ID != want || e.HTTP.Path != "/things/"+want {
			t.Errorf("event %d has target %q and path %q", i, e.Target().ID, e.HTTP.Path)
		}
	}
	if n := len(rec.Events()); n != 100 {
		t.Errorf("%d events, want 100", n)
	}
}

// TestFormFilesAreRemoved uploads a file that net/http keeps on disk.
func TestFormFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	r := gin.New()
	r.MaxMultipartMemory = 1
	r.Use(ginactivity.New(inferred(t), middleware.WithLoggerProvider(new(activitylogtest.Recorder))))
	r.POST("/things", func(c *gin.Context) {
		if _, err := c.MultipartForm(); err != nil {
			c.String(400, err.Error())
		}
		left, _ := os.ReadDir(dir)
		c.String(200, "%d", len(left))
	})
	s := serve(t, r)
	body := "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n" + strings.Repeat("x", 11<<20) + "\r\n--x--\r\n"
	resp, err := http.Post(s.URL+"/things", "multipart/form-data; boundary=x", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); string(b) != "1" {
		t.Fatalf("the handler saw %s files, want 1", b)
	}
	s.Close() // waits for the request to be finished
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d files of uploads are left", len(left))
	}
}

// TestPassesWithoutAllocating measures what the middleware adds to requests
// that are no events.
func TestPassesWithoutAllocating(t *testing.T) {
	activity := ginactivity.New(inferred(t), middleware.WithLoggerProvider(new(activitylogtest.Recorder)))
	for _, method := range []string{"GET", "POST"} {
		allocs := func(use ...gin.HandlerFunc) float64 {
			r := gin.New()
			r.Use(use...)
			r.Handle(method, "/things/search", func(*gin.Context) {})
			c := gin.CreateTestContextOnly(httptest.NewRecorder(), r) // not from gin's pool, which the race detector empties
			c.Request = httptest.NewRequest(method, "/things/search", nil)
			least := testing.AllocsPerRun(100, func() { r.HandleContext(c) })
			for range 5 { // what else runs in the process may allocate too
				least = min(least, testing.AllocsPerRun(100, func() { r.HandleContext(c) }))
			}
			return least
		}
		if with, without := allocs(activity), allocs(); with > without {
			t.Errorf("%s: %v allocations, without the middleware %v", method, with, without)
		}
	}
}
