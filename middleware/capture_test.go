package middleware_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// TestBodyIsLeftAlone looks at the request that handlers get: where no rule
// asks for the body, it is the server's own.
func TestBodyIsLeftAlone(t *testing.T) {
	for _, tt := range []struct {
		path string
		same bool
	}{
		{"/orgs/acme/things/1", true}, // a rule that does not ask
		{"/orgs/acme/members/bob", false},
	} {
		var got io.ReadCloser
		mux := http.NewServeMux()
		see := func(_ http.ResponseWriter, r *http.Request) { got = r.Body }
		mux.HandleFunc("PATCH /orgs/{org}/members/{member}", see)
		mux.HandleFunc("PATCH /orgs/{org}/things/{thing}", see)
		h := middleware.New(parse(t, members), middleware.WithLoggerProvider(new(activitylogtest.Recorder)), middleware.WithServeMux(mux))(mux)
		body := io.NopCloser(strings.NewReader("{}"))
		r := httptest.NewRequest("PATCH", tt.path, body)
		h.ServeHTTP(httptest.NewRecorder(), r)
		if same := got == body; same != tt.same || r.Body != body {
			t.Errorf("%s: the handler has the server's body: %v, want %v; the server has its own again: %v", tt.path, same, tt.same, r.Body == body)
		}
	}
}

// TestBodyPutBack has a middleware further out read the body and put it back,
// as one that can write itself.
func TestBodyPutBack(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	var got string
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(_ http.ResponseWriter, r *http.Request) {
		var all strings.Builder
		if _, err := r.Body.(io.WriterTo).WriteTo(&all); err != nil {
			t.Error(err)
		}
		got = all.String()
	})
	h := middleware.New(parse(t, members), middleware.WithLoggerProvider(rec))(mux)
	const body = `{"status":"inactive"}`
	r := httptest.NewRequest("PATCH", "/orgs/acme/members/bob", io.NopCloser(bytes.NewReader([]byte(body))))
	h.ServeHTTP(httptest.NewRecorder(), r)
	if e := only(t, rec); got != body || e.Code != "org.member:deactivated" {
		t.Errorf("the handler reads %q, event is %s", got, e.Code)
	}
}

// TestProxy has a proxy for its handler, which reads and writes bodies in
// goroutines of its own; one server answers before it has read the request.
func TestProxy(t *testing.T) {
	backend := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "bob") {
			io.Copy(io.Discard, r.Body)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id":"usr_7"}`)
	}))
	target, err := url.Parse(backend.URL)
	if err != nil {
		t.Fatal(err)
	}
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ErrorLog = log.New(io.Discard, "", 0)
	mux.Handle("PATCH /orgs/{org}/members/{member}", proxy)
	s := serve(t, middleware.New(parse(t, members), middleware.WithLoggerProvider(rec))(mux))
	long := `{"status":"inactive"` + strings.Repeat(" ", 60_000) + "}"
	for member, code := range map[string]activitylog.Code{"bob": "org.member:deactivated", "ann": ""} {
		for range 20 {
			rec.Reset()
			req, err := http.NewRequestWithContext(t.Context(), "PATCH", s.URL+"/orgs/acme/members/"+member, unsized{strings.NewReader(long)})
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			resp, err := s.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			answer, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			e := only(t, rec)
			if string(answer) != `{"id":"usr_7"}` || e.Target().ID != "usr_7" || code != "" && e.Code != code {
				t.Errorf("%s: the client gets %q, event is %s of %q, not read because %q", member, answer, e.Code, e.Target().ID, attributeOf(e, "unread.request"))
			}
		}
	}
}

// TestSendsFiles checks that the server gets the file itself to send, which it
// need not read, where its bytes are of no use to a rule.
func TestSendsFiles(t *testing.T) {
	for _, tt := range []struct {
		path, media string
		same        bool
	}{
		{"/orgs/acme/things/1", "application/json", true}, // a rule that does not ask
		{"/orgs/acme/members/bob", "image/png", true},
		{"/orgs/acme/members/bob", "application/json", false},
	} {
		for _, known := range []bool{false, true} {
			file := struct{ io.Reader }{strings.NewReader("{}")}
			mux := http.NewServeMux()
			send := func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", tt.media)
				io.Copy(w, file)
			}
			mux.HandleFunc("PATCH /orgs/{org}/members/{member}", send)
			mux.HandleFunc("PATCH /orgs/{org}/things/{thing}", send)
			opts := []middleware.Option{middleware.WithLoggerProvider(new(activitylogtest.Recorder))}
			if known {
				opts = append(opts, middleware.WithServeMux(mux))
			}
			w := &sender{ResponseRecorder: httptest.NewRecorder()}
			middleware.New(parse(t, members), opts...)(mux).ServeHTTP(w, httptest.NewRequest("PATCH", tt.path, nil))
			if same := w.src == io.Reader(file); same != tt.same || w.Body.String() != "{}" {
				t.Errorf("%s, %s, route known before: %v: the server gets the file itself: %v, want %v; it sends %q", tt.path, tt.media, known, same, tt.same, w.Body)
			}
		}
	}
}

// A sender is a writer that knows how to send files.
type sender struct {
	*httptest.ResponseRecorder
	src io.Reader
}

func (s *sender) ReadFrom(src io.Reader) (int64, error) {
	s.src = src
	return io.Copy(s.Body, src)
}

// TestLateBody reads and writes after the handler has returned, as the
// transport of a proxy may.
func TestLateBody(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	var body io.Reader
	var writer http.ResponseWriter
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, r *http.Request) {
		body, writer = r.Body, w
		io.CopyN(io.Discard, r.Body, 3)
	})
	h := middleware.New(parse(t, members), middleware.WithLoggerProvider(rec))(mux)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("PATCH", "/orgs/acme/members/bob", strings.NewReader(`{"status":"inactive"}`)))
	rest, err := io.ReadAll(body)
	if string(rest) != `tatus":"inactive"}` || err != nil {
		t.Errorf("the rest is %q, %v", rest, err)
	}
	io.WriteString(writer, `{"id":"late"}`)
	if e := only(t, rec); e.Code != "org.member:updated" || e.Target().ID != "" {
		t.Errorf("event is %s of %q", e.Code, e.Target().ID)
	}
}

// TestKeepsNoBody sends bodies that are as long as may be, with a secret in
// each, and looks for what is left of them.
func TestKeepsNoBody(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	h := middleware.New(parse(t, members), middleware.WithLoggerProvider(rec))(mux)
	const requests, size = 64, 60 << 10
	text := `{"status":"inactive","secret":"` + strings.Repeat("x", size) + `"}`
	before := heap()
	for range requests {
		h.ServeHTTP(discard{http.Header{}}, httptest.NewRequest("PATCH", "/orgs/acme/members/bob", strings.NewReader(text)))
	}
	if kept := heap() - before; kept > requests*size/4 {
		t.Errorf("%d events keep %d KiB in memory", requests, kept>>10)
	}
	if n := len(await(t, rec, requests)); n != requests {
		t.Errorf("%d events, want %d", n, requests)
	}
}

// discard is a writer that keeps nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// TestLongStream writes far more than is kept, in a response that a rule asks for.
func TestLongStream(t *testing.T) {
	rec := new(activitylogtest.Recorder)
	block := bytes.Repeat([]byte(" "), 1<<20)
	var most int64
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /orgs/{org}/members/{member}", func(w http.ResponseWriter, r *http.Request) {
		before := heap()
		for range 64 {
			w.Write(block)
			most = max(most, heap()-before)
		}
	})
	h := middleware.New(parse(t, members), middleware.WithLoggerProvider(rec))(mux)
	h.ServeHTTP(discard{http.Header{}}, httptest.NewRequest("PATCH", "/orgs/acme/members/bob", nil).WithContext(context.Background()))
	if most > 1<<20 {
		t.Errorf("memory grew by %d KiB in 64 MiB of response", most>>10)
	}
	if got := attributeOf(only(t, rec), "unread.response"); !strings.Contains(got, "longer than 64 KiB") {
		t.Errorf("the response is not read because %q", got)
	}
}
