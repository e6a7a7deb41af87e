package middleware_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// members is a mapping whose rule looks at both bodies.
const members = `version: 1
tenant: {path: org}
routes:
  PATCH /orgs/{org}/members/{member}:
    cases:
      - {when: {request: {/status: inactive}}, code: org.member:deactivated}
      - {code: org.member:updated}
    target: {type: member, id: response./id, name: request./name}
`

// attribute returns the text of an application's attribute, or "".
func attributeOf(e activitylog.Event, name string) string {
	for _, kv := range e.Attributes {
		if string(kv.Key) == name {
			return kv.Value.AsString()
		}
	}
	return ""
}

func decode(w http.ResponseWriter, r *http.Request) {
	var v any
	if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"id":"usr_bob"}`)
}

// TestRequestBody sends bodies to handlers over real connections and looks at
// what the event knows of them.
func TestRequestBody(t *testing.T) {
	const body = `{"status":"inactive","name":"Bob"}`
	readAll := func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }
	for _, tt := range []struct {
		name    string
		body    io.Reader // of a type that net/http does not know: chunked
		header  string    // Content-Type; and Content-Encoding after a comma
		handler http.HandlerFunc
		code    activitylog.Code
		unread  string
	}{
		{"decoded", strings.NewReader(body), "application/json", decode, "org.member:deactivated", ""},
		{"read whole", strings.NewReader(body), "application/json", readAll, "org.member:deactivated", ""},
		{"chunked", unsized{strings.NewReader(body)}, "application/json", decode, "org.member:deactivated", ""},
		{"chunked, byte by byte", unsized{iotest1{strings.NewReader(body)}}, "application/json", decode, "org.member:deactivated", ""},
		{"space behind it that is not read", strings.NewReader(body + strings.Repeat(" ", 2000)), "application/json", decode, "org.member:deactivated", ""},
		{"suffix", strings.NewReader(body), "application/merge-patch+JSON; charset=utf-8", decode, "org.member:deactivated", ""},
		{"no type", strings.NewReader(body), "", decode, "org.member:deactivated", ""},
		{"identity", strings.NewReader(body), "application/json,identity", decode, "org.member:deactivated", ""},
		{"written to a writer", strings.NewReader(body), "application/json", func(w http.ResponseWriter, r *http.Request) {
			io.Copy(&bytes.Buffer{}, r.Body)
		}, "org.member:deactivated", ""},
		{"as long as may be", strings.NewReader(body[:len(body)-1] + strings.Repeat(" ", 64<<10-len(body)) + "}"), "application/json", readAll, "org.member:deactivated", ""},
		{"empty", strings.NewReader(""), "application/json", readAll, "org.member:updated", ""},
		{"empty and chunked", unsized{strings.NewReader("")}, "application/json", readAll, "org.member:updated", ""},

		{"longer by a byte", strings.NewReader(body + strings.Repeat(" ", 64<<10+1-len(body))), "application/json", readAll, "org.member:updated", "longer than 64 KiB"},
		{"longer and chunked", unsized{strings.NewReader(body + strings.Repeat(" ", 100_000))}, "application/json", readAll, "org.member:updated", "longer than 64 KiB"},
		{"form", strings.NewReader("status=inactive"), "application/x-www-form-urlencoded", readAll, "org.member:updated", "content type is not JSON"},
		{"multipart", strings.NewReader(body), "multipart/form-data; boundary=x", readAll, "org.member:updated", "content type is not JSON"},
		{"binary", strings.NewReader("\x00\xff"), "application/octet-stream", readAll, "org.member:updated", "content type is not JSON"},
		{"JSON that says form, as curl -d sends it", strings.NewReader(body), "application/x-www-form-urlencoded", decode, "org.member:deactivated", ""},
		{"JSON that says text", strings.NewReader(body), "text/plain", decode, "org.member:deactivated", ""},
		{"lines of JSON", strings.NewReader(body + "\n" + body), "application/x-ndjson", readAll, "org.member:updated", "content type is not JSON"},
		{"binary that says JSON", strings.NewReader("\x00\xff"), "application/json", readAll, "org.member:updated", "not valid JSON"},
		{"invalid", strings.NewReader("}" + body), "application/json", readAll, "org.member:updated", "not valid JSON"},
		{"more behind it, which a decoder does not look at", strings.NewReader(body + "}"), "application/json", readAll, "org.member:deactivated", ""},
		{"compressed", strings.NewReader("\x1f\x8b"), "application/json,gzip", readAll, "org.member:updated", "content encoding"},
		{"half read", strings.NewReader(body), "application/json", func(_ http.ResponseWriter, r *http.Request) {
			io.CopyN(io.Discard, r.Body, 20)
		}, "org.member:updated", "did not read it whole"},
		{"half read, a number", strings.NewReader("1234"), "application/json", func(_ http.ResponseWriter, r *http.Request) {
			io.CopyN(io.Discard, r.Body, 2)
		}, "org.member:updated", "did not read it whole"},
		{"not read", strings.NewReader(body), "application/json", func(http.ResponseWriter, *http.Request) {}, "org.member:updated", "did not read it"},
		{"not read, several parts", strings.NewReader("a=b"), "multipart/mixed", func(http.ResponseWriter, *http.Request) {}, "org.member:updated", "content type is not JSON"},
		{"refused by its length", strings.NewReader(body), "application/json", func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 5)); err != nil {
				w.WriteHeader(http.StatusRequestEntityTooLarge)
			}
		}, "org.member:updated", "did not read it whole"},
		{"read, then a panic", strings.NewReader(body), "application/json", func(_ http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			panic(http.ErrAbortHandler)
		}, "org.member:deactivated", ""},
		{"read by two goroutines, one after the other", strings.NewReader(body), "application/json", func(_ http.ResponseWriter, r *http.Request) {
			var wg sync.WaitGroup
			wg.Go(func() { io.CopyN(io.Discard, r.Body, 10) })
			wg.Wait()
			wg.Go(func() { io.Copy(io.Discard, r.Body) })
			wg.Wait()
		}, "org.member:deactivated", ""},
	} {
		sent, _ := io.ReadAll(tt.body)
		for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
			t.Run(protocol+"/"+tt.name, func(t *testing.T) {
				rec := new(activitylogtest.Recorder)
				mux := http.NewServeMux()
				mux.HandleFunc("PATCH /orgs/{org}/members/{member}", tt.handler)
				h := middleware.New(parse(t, members), middleware.WithLoggerProvider(rec))(mux)
				s := serve(t, h)
				if protocol == "HTTP/2.0" {
					s = serveHTTP2(t, h)
				}
				var body io.Reader = bytes.NewReader(sent)
				if _, ok := tt.body.(unsized); ok {
					body = unsized{body}
				}
				req, err := http.NewRequestWithContext(t.Context(), "PATCH", s.URL+"/orgs/acme/members/bob", body)
				if err != nil {
					t.Fatal(err)
				}
				media, coding, _ := strings.Cut(tt.header, ",")
				if media != "" {
					req.Header.Set("Content-Type", media)
				}
				if coding != "" {
					req.Header.Set("Content-Encoding", coding)
				}
				if resp, err := s.Client().Do(req); err == nil {
					if io.Copy(io.Discard, resp.Body); resp.Proto != protocol {
						t.Errorf("the server speaks %s", resp.Proto)
					}
					resp.Body.Close()
				}
				e := only(t, rec)
				if unread := attributeOf(e, "unread.request"); e.Code != tt.code || !strings.Contains(unread, tt.unread) || (unread == "") != (tt.unread == "") {
					t.Errorf("event is %s, not read because %q, want %s, %q", e.Code, unread, tt.code, tt.unread)
				}
			})
		}
	}
}

// unsized hides how long a body is.
type unsized struct{ io.Reader }

// iotest1 reads byte by byte.
type iotest1 struct{ r io.Reader }

func (o iotest1) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }

// TestResponseBody lets handlers answer in many ways and looks at what the
// event knows of it.
func TestResponseBody(t *testing.T) {
	const body = `{"id":"usr_bob"}`
	answer := func(contentType, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			io.WriteString(w, text)
		}
	}
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		id      string
		unread  string
	}{
		{"written", answer("application/json", body), "usr_bob", ""},
		{"without a type", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(body)) }, "usr_bob", ""},
		{"with a status", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(422)
			fmt.Fprint(w, body)
		}, "usr_bob", ""},
		{"after early hints", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(103)
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, body)
		}, "usr_bob", ""},
		{"header changed too late", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(200)
			w.Header().Set("Content-Type", "text/plain")
			fmt.Fprint(w, body)
		}, "usr_bob", ""},
		{"in parts", func(w http.ResponseWriter, _ *http.Request) {
			for _, b := range []byte(body) {
				w.Write([]byte{b})
				w.(http.Flusher).Flush()
			}
		}, "usr_bob", ""},
		{"by controller", func(w http.ResponseWriter, _ *http.Request) {
			http.NewResponseController(w).Flush()
			io.WriteString(w, body)
		}, "usr_bob", ""},
		{"copied", func(w http.ResponseWriter, _ *http.Request) {
			io.Copy(w, struct{ io.Reader }{strings.NewReader(body)})
		}, "usr_bob", ""},
		{"copied after a write", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, body[:4])
			io.Copy(w, struct{ io.Reader }{strings.NewReader(body[4:])})
		}, "usr_bob", ""},
		{"nothing copied, then a type", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			io.Copy(w, struct{ io.Reader }{strings.NewReader("")})
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, body)
		}, "usr_bob", ""},
		{"nothing copied, then another type", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.Copy(w, struct{ io.Reader }{strings.NewReader("")})
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, body)
		}, "", "content type is not JSON"},
		{"to the writer that is wrapped", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w.(interface{ Unwrap() http.ResponseWriter }).Unwrap(), body)
		}, "usr_bob", ""},
		{"then a panic", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, body)
			panic(http.ErrAbortHandler)
		}, "usr_bob", ""},
		{"to a client that is gone", func(w http.ResponseWriter, r *http.Request) {
			http.NewResponseController(w).SetWriteDeadline(time.Now().Add(-time.Hour))
			w.(http.Flusher).Flush()
			io.WriteString(w, body)
		}, "usr_bob", ""},
		{"nothing", func(http.ResponseWriter, *http.Request) {}, "", ""},
		{"no content", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "", ""},

		{"page", answer("text/html", body), "", "content type is not JSON"},
		{"event stream", answer("text/event-stream", body), "", "content type is not JSON"},
		{"compressed", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			io.WriteString(w, body)
		}, "", "content encoding"},
		{"long", answer("application/json", body+strings.Repeat(" ", 64<<10)), "", "longer than 64 KiB"},
		{"long, and says so", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(64<<10+1))
			io.WriteString(w, body+strings.Repeat(" ", 64<<10+1-len(body)))
		}, "", "longer than 64 KiB"},
		{"half", answer("application/json", body[:8]), "", "not valid JSON"},
		{"plain text without a type", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "done") }, "", "not valid JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, known := range []bool{false, true} {
				rec := new(activitylogtest.Recorder)
				mux := http.NewServeMux()
				mux.HandleFunc("PATCH /orgs/{org}/members/{member}", tt.handler)
				opts := []middleware.Option{middleware.WithLoggerProvider(rec)}
				if known {
					opts = append(opts, middleware.WithServeMux(mux))
				}
				h := middleware.New(parse(t, members), opts...)(mux)
				if strings.Contains(tt.name, "wrapped") {
					h = inPlain(h)
				}
				do(t, serve(t, h), "PATCH", "/orgs/acme/members/bob")
				e := only(t, rec)
				if unread := attributeOf(e, "unread.response"); e.Target().ID != tt.id || !strings.Contains(unread, tt.unread) || (unread == "") != (tt.unread == "") {
					t.Errorf("route known before: %v: target is %q, not read because %q, want %q, %q", known, e.Target().ID, unread, tt.id, tt.unread)
				}
			}
		})
	}
}

func TestHijackedBody(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		conn.Close()
	})
	do(t, serve(t, middleware.New(parse(t, members), middleware.WithLoggerProvider(rec))(mux)), "PATCH", "/orgs/acme/members/bob")
	if got := attributeOf(only(t, rec), "unread.response"); !strings.Contains(got, "took the connection over") {
		t.Errorf("the response is not read because %q", got)
	}
}

// TestBodyBreaksOff hangs up in the middle of a body.
func TestBodyBreaksOff(t *testing.T) {
	for _, tt := range []struct {
		sent, unread string
		code         activitylog.Code
	}{
		{`{"status":"ina`, "broke off", "org.member:updated"},
		{`{"status":"inactive"}`, "", "org.member:deactivated"}, // the handler may have acted on it
	} {
		rec := new(activitylogtest.Recorder)
		mux := http.NewServeMux()
		mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(_ http.ResponseWriter, r *http.Request) { io.ReadAll(r.Body) })
		s := serve(t, middleware.New(parse(t, members), middleware.WithLoggerProvider(rec))(mux))
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "PATCH /orgs/acme/members/bob HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\n%s", tt.sent)
		conn.Close()
		if e := only(t, rec); e.Code != tt.code || !strings.Contains(attributeOf(e, "unread.request"), tt.unread) {
			t.Errorf("%q: event is %s, not read because %q, want %s, %q", tt.sent, e.Code, attributeOf(e, "unread.request"), tt.code, tt.unread)
		}
	}
}

// TestExpectContinue refuses a request without reading its body: the client,
// which waits, must not be told to send it.
func TestExpectContinue(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("member") == "bob" {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		decode(w, r)
	})
	s := serve(t, middleware.New(parse(t, members), middleware.WithLoggerProvider(rec), middleware.WithServeMux(mux))(mux))
	for member, want := range map[string]string{"bob": "HTTP/1.1 401 Unauthorized\r\n", "ann": "HTTP/1.1 100 Continue\r\n"} {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		fmt.Fprintf(conn, "PATCH /orgs/acme/members/%s HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 21\r\n\r\n", member)
		if got, err := bufio.NewReader(conn).ReadString('\n'); got != want {
			t.Errorf("%s: the server answers %q, %v, want %q", member, got, err, want)
		}
		fmt.Fprint(conn, `{"status":"inactive"}`)
		conn.Close()
	}
	for _, e := range await(t, rec, 2) {
		if e.Outcome == activitylog.Denied && attributeOf(e, "unread.request") != "the handler did not read it" {
			t.Errorf("the refused body is not read because %q", attributeOf(e, "unread.request"))
		}
	}
}

// TestBodyOfUnknownRoute reads the body in front of the mux.
func TestBodyOfUnknownRoute(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", decode)
	verify := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		mux.ServeHTTP(w, r)
	})
	const body = `{"status":"inactive"}`
	for _, tt := range []struct {
		opts   []middleware.Option
		code   activitylog.Code
		unread string
	}{
		{nil, "org.member:updated", "its route was not known in time: pass WithServeMux or WithRoute"},
		{[]middleware.Option{middleware.WithServeMux(mux)}, "org.member:deactivated", ""},
	} {
		rec.Reset()
		h := middleware.New(parse(t, members), append(tt.opts, middleware.WithLoggerProvider(rec))...)(verify)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PATCH", "/orgs/acme/members/bob", strings.NewReader(body)))
		if e := only(t, rec); e.Code != tt.code || attributeOf(e, "unread.request") != tt.unread {
			t.Errorf("event is %s, not read because %q, want %s, %q", e.Code, attributeOf(e, "unread.request"), tt.code, tt.unread)
		}
	}
}
