package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
	"github.com/activitylog-go/activitylog/middleware/internal/wiretest"
)

// A behaviour is something that a handler does with its response, and the
// status that the event of it must have.
type behaviour struct {
	name    string
	status  int
	handler http.HandlerFunc
}

// behaviours hold for HTTP/1 and HTTP/2.
var behaviours = []behaviour{
	{"nothing", 200, func(http.ResponseWriter, *http.Request) {}},
	{"body", 200, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }},
	{"empty write", 200, func(w http.ResponseWriter, _ *http.Request) {
		w.Write(nil)
		w.WriteHeader(500)
	}},
	{"status", 201, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }},
	{"no content", 204, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }},
	{"status and body", 403, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 403) }},
	{"two statuses", 201, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(201)
		w.WriteHeader(500)
	}},
	{"status after body", 200, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "done")
		w.WriteHeader(500)
	}},
	{"early hints", 403, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(103)
		w.Header().Del("Link")
		w.WriteHeader(403)
	}},
	{"only early hints", 200, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103) }},
	{"processing twice", 202, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(102)
		w.WriteHeader(102)
		w.WriteHeader(202)
	}},
	{"flush", 200, func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		w.WriteHeader(500)
	}},
	{"flush by controller", 200, func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			io.WriteString(w, err.Error())
		}
		w.WriteHeader(500)
	}},
	{"stream", 200, func(w http.ResponseWriter, _ *http.Request) {
		for i := range 3 {
			fmt.Fprintf(w, "part %d\n", i)
			w.(http.Flusher).Flush()
		}
	}},
	{"deadlines", 202, func(w http.ResponseWriter, _ *http.Request) {
		rc := http.NewResponseController(w)
		w.WriteHeader(202)
		fmt.Fprintln(w, rc.SetReadDeadline(time.Now().Add(time.Hour)), rc.SetWriteDeadline(time.Now().Add(time.Hour)), rc.EnableFullDuplex())
	}},
	{"copy", 200, func(w http.ResponseWriter, _ *http.Request) {
		io.Copy(w, struct{ io.Reader }{strings.NewReader(strings.Repeat("x", 100_000))})
	}},
	{"copy of nothing", 404, func(w http.ResponseWriter, _ *http.Request) {
		io.Copy(w, struct{ io.Reader }{strings.NewReader("")})
		w.WriteHeader(404)
	}},
	{"trailer", 200, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "body")
		w.Header().Set("X-Sum", "1")
	}},
	{"echo", 200, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }},
	{"half read", 200, func(w http.ResponseWriter, r *http.Request) { io.CopyN(w, r.Body, 3) }},
	{"read after close", 200, func(w http.ResponseWriter, r *http.Request) {
		r.Body.Close()
		_, err := r.Body.Read(make([]byte, 1))
		fmt.Fprint(w, err)
	}},
	{"read too much", 413, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(plain{w}, r.Body, 2) // which net/http knows only by its own writer
		if _, err := io.ReadAll(r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		}
	}},
	{"json", 201, func(w http.ResponseWriter, r *http.Request) {
		var v any
		err := json.NewDecoder(r.Body).Decode(&v)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(201)
		json.NewEncoder(w).Encode(map[string]any{"id": "7", "sent": v, "failed": err != nil})
	}},
	{"json without a type", 200, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"id":"7"}`) }},
	{"json by copy", 200, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		long := `{"id":"7","text":"` + strings.Repeat("x", 40_000) + `"}`
		io.Copy(w, struct{ io.Reader }{strings.NewReader(long)})
	}},
	{"json by copy, with its length", 200, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "10")
		io.Copy(w, struct{ io.Reader }{strings.NewReader(`{"id":"7"}`)})
	}},
	{"long json", 200, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `"`+strings.Repeat("x", 200_000)+`"`)
	}},
	{"no body allowed", 204, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(204)
		_, err := io.WriteString(w, `{"id":"7"}`)
		w.Header().Set("X-Late", fmt.Sprint(err))
	}},
	{"timeout", 503, http.TimeoutHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	}), time.Millisecond, "too late").ServeHTTP},
	{"panic", 500, func(http.ResponseWriter, *http.Request) { panic("oh") }},
	{"panic after body", 201, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(201)
		w.(http.Flusher).Flush()
		panic("oh")
	}},
	{"abort", 500, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	{"no status", 500, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(7) }},
	{"interfaces", 200, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, wiretest.Interfaces(w)) }},
}

// behaviours1 hold for HTTP/1 only.
var behaviours1 = []behaviour{
	{"hijack", 101, func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		buf.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\nhello")
		buf.Flush()
		w.WriteHeader(500)
	}},
	{"hijack by controller", 101, func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		buf.WriteString("raw")
		buf.Flush()
	}},
	{"hijack after status", 101, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(101)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		conn.Close()
	}},
}

// mux serves each behaviour under a path of its own.
func mux(all []behaviour) *http.ServeMux {
	mux := http.NewServeMux()
	for _, b := range all {
		mux.HandleFunc("PUT "+pathOf(b)+"/{id}", b.handler)
	}
	return mux
}

func pathOf(b behaviour) string {
	return "/" + strings.ReplaceAll(strings.ReplaceAll(b.name, ",", ""), " ", "-")
}

// copying is a mapping whose rules ask for all bodies.
func copying(t testing.TB, all []behaviour) *mapping.Mapping {
	rules := "version: 1\nroutes:\n"
	for _, b := range all {
		rules += "  PUT " + pathOf(b) + "/{id}: {cases: [{when: {request: {/role: admin}}, code: thing:promoted}, {code: thing:updated}], target: {type: thing, id: [response./id, path.id]}}\n"
	}
	return parse(t, rules)
}

// requests are the bodies that every behaviour is tried with, as they are sent
// after the request line.
var requests = []struct{ name, text string }{
	{"plain", "Content-Length: 4\r\n\r\nping"},
	{"json", "Content-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"role\":\"admin\"}"},
	{"chunked", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"role\"\r\n9\r\n:\"admin\"}\r\n0\r\n\r\n"},
	{"expects 100", "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 16\r\n\r\n{\"role\":\"admin\"}"},
	{"empty", "Content-Type: application/json\r\nContent-Length: 0\r\n\r\n"},
	{"gzip", "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00"},
}

// TestWire sends the same requests to the same handlers with and without the
// middleware, with and without copies of bodies, and compares what comes over
// the connection byte by byte.
func TestWire(t *testing.T) {
	all := append(behaviours, behaviours1...)
	rec := new(activitylogtest.Recorder)
	without, plainWithout := serve(t, mux(all)), serve(t, inPlain(mux(all)))
	for mode, m := range map[string]*mapping.Mapping{"inferred": inferred(t), "copying": copying(t, all)} {
		activity := middleware.New(m, middleware.WithLoggerProvider(rec))
		knowing := middleware.New(m, middleware.WithLoggerProvider(rec), middleware.WithServeMux(mux(all)))
		for where, server := range map[string]*httptest.Server{
			"around the mux":    serve(t, activity(mux(all))),
			"knowing the mux":   serve(t, knowing(mux(all))),
			"around a copy":     serve(t, knowing(copies(mux(all)))),
			"installed twice":   serve(t, activity(activity(mux(all)))),
			"in a plain writer": serve(t, inPlain(activity(mux(all)))),
		} {
			for _, b := range all {
				for i, request := range requests {
					if mode == "inferred" && i > 0 {
						break // nobody looks at it
					}
					t.Run(mode+"/"+where+"/"+b.name+"/"+request.name, func(t *testing.T) {
						bare := without
						if where == "in a plain writer" {
							bare = plainWithout
						}
						want := wiretest.Put(t, bare, pathOf(b)+"/1", request.text)
						rec.Reset()
						got := wiretest.Put(t, server, pathOf(b)+"/1", request.text)
						if got != want {
							t.Errorf("with the middleware the client gets\n%.1000q\nwithout\n%.1000q", got, want)
						}
						e := only(t, rec)
						if where == "in a plain writer" && e.ErrorType == "panic" {
							return // the handler asserted an interface that is not there
						}
						if e.HTTP.Status != b.status && !(b.name == "read too much" && request.name == "empty") {
							t.Errorf("event has status %d, want %d; the client got\n%.100q", e.HTTP.Status, b.status, got)
						}
					})
				}
			}
		}
	}
}

// plain is what many middlewares wrap a writer in: it has no optional
// interface, but says what it wraps.
type plain struct{ w http.ResponseWriter }

// inPlain serves with such a writer.
func inPlain(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(plain{w}, r) })
}

func (p plain) Header() http.Header         { return p.w.Header() }
func (p plain) Write(b []byte) (int, error) { return p.w.Write(b) }
func (p plain) WriteHeader(code int)        { p.w.WriteHeader(code) }
func (p plain) Unwrap() http.ResponseWriter { return p.w }

// TestWireHTTP2 compares what an HTTP/2 client sees.
func TestWireHTTP2(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	without := serveHTTP2(t, mux(behaviours))
	for name, m := range map[string]*mapping.Mapping{"inferred": inferred(t), "copying": copying(t, behaviours)} {
		with := serveHTTP2(t, middleware.New(m, middleware.WithLoggerProvider(rec))(mux(behaviours)))
		for _, b := range behaviours {
			t.Run(name+"/"+b.name, func(t *testing.T) {
				want := exchangeHTTP2(t, without, pathOf(b)+"/1")
				rec.Reset()
				if got := exchangeHTTP2(t, with, pathOf(b)+"/1"); got != want {
					t.Errorf("with the middleware the client gets\n%.1000s\nwithout\n%.1000s", got, want)
				}
				if e := only(t, rec); e.HTTP.Status != b.status {
					t.Errorf("event has status %d, want %d", e.HTTP.Status, b.status)
				}
			})
		}
	}
}

func exchangeHTTP2(t *testing.T, s *httptest.Server, path string) string {
	t.Helper()
	var out bytes.Buffer
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
			fmt.Fprintln(&out, "informational", code, h)
			return nil
		},
	})
	req, err := http.NewRequestWithContext(ctx, "PUT", s.URL+path, strings.NewReader("ping"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		fmt.Fprintln(&out, "no response", errors.Is(err, context.Canceled))
		return out.String()
	}
	defer resp.Body.Close()
	if resp.ProtoMajor != 2 {
		t.Fatalf("the server speaks %s", resp.Proto)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Header.Del("Date")
	fmt.Fprintln(&out, resp.StatusCode, resp.Header, string(body), err != nil, resp.Trailer)
	return out.String()
}

// TestPush checks that HTTP/2's Push is passed on; no client takes pushes any
// more, so the server's refusal is what comes back.
func TestPush(t *testing.T) {
	handler := func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, w.(http.Pusher).Push("/a.css", nil))
	}
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /pages/{id}", handler)
	without := exchangeHTTP2(t, serveHTTP2(t, mux), "/pages/1")
	with := exchangeHTTP2(t, serveHTTP2(t, middleware.New(inferred(t), middleware.WithLoggerProvider(rec))(mux)), "/pages/1")
	if with != without {
		t.Errorf("Push answers %q, want %q", with, without)
	}
	if e := only(t, rec); e.Outcome != activitylog.Success {
		t.Errorf("outcome is %q", e.Outcome)
	}
}

// TestInterfaces wraps writers with every set of optional interfaces that
// occurs and compares the sets before and after.
func TestInterfaces(t *testing.T) {
	type writer = http.ResponseWriter
	base := httptest.NewRecorder()
	type flusher struct {
		writer
		http.Flusher
	}
	type hijacker struct {
		writer
		http.Hijacker
	}
	type pusher struct {
		writer
		http.Flusher
		http.Pusher
		io.ReaderFrom
	}
	for _, w := range []http.ResponseWriter{
		base, plain{base}, struct{ writer }{base}, flusher{base, base}, hijacker{base, nil}, pusher{base, base, nil, nil},
	} {
		var got string
		var unwraps bool
		mux := http.NewServeMux()
		mux.HandleFunc("PUT /things/{id}", func(w http.ResponseWriter, _ *http.Request) {
			got = wiretest.Interfaces(w)
			_, unwraps = w.(interface{ Unwrap() http.ResponseWriter })
		})
		h := middleware.New(inferred(t), middleware.WithLoggerProvider(new(activitylogtest.Recorder)))(mux)
		h.ServeHTTP(w, httptest.NewRequest("PUT", "/things/1", nil))
		if want := wiretest.Interfaces(w); got != want {
			t.Errorf("%T has %q, the handler sees %q", w, want, got)
		}
		if _, want := w.(interface{ Unwrap() http.ResponseWriter }); want && !unwraps {
			t.Errorf("%T says what it wraps, what the handler sees does not", w)
		}
	}
}
