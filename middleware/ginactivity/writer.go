package ginactivity

import (
	"bufio"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/middleware/internal/capture"
)

// A writer is gin's, and lets the body be copied. It notices that the
// connection was taken over: gin itself then goes on to report 200.
type writer struct {
	gin.ResponseWriter
	copy     *capture.Response // nil if no copy of the body is wanted
	hijacked bool
}

func (w *writer) Write(b []byte) (int, error) {
	w.begin()
	w.copy.Write(b)
	return w.ResponseWriter.Write(b)
}

func (w *writer) WriteString(s string) (int, error) {
	w.begin()
	w.copy.WriteString(s)
	return w.ResponseWriter.WriteString(s)
}

func (w *writer) WriteHeaderNow() {
	if w.Status() >= 200 { // else gin sends a hint, and the header later
		w.begin()
	}
	w.ResponseWriter.WriteHeaderNow()
}

func (w *writer) Flush() {
	w.begin()
	w.ResponseWriter.Flush()
}

// begin notes that the header is final.
func (w *writer) begin() {
	if w.copy != nil {
		w.copy.Begin(w.Header())
	}
}

func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	written := w.Written()
	conn, buf, err := w.ResponseWriter.Hijack()
	if err == nil && !written {
		w.hijacked = true
		w.copy.Hijacked()
	}
	return conn, buf, err
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter {
	if u, ok := w.ResponseWriter.(interface{ Unwrap() http.ResponseWriter }); ok {
		return u.Unwrap()
	}
	return nil
}

// outcome returns the outcome that the status does not tell, "" if it does: what
// a handler writes that has taken the connection over, only the client sees.
func (w *writer) outcome() activitylog.Outcome {
	if w.hijacked {
		return activitylog.Unknown
	}
	return ""
}

// final returns the status that the client gets, or 0 if the handlers did not
// complete and nothing was written.
func (w *writer) final(completed bool) int {
	status := w.Status()
	switch {
	case w.hijacked:
		return http.StatusSwitchingProtocols
	case !completed && !w.Written():
		return 0
	case status >= 200 || status == http.StatusSwitchingProtocols:
		return status
	case !completed:
		return 0
	case status < 100:
		return http.StatusInternalServerError // net/http is about to panic on it
	default:
		// gin takes 103 for the final status; net/http sends it as the hint
		// that it is, and 200 after it.
		return http.StatusOK
	}
}
