package capture

import (
	"io"
	"net/http"

	"github.com/activitylog-go/activitylog/mapping"
)

// A Response keeps a copy of the body of a response: of what the handler
// writes, also if the client is gone by then. A nil Response keeps none.
type Response struct {
	copied
	asker Asker
}

// Begin tells that the header of the response is final.
func (c *Response) Begin(h http.Header) {
	if c == nil || c.asked() {
		return
	}
	_, wanted := c.asker.Reads() // without the lock: the answer may be the application's
	c.begin(wanted, refusal(h, declaredLength(h)))
}

// Write copies what the handler writes, once the header is final.
func (c *Response) Write(p []byte) {
	if c != nil {
		add(&c.copied, p)
	}
}

// WriteString is Write for a string.
func (c *Response) WriteString(s string) {
	if c != nil {
		add(&c.copied, s)
	}
}

// Tee returns a reader that copies what the server reads from src to send it,
// or src itself if no copy is to be made: then the server may send a file
// without reading it. h is the response's header, final with the first byte.
func (c *Response) Tee(h http.Header, src io.Reader) io.Reader {
	if c == nil || !c.copies(h) {
		return src
	}
	return source{src, c, h}
}

// copies reports whether a copy is being made, or would be if h were final.
func (c *Response) copies(h http.Header) bool {
	if c.asked() {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.state == open
	}
	_, wanted := c.asker.Reads()
	return wanted && refusal(h, declaredLength(h)) == ""
}

// Hijacked tells that the handler took the connection over.
func (c *Response) Hijacked() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == unasked || c.state == open {
		c.spoil(hijacked)
	}
}

// close ends the copy and returns it; it is valid until release. To be called
// if a copy is wanted by what is known now.
func (c *Response) close() mapping.Body {
	before, kept, problem := c.end()
	if before == unwanted {
		problem = unrouted
	}
	return made(kept, problem)
}

// A source is what the server reads a response from.
type source struct {
	src    io.Reader
	copy   *Response
	header http.Header
}

func (s source) Read(p []byte) (int, error) {
	n, err := s.src.Read(p)
	if n > 0 {
		s.copy.Begin(s.header)
		s.copy.Write(p[:n])
	}
	return n, err
}
