package middleware

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/felixge/httpsnoop"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/middleware/internal/capture"
)

// A status is the first final status of a response: 101, or 200 and above. It
// is atomic because a proxy's handler writes from several goroutines.
type status struct{ code atomic.Int32 }

// takenOver stands for the 101 of a connection that the handler took over
// before it chose a status: what it then wrote, only the client has seen.
const takenOver = -http.StatusSwitchingProtocols

func (s *status) load() int {
	code := int(s.code.Load())
	return max(code, -code)
}

// outcome returns the outcome that the status does not tell, "" if it does.
func (s *status) outcome() activitylog.Outcome {
	if s.code.Load() == takenOver {
		return activitylog.Unknown
	}
	return ""
}

func (s *status) set(code int) {
	if code >= 200 || code == http.StatusSwitchingProtocols {
		s.code.CompareAndSwap(0, int32(code))
	}
}

// A writer notes the status of a response and lets the body be copied. It has every optional method of a
// ResponseWriter in lower case; wrap returns it as a type that exports those
// which the wrapped one has, so that a handler finds the same interfaces with
// and without the middleware.
type writer struct {
	http.ResponseWriter
	status *status
	copy   *capture.Response // nil if no copy of the body can be wanted
}

// begin notes that the header is final, with 200 for status if there is none.
func (w *writer) begin(code int) {
	w.status.set(code)
	if w.copy != nil && code >= 200 {
		w.copy.Begin(w.Header())
	}
}

func (w *writer) WriteHeader(code int) {
	w.ResponseWriter.WriteHeader(code) // it panics if the code is none
	w.begin(code)
}

func (w *writer) Write(b []byte) (int, error) {
	w.begin(http.StatusOK)
	w.copy.Write(b)
	return w.ResponseWriter.Write(b)
}

func (w *writer) writeString(s string) (int, error) {
	w.begin(http.StatusOK)
	w.copy.WriteString(s)
	return w.ResponseWriter.(io.StringWriter).WriteString(s)
}

// readFrom leaves the status open if there was nothing to read: then nothing
// is written, and the handler may still choose one.
func (w *writer) readFrom(src io.Reader) (int64, error) {
	if w.copy != nil {
		src = w.copy.Tee(w.Header(), src)
	}
	n, err := w.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
	if n > 0 {
		w.begin(http.StatusOK)
	}
	return n, err
}

func (w *writer) flush() {
	w.begin(http.StatusOK)
	w.ResponseWriter.(http.Flusher).Flush()
}

func (w *writer) flushError() error {
	w.begin(http.StatusOK)
	return w.ResponseWriter.(flushErrorer).FlushError()
}

func (w *writer) hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := w.ResponseWriter.(http.Hijacker).Hijack()
	if err == nil {
		w.status.code.CompareAndSwap(0, takenOver)
		w.copy.Hijacked()
	}
	return conn, buf, err
}

// unwrap returns what the wrapped writer wraps, noting the same status:
// http.ResponseController goes that way to flush and to hijack.
func (w *writer) unwrap() http.ResponseWriter {
	inner := w.ResponseWriter.(unwrapper).Unwrap()
	if inner == nil {
		return nil
	}
	return (&writer{ResponseWriter: inner, status: w.status, copy: w.copy}).wrap()
}

// The optional interfaces that net/http knows without naming them.
type (
	flushErrorer interface{ FlushError() error }
	deadliner    interface {
		SetReadDeadline(time.Time) error
		SetWriteDeadline(time.Time) error
	}
	fullDuplexer interface{ EnableFullDuplex() error }
	unwrapper    interface{ Unwrap() http.ResponseWriter }
)

// The optional interfaces of a ResponseWriter, as bits.
const (
	canFlush = 1 << iota
	canFlushError
	canCloseNotify
	canHijack
	canReadFrom
	canSetDeadlines
	canFullDuplex
	canPush
	canWriteString

	server  = canFlush | canFlushError | canCloseNotify | canSetDeadlines | canFullDuplex | canWriteString
	server1 = server | canHijack | canReadFrom // HTTP/1
	server2 = server | canPush                 // HTTP/2
)

// wrap returns w with the optional interfaces of what it wraps. The sets of
// net/http's own writers, and the two that hand-written wrappers have, are
// types of their own, because they cost no allocation; httpsnoop has them all.
func (w *writer) wrap() http.ResponseWriter {
	_, unwraps := w.ResponseWriter.(unwrapper)
	switch set := abilities(w.ResponseWriter); {
	case set == server1 && unwraps:
		return wrapped1{response1{response{w}}}
	case set == server1:
		return response1{response{w}}
	case set == server2 && unwraps:
		return wrapped2{response2{response{w}}}
	case set == server2:
		return response2{response{w}}
	case set == canFlush && unwraps:
		return wrappedFlusher{flusher{w}}
	case set == canFlush:
		return flusher{w}
	case set == 0 && unwraps:
		return wrappedPlain{w}
	case set == 0:
		return w
	}
	return w.snoop()
}

func abilities(w http.ResponseWriter) (set int) {
	add := func(bit int, ok bool) {
		if ok {
			set |= bit
		}
	}
	_, ok := w.(http.Flusher)
	add(canFlush, ok)
	_, ok = w.(flushErrorer)
	add(canFlushError, ok)
	_, ok = w.(http.CloseNotifier)
	add(canCloseNotify, ok)
	_, ok = w.(http.Hijacker)
	add(canHijack, ok)
	_, ok = w.(io.ReaderFrom)
	add(canReadFrom, ok)
	_, ok = w.(deadliner)
	add(canSetDeadlines, ok)
	_, ok = w.(fullDuplexer)
	add(canFullDuplex, ok)
	_, ok = w.(http.Pusher)
	add(canPush, ok)
	_, ok = w.(io.StringWriter)
	add(canWriteString, ok)
	return set
}

// snoop wraps any set of optional interfaces, at the price of an allocation
// or two for each.
func (w *writer) snoop() http.ResponseWriter {
	return httpsnoop.Wrap(w.ResponseWriter, httpsnoop.Hooks{
		WriteHeader: func(httpsnoop.WriteHeaderFunc) httpsnoop.WriteHeaderFunc { return w.WriteHeader },
		Write:       func(httpsnoop.WriteFunc) httpsnoop.WriteFunc { return w.Write },
		WriteString: func(httpsnoop.WriteStringFunc) httpsnoop.WriteStringFunc { return w.writeString },
		ReadFrom:    func(httpsnoop.ReadFromFunc) httpsnoop.ReadFromFunc { return w.readFrom },
		Flush:       func(httpsnoop.FlushFunc) httpsnoop.FlushFunc { return w.flush },
		FlushError:  func(httpsnoop.FlushErrorFunc) httpsnoop.FlushErrorFunc { return w.flushError },
		Hijack:      func(httpsnoop.HijackFunc) httpsnoop.HijackFunc { return w.hijack },
	})
}
