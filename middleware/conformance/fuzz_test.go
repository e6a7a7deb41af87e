package conformance_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/internal/wiretest"
)

// asking are rules that ask for everything that a request and its answer have.
const asking = `
classify: {token: secret}
routes:
  PATCH /orgs/{org}/members/{member}:
    cases:
      - {when: {request: {/status: inactive}, header: {X-Kind: "*"}}, code: org.member:deactivated}
      - {code: org.member:updated}
    target: {type: member, id: response./id, name: request./name}
    result: {status: /status, error: /errors, reason: /errors/0/message}
  POST /orgs/{org}:
    each: request./items
    code: org:touched
    target: {type: item, id: item./id, name: query.name}
    result: {in: response./items, by: /id, status: /status}
  PUT /orgs/{org}: {code: org:updated, changes: {from: request, track: [/a, /items], secret: [/b]}}
  PUT /files/{path...}: {code: file:updated, target: {type: file, id: path.path, name: response./name}}
  GET /orgs/{org}: {code: org:viewed}
`

// FuzzRequest sends whole requests through every router, with and without the
// middleware and with rules that ask for nothing and for everything: the client
// must see no difference, and an event must be one that every backend takes.
func FuzzRequest(f *testing.F) {
	const typed = "Content-Type: application/json\r\n"
	f.Add("PATCH", "/orgs/acme/members/bob", typed+"X-Kind: a\r\n", `{"status":"inactive","name":"Bob","id":"usr_bob"}`, 200)
	f.Add("PATCH", "/orgs/acme/members/bob", typed, strings.Repeat("[", 20000), 1)
	f.Add("PATCH", "/orgs/acme/members/b%2Fob", "User-Agent: evil\xff\x00\r\nX-Forwarded-For: a,,,b\r\nX-Request-ID: \x7f\r\n", "", 103)
	f.Add("POST", "//orgs/../x%2F%00", "Transfer-Encoding: chunked\r\n", "4\r\nbody\r\n0\r\n\r\n", 200)
	f.Add("POST", "/orgs/acme?name=%00%ff", typed, `{"items":[{"id":"1","status":500},{"id":[]},7,null,{"id":"\u0000"}]}`, 207)
	f.Add("PUT", "/orgs/acme", typed+"Content-Encoding: gzip\r\n", "\x1f\x8b\x08", 200)
	f.Add("PUT", "/orgs/acme", typed, "{\"a\":{\"b\":[1,2,{\"c\":\"\\ud800\"}]},\"b\":\"x\",\"\":\"\xff\"}", 200)
	f.Add("PUT", "/files/%zz/..", "Content-Type: text/html\r\nContent-Length: 9\r\n", "body", 404)
	f.Add("PUT", "/api/orgs/\xff", "Host: a\r\nHost: b\r\n: x\r\n folded\r\nRemote: [::1%\x00]:80\r\n", "x", 999)
	f.Add("get", "/orgs/{org}", "Content-Type: multipart/form-data; boundary=x\r\n", "--x--", 0)
	f.Add("GET", "http://acme/orgs/acme", "Expect: 100-continue\r\nX-Forwarded-For: 1.1.1.1, ::ffff:1.2.3.4%\x00\r\nRemote: 127.0.0.1:1\r\n", "", 302)

	rec := new(activitylogtest.Recorder)
	var problems []string
	checked := wiretest.Checked(rec, func(problem string) { problems = append(problems, problem) })
	base := app{
		routes:  []string{route, "POST /orgs/{org}", "PUT /orgs/{org}", "GET /orgs/{org}", "PUT /files/{path...}"},
		handler: does, inside: []layer{copies},
		options: []middleware.Option{
			middleware.WithLoggerProvider(checked), middleware.WithFloodLimit(0, 0), loopback, requestID,
			middleware.WithTenant(func(r *http.Request) string { return r.Header.Get("X-Tenant") }),
		},
	}
	type column struct {
		name string
		bare http.Handler
		with []http.Handler
	}
	var columns []column
	add := func(name string, a app, build func(app) http.Handler) {
		c := column{name: name, bare: build(a)}
		for _, m := range []*mapping.Mapping{parse(f, ""), parse(f, asking)} {
			a.mapping = m
			c.with = append(c.with, build(a))
		}
		columns = append(columns, c)
	}
	for _, router := range routers {
		add(router.name, base, router.build)
	}
	mounted := base
	mounted.prefix, mounted.inside = "/api", nil
	add("mounted ServeMux", mounted, routers[0].build)
	f.Fuzz(func(t *testing.T, method, target, head, body string, status int) {
		for _, c := range columns {
			want := serveOnce(c.bare, method, target, head, body, status)
			for i, h := range c.with {
				rec.Reset()
				problems = nil
				if got := serveOnce(h, method, target, head, body, status); got != want {
					t.Errorf("%s: %q %q with %q and %q is answered\n%.1000q, without the middleware\n%.1000q", c.name, method, target, head, body, got, want)
				}
				checkEvents(t, c.name, rec.Events(), i == 1)
				for _, problem := range problems {
					t.Errorf("%s: %q %q: %s", c.name, method, target, problem)
				}
			}
		}
	})
}

// does does with the request and the response what the test wants.
func does(w http.ResponseWriter, r *http.Request) {
	status := 0
	fmt.Sscan(r.Header.Get("Want-Status"), &status)
	draft := activitylog.From(r.Context())
	draft.SetReason(r.Header.Get("User-Agent"))
	draft.AddChange(r.Header.Get("X-Kind"), r.URL.RawQuery, r.Header)
	if status == 1 {
		panic(http.ErrAbortHandler)
	}
	if media := r.Header.Get("Content-Type"); media != "" {
		w.Header().Set("Content-Type", media)
	}
	if status >= 100 && status <= 999 && status != 101 {
		w.WriteHeader(status)
	}
	var err error
	switch status % 3 {
	case 1:
		_, err = io.CopyN(w, r.Body, int64(status))
	case 2:
		_, err = io.Copy(w, r.Body)
	default:
		_, err = io.Copy(w, struct{ io.Reader }{r.Body})
	}
	fmt.Fprint(w, err, r.Method, r.URL, r.ContentLength, r.TransferEncoding, r.Header, r.Trailer)
}

// serveOnce sends a request to a handler and writes down all that comes back.
func serveOnce(h http.Handler, method, target, head, body string, status int) (answer string) {
	w := httptest.NewRecorder()
	r := newRequest(method, target, head, body)
	r.Header.Set("Want-Status", fmt.Sprint(status))
	defer func() {
		if cause := recover(); cause != nil {
			answer = fmt.Sprintf("%d %v %q, panic: %v", w.Code, w.Header(), w.Body, cause)
		}
	}()
	h.ServeHTTP(w, r)
	slices.Sort(w.Header()["Allow"]) // chi names methods in no order
	return fmt.Sprintf("%d %v %q %v", w.Code, w.Header(), w.Body, w.Flushed)
}

// newRequest reads a request as a server does. What a server refuses becomes a
// request all the same: other servers may not.
func newRequest(method, target, head, body string) *http.Request {
	if !strings.Contains(strings.ToLower(head), "content-length:") && !strings.Contains(strings.ToLower(head), "transfer-encoding:") {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	raw := method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + head + "\r\n" + body
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
	if err != nil {
		r = httptest.NewRequest("PUT", "/", strings.NewReader(body))
		r.Method, r.RequestURI = method, target
		if u, err := url.ParseRequestURI(target); err == nil {
			r.URL = u
		} else {
			r.URL = &url.URL{Path: target}
		}
		for line := range strings.Lines(head) {
			name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
			name = textproto.CanonicalMIMEHeaderKey(name)
			r.Header[name] = append(r.Header[name], strings.TrimPrefix(value, " "))
		}
	}
	r.RemoteAddr = r.Header.Get("Remote")
	return r
}

// checkEvents checks what must hold of the events of any request.
func checkEvents(t *testing.T, column string, events []activitylog.Event, bulk bool) {
	t.Helper()
	if len(events) > 1 && !bulk || len(events) > 1001 {
		t.Errorf("%s: %d events of a request", column, len(events))
	}
	for _, e := range events {
		if !strings.HasPrefix(e.HTTP.Route, "/") || !strings.Contains(e.HTTP.Route, "{") {
			t.Errorf("%s: event has route %q", column, e.HTTP.Route)
		}
		if _, err := activitylog.ParseCode(string(e.Code)); err != nil {
			t.Errorf("%s: %v", column, err)
		}
		if _, err := json.Marshal(e); err != nil {
			t.Errorf("%s: %v", column, err)
		}
	}
}
