package middleware_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/middleware"
)

// hidden returns a marker as it is nowhere in memory: each byte is one less.
func hidden() []byte { return []byte("lzq.nbslfs.pg.b.cpez.uibu.ovcpez.lffqt") }

// reveal writes the marker to p.
func reveal(p []byte) {
	for i, b := range hidden() {
		p[i] = b - 1
	}
}

// isInMemory reports whether the marker is in what the process has not freed,
// pools and global variables included.
func isInMemory(t *testing.T) bool {
	t.Helper()
	name := filepath.Join(t.TempDir(), "heap")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	runtime.GC() // one: a pool loses what it has with the second
	debug.WriteHeapDump(f.Fd())
	dump, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	marker := make([]byte, len(hidden()))
	reveal(marker)
	defer clear(marker)
	defer clear(dump)
	return bytes.Contains(dump, marker)
}

// A secretive body is {"id":"7","role":"<marker>"}, made as it is read.
type secretive struct{ parts [][]byte }

func newSecretive() *secretive {
	return &secretive{[][]byte{[]byte(`{"id":"7","role":"`), hidden(), []byte(`"}`)}}
}

func (s *secretive) Read(p []byte) (int, error) {
	if len(s.parts) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.parts[0])
	if len(s.parts) == 2 {
		reveal(p)
	}
	s.parts = s.parts[1:]
	return n, nil
}

// A discarding writer sends a response nowhere.
type discarding struct{ header http.Header }

func (d discarding) Header() http.Header         { return d.header }
func (d discarding) Write(p []byte) (int, error) { return len(p), nil }
func (d discarding) WriteHeader(int)             {}

// kept is what a careless handler keeps.
var kept []byte

// TestNoBodyIsLeft lets bodies with a marker pass and looks for it in all of
// memory.
func TestNoBodyIsLeft(t *testing.T) {
	m := watching(t)
	pass := func(rec *activitylogtest.Recorder, handler http.HandlerFunc) {
		mux := http.NewServeMux()
		mux.HandleFunc("PUT /things/{id}", handler)
		h := middleware.New(m, middleware.WithLoggerProvider(rec))(mux)
		r, err := http.NewRequestWithContext(context.Background(), "PUT", "/things/1", newSecretive())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { recover() }()
		h.ServeHTTP(discarding{make(http.Header)}, r)
	}
	// both reads the request and writes it back, from memory that is cleared.
	both := func(w http.ResponseWriter, r *http.Request) {
		p := make([]byte, 1<<10)
		defer clear(p)
		for {
			n, err := r.Body.Read(p)
			w.Write(p[:n])
			if err != nil {
				return
			}
		}
	}
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		left    bool
	}{
		{"handler that keeps it", func(w http.ResponseWriter, r *http.Request) {
			kept, _ = io.ReadAll(r.Body)
		}, true},
		{"request and response", both, false},
		{"long response", func(w http.ResponseWriter, r *http.Request) {
			both(w, r)
			w.Write(make([]byte, 70<<10)) // too long to be kept
		}, false},
		{"panic", func(w http.ResponseWriter, r *http.Request) {
			both(w, r)
			panic("oh")
		}, false},
		{"half of it", func(w http.ResponseWriter, r *http.Request) {
			p := make([]byte, 100)
			defer clear(p)
			r.Body.Read(p)
			r.Body.Read(p)
		}, false},
		{"many", func(w http.ResponseWriter, r *http.Request) {
			for range 100 { // the copy of the response grows several times
				both(w, r)
				r.Body = io.NopCloser(newSecretive())
				w.Write(bytes.Repeat([]byte(" "), 600))
			}
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rec := new(activitylogtest.Recorder)
			pass(rec, tt.handler)
			if left := isInMemory(t); left != tt.left {
				t.Errorf("the body is in memory: %v, want %v", left, tt.left)
			}
			clear(kept)
			if e := only(t, rec); tt.name == "request and response" && e.Target().ID != "7" {
				t.Errorf("the target is %q: the response was not read", e.Target().ID)
			}
			runtime.KeepAlive(rec)
		})
	}
}
