package ginactivity

import (
	"bufio"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"
)

// A writer is gin's, and notices that the connection was taken over: gin
// itself then goes on to report 200.
type writer struct {
	gin.ResponseWriter
	hijacked bool
}

func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	written := w.Written()
	conn, buf, err := w.ResponseWriter.Hijack()
	w.hijacked = w.hijacked || err == nil && !written
	return conn, buf, err
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter {
	if u, ok := w.ResponseWriter.(interface{ Unwrap() http.ResponseWriter }); ok {
		return u.Unwrap()
	}
	return nil
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
	default:
		// gin takes 103 for the final status; net/http sends it as the hint
		// that it is, and 200 after it.
		return http.StatusOK
	}
}
