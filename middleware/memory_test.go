package middleware_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/metrics"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/middleware"
)

// With -large 1073741824 and -streams 10000 the tests take a minute, and with
// -race several.
var large = flag.Int64("large", 32<<20, "length in bytes of the bodies of TestLargeBodies")
var streams = flag.Int("streams", 1000, "number of the streams of TestEventStreams")

// generous is how much memory a stream may take, whatever its length.
const generous = 16 << 20

// A flow is a body of so many bytes that are nowhere. It looks at the memory
// in use while it streams.
type flow struct {
	length, passed int64
	peak           uint64
}

func (f *flow) Read(p []byte) (int, error) {
	if f.passed == f.length {
		return 0, io.EOF
	}
	n := min(int64(len(p)), f.length-f.passed)
	if part := f.length / 8; f.passed/part != (f.passed+n)/part {
		f.peak = max(f.peak, inUse())
	}
	f.passed += n
	return int(n), nil
}

// allocated returns how many bytes the process has allocated so far, also
// those that it has freed.
func allocated() uint64 { return read("/gc/heap/allocs:bytes") }

// inUse returns the bytes of what is reachable and of the goroutines' stacks.
func inUse() uint64 {
	runtime.GC()
	runtime.GC() // what pools gave up in the first
	return read("/memory/classes/heap/objects:bytes") + read("/memory/classes/heap/stacks:bytes")
}

func read(metric string) uint64 {
	sample := []metrics.Sample{{Name: metric}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// watching is a mapping that asks for the bodies of both directions.
func watching(t testing.TB) *mapping.Mapping {
	return parse(t, `version: 1
routes:
  PUT /things/{id}:
    cases: [{when: {request: {/role: admin}}, code: thing:promoted}, {code: thing:updated}]
    target: {type: thing, id: [response./id, path.id]}
`)
}

// TestLargeBodies streams bodies to a handler and back. What kept them would
// show in the memory in use, and what copied them in what is allocated. HTTP/2
// allocates by itself, and more so with -race.
func TestLargeBodies(t *testing.T) {
	for name, m := range map[string]*mapping.Mapping{"inferred": inferred(t), "watching": watching(t)} {
		for _, direction := range []string{"request", "response, written", "response, read from"} {
			for _, protocol := range []string{"HTTP/1.1", "HTTP/2"} {
				t.Run(name+"/"+direction+"/"+protocol, func(t *testing.T) {
					rec := new(activitylogtest.Recorder)
					mux := http.NewServeMux()
					body := &flow{length: *large}
					mux.HandleFunc("PUT /things/{id}", func(w http.ResponseWriter, r *http.Request) {
						w.Header().Set("Content-Type", "application/json")
						switch direction {
						case "request":
							n, _ := io.Copy(io.Discard, r.Body)
							fmt.Fprint(w, n)
						case "response, written":
							io.Copy(struct{ io.Writer }{w}, body)
						default:
							io.Copy(w, body)
						}
					})
					h := middleware.New(m, middleware.WithLoggerProvider(rec))(mux)
					s := serve(t, h)
					if protocol == "HTTP/2" {
						s, body.length = serveHTTP2(t, h), *large
					}
					before, allocatedBefore := inUse(), allocated()
					r, err := http.NewRequestWithContext(t.Context(), "PUT", s.URL+"/things/1", nil)
					if err != nil {
						t.Fatal(err)
					}
					if direction == "request" {
						r.Body = io.NopCloser(body)
					}
					resp, err := s.Client().Do(r)
					if err != nil {
						t.Fatal(err)
					}
					defer resp.Body.Close()
					n, err := io.Copy(io.Discard, resp.Body)
					if body.passed != body.length || n == 0 || err != nil {
						t.Fatalf("%d bytes came back, %d of %d passed, %v", n, body.passed, body.length, err)
					}
					only(t, rec)
					if body.peak > before+generous {
						t.Errorf("%d bytes were in use for %d bytes that passed, %d before", body.peak, body.length, before)
					}
					if total := allocated() - allocatedBefore; protocol == "HTTP/1.1" && total > generous {
						t.Errorf("%d bytes were allocated for %d bytes that passed", total, body.length)
					}
				})
			}
		}
	}
}

// TestEventStreams opens event streams with and without the middleware and
// compares what they cost.
func TestEventStreams(t *testing.T) {
	const most = 2 << 10 // more per stream
	m := parse(t, `version: 1
routes:
  GET /orgs/{org}/events: {code: events:followed, target: {type: events, id: response./id}}
`)
	nothing := func() {}
	openStreams(t, nil, nothing) // the runtime keeps what a goroutine is: now there are enough of them
	bare, bareAfter := openStreams(t, nil, nothing)
	rec := new(activitylogtest.Recorder)
	with, after := openStreams(t, middleware.New(m, middleware.WithLoggerProvider(rec)), func() {
		if n := len(await(t, rec, *streams)); n != *streams {
			t.Errorf("%d events, want %d", n, *streams)
		}
		rec.Reset()
	})
	t.Logf("%d bytes per stream, %d without the middleware; when they have ended %d and %d", with, bare, after, bareAfter)
	if with > bare+most {
		t.Errorf("%d bytes per stream, %d without the middleware", with, bare)
	}
	if after > bareAfter+most/2 { // what is left is the client's
		t.Errorf("%d bytes per stream are left when they have ended, %d without the middleware", after, bareAfter)
	}
}

// openStreams opens streams over HTTP/2, which needs few file descriptors, and
// returns the bytes in use for each when all are open and when all have ended.
func openStreams(t *testing.T, activity func(http.Handler) http.Handler, ended func()) (open, after int64) {
	var opened sync.WaitGroup
	opened.Add(*streams)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orgs/{org}/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: hello\n\n")
		http.NewResponseController(w).Flush()
		opened.Done()
		<-r.Context().Done()
	})
	s := httptest.NewUnstartedServer(mux)
	if activity != nil {
		s.Config.Handler = activity(mux)
	}
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
	defer s.Close()
	transport := s.Client().Transport.(*http.Transport)
	transport.Protocols = s.Config.Protocols
	goroutines, before := runtime.NumGoroutine(), int64(inUse())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range *streams {
		r, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/orgs/acme/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
	}
	opened.Wait()
	open = (int64(inUse()) - before) / int64(*streams)
	cancel()
	transport.CloseIdleConnections()
	s.Close()
	ended()
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > goroutines && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	return open, (int64(inUse()) - before) / int64(*streams)
}

// TestHalfSentBodies has clients that send a part of a body and no more. The
// copy of one takes at most twice its bytes, from 4 KiB on, and 64 KiB at most;
// the rest may be a stack that had to grow.
func TestHalfSentBodies(t *testing.T) {
	const clients = 200
	for _, tt := range []struct {
		sent int
		most int64 // more per client
	}{
		{0, 8 << 10},
		{10, 12 << 10},
		{5 << 10, 16 << 10},
		{60 << 10, 72 << 10},
		{100 << 10, 8 << 10}, // too long for a copy: there is none any more
	} {
		t.Run(strconv.Itoa(tt.sent), func(t *testing.T) {
			holdBodies(t, nil, clients, tt.sent)
			bare := holdBodies(t, nil, clients, tt.sent)
			with := holdBodies(t, middleware.New(watching(t), middleware.WithLoggerProvider(new(activitylogtest.Recorder))), clients, tt.sent)
			t.Logf("%d bytes per client, %d without the middleware", with, bare)
			if with > bare+tt.most {
				t.Errorf("%d bytes per client, %d without the middleware", with, bare)
			}
		})
	}
}

// holdBodies returns the bytes in use for each client whose body a handler
// waits for, having read so many bytes of it.
func holdBodies(t *testing.T, activity func(http.Handler) http.Handler, clients, sent int) int64 {
	var waiting, ended sync.WaitGroup
	waiting.Add(clients)
	ended.Add(clients)
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /things/{id}", func(_ http.ResponseWriter, r *http.Request) {
		io.CopyN(io.Discard, r.Body, int64(sent))
		waiting.Done()
		r.Body.Read(make([]byte, 1))
		ended.Done()
	})
	var h http.Handler = mux
	if activity != nil {
		h = activity(mux)
	}
	s := serve(t, h)
	before := int64(inUse())
	body := make([]byte, sent)
	conns := make([]net.Conn, clients)
	for i := range conns {
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(conn, "PUT /things/1 HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
		if sent > 0 {
			fmt.Fprintf(conn, "%x\r\n%s\r\n", sent, body)
		}
		conns[i] = conn
	}
	waiting.Wait()
	held := (int64(inUse()) - before) / int64(clients)
	for _, conn := range conns {
		conn.Close()
	}
	ended.Wait()
	s.Close()
	return held
}
