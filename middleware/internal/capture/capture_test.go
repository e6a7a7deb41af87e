package capture_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/activitylog-go/activitylog/middleware/internal/capture"
)

// both asks for both bodies.
type both struct{}

func (both) Reads() (request, response bool) { return true, true }

// TestBuffersKeepNothing looks at the arrays that copies were in.
func TestBuffersKeepNothing(t *testing.T) {
	const limit = capture.Limit
	for _, size := range []int{1, 4 << 10, 4<<10 + 1, limit - 1, limit, limit + 1, 3 * limit} {
		for _, step := range []int{1000, limit, 3 * limit} {
			c := capture.NewResponse(both{})
			c.Begin(http.Header{})
			text := strings.Repeat("s", size)
			var arrays [][]byte // all that it has used
			for rest := text; rest != ""; {
				n := min(step, len(rest))
				arrays = append(arrays, c.Array())
				c.WriteString(rest[:n])
				rest = rest[n:]
			}
			arrays = append(arrays, c.Array())
			got := c.Close()
			if fits := size <= limit; (string(got.JSON) == text) != fits || (got.Problem == "") != fits {
				t.Errorf("%d bytes in steps of %d: kept %d, problem %q", size, step, len(got.JSON), got.Problem)
			}
			c.Release()
			for _, array := range arrays {
				if len(array) > limit {
					t.Errorf("%d bytes in steps of %d: an array of %d bytes", size, step, len(array))
				}
				if strings.Contains(string(array), "s") {
					t.Errorf("%d bytes in steps of %d: an array still holds some", size, step)
				}
			}
			c.WriteString(text)
			if c.Array() != nil {
				t.Errorf("%d bytes in steps of %d: kept after release", size, step)
			}
		}
	}
}

func TestIsJSON(t *testing.T) {
	for media, want := range map[string]bool{
		"application/json":                true,
		"Application/JSON; charset=utf-8": true,
		" application/json ;":             true,
		"application/vnd.api+json":        true,
		"application/problem+JSON":        true,
		"":                                false,
		"+json":                           false,
		"application/jsonp":               false,
		"application/x-ndjson":            false,
		"application/json-seq":            false,
		"text/html":                       false,
		"multipart/form-data; x=application/json":  false,
		"text/plain; application/json":             false,
		"application/json, text/plain":             false,
		"application/octet-stream; a=\"b\"+json; ": false,
	} {
		if got := capture.IsJSON(media); got != want {
			t.Errorf("%q is JSON: %v, want %v", media, got, want)
		}
	}
}

// TestTeeLeavesSource checks that the server gets a file itself, which it may
// send without reading it, where no copy is to be made.
func TestTeeLeavesSource(t *testing.T) {
	file := strings.NewReader("{}")
	for _, tt := range []struct {
		name string
		c    *capture.Response
		h    http.Header
		same bool
	}{
		{"nobody asks", nil, http.Header{}, true},
		{"json", capture.NewResponse(both{}), http.Header{"Content-Type": {"application/json"}}, false},
		{"image", capture.NewResponse(both{}), http.Header{"Content-Type": {"image/png"}}, true},
		{"long", capture.NewResponse(both{}), http.Header{"Content-Length": {"70000"}}, true},
		{"compressed", capture.NewResponse(both{}), http.Header{"Content-Encoding": {"gzip"}}, true},
	} {
		if got := tt.c.Tee(tt.h, file); (got == io.Reader(file)) != tt.same {
			t.Errorf("%s: the server gets the file itself: %v, want %v", tt.name, !tt.same, tt.same)
		}
	}
}

// TestGoroutines reads, writes and releases at once, as a handler does that
// has left goroutines behind.
func TestGoroutines(t *testing.T) {
	for range 50 {
		r := httptest.NewRequest("PUT", "/", strings.NewReader(strings.Repeat("x", 20_000)))
		b := capture.Start(r, both{}, both{})
		response := b.Response()
		var wg sync.WaitGroup
		wg.Go(func() { io.Copy(io.Discard, struct{ io.Reader }{r.Body}) })
		for range 2 {
			wg.Go(func() {
				for range 100 {
					response.Begin(http.Header{})
					response.Write([]byte("xyz"))
					response.WriteString("xyz")
				}
			})
		}
		wg.Go(func() {
			if got := b.Response().Close(); strings.Trim(string(got.JSON), "xyz") != "" {
				t.Errorf("the copy holds %q", got.JSON)
			}
			b.Request().Close()
			b.Release()
		})
		wg.Wait()
		if b.Request().Array() != nil || b.Response().Array() != nil {
			t.Error("a buffer is kept after release")
		}
	}
}
