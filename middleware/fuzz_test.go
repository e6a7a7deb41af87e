package middleware_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// FuzzRequest sends any request through a mux with and without the middleware:
// the client must see no difference, and an event must be one that every
// backend takes.
func FuzzRequest(f *testing.F) {
	f.Add("PATCH", "/orgs/acme/members/bob", "curl/8", "198.51.100.1", "application/json", `{"status":"inactive","id":"usr_bob"}`, 200)
	f.Add("POST", "//orgs/../x%2F%00", "evil\xff\x00", "a,,,b", "", "", 103)
	f.Add("DELETE", "/files/%zz/..", strings.Repeat("x", 9000), "::ffff:1.2.3.4%\x00", "text/html", "body", 404)
	f.Add("get", "/orgs/{org}", "", "", "multipart/form-data", "", 0)
	f.Add("PUT", "/mount/orgs/\xff", "\r\n", "[::1]:80", "application/x+json;;;", "x", 999)
	f.Add("POST", "/orgs/acme?name=%00%ff", "", "", "", `{"items":[{"id":"1"},{"id":[]},7,null,{"id":"\u0000"}]}`, 207)
	f.Add("PUT", "/orgs/acme", "", "", "application/json", "{\"a\":{\"b\":[1,2,{\"c\":\"\\ud800\"}]},\"\":\"\xff\"}", 200)
	f.Add("PATCH", "/orgs/acme/members/bob", "", "", "application/json", strings.Repeat("[", 20000), 1)

	asking := parse(f, `version: 1
tenant: {path: org}
routes:
  PATCH /orgs/{org}/members/{member}:
    cases:
      - {when: {request: {/status: inactive}}, code: org.member:deactivated}
      - {code: org.member:updated}
    target: {type: member, id: response./id, name: request./id}
  POST /orgs/{org}: {each: request./items, code: org:touched, target: {type: item, id: item./id, name: query.name}}
  PUT /orgs/{org}: {code: org:updated, changes: {from: request, track: [/a, /items]}}
`)
	m := inferred(f)
	newMux := func() *http.ServeMux {
		handle := func(w http.ResponseWriter, r *http.Request) {
			status := 0
			fmt.Sscan(r.Header.Get("Want-Status"), &status)
			activitylog.From(r.Context()).SetReason(r.Header.Get("User-Agent"))
			if status == 1 {
				panic(http.ErrAbortHandler)
			}
			if media := r.Header.Get("Content-Type"); media != "" {
				w.Header().Set("Content-Type", media)
			}
			if status >= 100 && status <= 999 && status != 101 {
				w.WriteHeader(status)
			}
			switch status % 3 {
			case 1:
				io.CopyN(w, r.Body, int64(status))
			case 2:
				io.Copy(w, r.Body)
			default:
				io.Copy(w, struct{ io.Reader }{r.Body})
			}
			fmt.Fprint(w, r.Pattern, r.PathValue("org"), r.PathValue("path"))
		}
		mux := http.NewServeMux()
		mux.HandleFunc("/orgs/{org}", handle)
		mux.HandleFunc("PATCH /orgs/{org}/members/{member}", handle)
		mux.HandleFunc("/files/{path...}", handle)
		mux.Handle("/mount/", http.StripPrefix("/mount", http.HandlerFunc(handle)))
		return mux
	}
	rec := &checker{Recorder: new(activitylogtest.Recorder)}
	bare := newMux()
	handlers := []http.Handler{
		middleware.New(m, middleware.WithLoggerProvider(rec))(newMux()),
		middleware.New(m, middleware.WithLoggerProvider(rec), middleware.WithServeMux(bare))(copies(bare)),
		middleware.New(asking, middleware.WithLoggerProvider(rec))(newMux()),
		middleware.New(asking, middleware.WithLoggerProvider(rec), middleware.WithServeMux(bare))(copies(bare)),
	}
	listen(f)
	f.Fuzz(func(t *testing.T, method, path, agent, forwarded, media, body string, status int) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			u = &url.URL{Path: path}
		}
		send := func(h http.Handler) (answer string) {
			w := httptest.NewRecorder()
			r := httptest.NewRequest("GET", "/", strings.NewReader(body))
			r.Method, r.URL, r.RemoteAddr = method, u, forwarded
			r.Header = http.Header{"User-Agent": {agent}, "X-Forwarded-For": {forwarded}, "Want-Status": {fmt.Sprint(status)}, "Content-Type": {media}}
			defer func() {
				if cause := recover(); cause != nil {
					answer = fmt.Sprint("panic: ", cause)
				}
			}()
			h.ServeHTTP(w, r)
			return fmt.Sprint(w.Code, w.Header(), w.Flushed, w.Body.String())
		}
		want := send(bare)
		for i, h := range handlers {
			rec.Reset()
			rec.problem = ""
			if got := send(h); got != want {
				t.Errorf("handler %d: %q %q is answered %q, without the middleware %q", i, method, path, got, want)
			}
			if rec.problem != "" {
				t.Errorf("handler %d: %q %q: %s", i, method, path, rec.problem)
			}
			bulk := i > 1 && method == "POST"
			if n := len(rec.Events()); n > 1 && !bulk || n > 1001 {
				t.Errorf("handler %d: %q %q makes %d events", i, method, path, n)
			}
			for _, e := range rec.Events() {
				if e.HTTP.Route == "" || strings.Contains(e.HTTP.Route, "mount") && u.EscapedPath() != "/mount/" {
					t.Errorf("handler %d: event of %q %q has route %q", i, method, path, e.HTTP.Route)
				}
			}
		}
	})
}

// A checker is a recorder that also looks at the records themselves.
type checker struct {
	*activitylogtest.Recorder
	problem string
}

func (c *checker) Logger(name string, opts ...log.LoggerOption) log.Logger {
	return &checkingLogger{Logger: c.Recorder.Logger(name, opts...), checker: c}
}

type checkingLogger struct {
	log.Logger
	checker *checker
}

func (l *checkingLogger) Emit(ctx context.Context, r log.Record) {
	size := 0
	check := func(s string) {
		size += len(s)
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			l.checker.problem = fmt.Sprintf("record holds %q", s)
		}
	}
	check(r.EventName())
	check(r.Body().AsString())
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		check(string(kv.Key))
		check(kv.Value.AsString())
		return true
	})
	if size > 2*activitylog.MaxEvent {
		l.checker.problem = fmt.Sprintf("record is %d bytes", size)
	}
	l.Logger.Emit(ctx, r)
	for _, e := range l.checker.Events() {
		if _, err := json.Marshal(e); err != nil {
			l.checker.problem = err.Error()
		}
	}
}
