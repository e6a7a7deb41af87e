package middleware

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"time"
)

// The types that wrap returns. Each is a pointer in size, so that making an
// interface of it does not allocate.

// response is what the writers of HTTP/1 and HTTP/2 have in common.
type response struct{ *writer }

func (w response) Flush()                            { w.flush() }
func (w response) FlushError() error                 { return w.flushError() }
func (w response) WriteString(s string) (int, error) { return w.writeString(s) }
func (w response) CloseNotify() <-chan bool {
	return w.ResponseWriter.(http.CloseNotifier).CloseNotify()
}
func (w response) SetReadDeadline(t time.Time) error {
	return w.ResponseWriter.(deadliner).SetReadDeadline(t)
}
func (w response) SetWriteDeadline(t time.Time) error {
	return w.ResponseWriter.(deadliner).SetWriteDeadline(t)
}
func (w response) EnableFullDuplex() error { return w.ResponseWriter.(fullDuplexer).EnableFullDuplex() }

// response1 is the writer of HTTP/1.
type response1 struct{ response }

func (w response1) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.hijack() }
func (w response1) ReadFrom(src io.Reader) (int64, error)        { return w.readFrom(src) }

// response2 is the writer of HTTP/2.
type response2 struct{ response }

func (w response2) Push(target string, opts *http.PushOptions) error {
	return w.ResponseWriter.(http.Pusher).Push(target, opts)
}

// flusher is a writer that streams, as many wrappers are.
type flusher struct{ *writer }

func (w flusher) Flush() { w.flush() }

// The same ones around a writer that is itself a wrapper.
type (
	wrapped1       struct{ response1 }
	wrapped2       struct{ response2 }
	wrappedFlusher struct{ flusher }
	wrappedPlain   struct{ *writer }
)

func (w wrapped1) Unwrap() http.ResponseWriter       { return w.unwrap() }
func (w wrapped2) Unwrap() http.ResponseWriter       { return w.unwrap() }
func (w wrappedFlusher) Unwrap() http.ResponseWriter { return w.unwrap() }
func (w wrappedPlain) Unwrap() http.ResponseWriter   { return w.unwrap() }
