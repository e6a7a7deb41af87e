// Package wiretest looks at what a server sends, byte for byte, and at the
// records that are emitted. The tests of the middlewares compare with it what
// clients get with and without them.
package wiretest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

var (
	date   = regexp.MustCompile(`(?mi)^Date: .*\r\n`)
	status = regexp.MustCompile(`(?m)^HTTP/(?:1\.1|2) (101|[2-9]\d\d)\b`)
)

// Put returns all bytes that the server sends over HTTP/1.1 in answer to a PUT
// of a path, but for the date. The request's own headers and its body follow
// those that every request has.
func Put(t testing.TB, s *httptest.Server, path, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: test\r\nConnection: close\r\n%s", path, request)
	b, err := io.ReadAll(conn)
	if err != nil {
		b = append(b, "\nconnection reset"...)
	}
	return Undated(b)
}

// Undated returns an answer without its dates.
func Undated(answer []byte) string { return string(date.ReplaceAll(answer, nil)) }

// FinalStatus returns the first status of an answer that is no informational
// one, or "" if it has none.
func FinalStatus(answer string) string {
	if m := status.FindStringSubmatch(answer); m != nil {
		return m[1]
	}
	return ""
}

// Interfaces names the optional interfaces of a ResponseWriter, those that
// net/http looks for.
func Interfaces(w http.ResponseWriter) string {
	var names []string
	add := func(name string, ok bool) {
		if ok {
			names = append(names, name)
		}
	}
	_, ok := w.(http.Flusher)
	add("Flush", ok)
	_, ok = w.(interface{ FlushError() error })
	add("FlushError", ok)
	_, ok = w.(http.CloseNotifier)
	add("CloseNotify", ok)
	_, ok = w.(http.Hijacker)
	add("Hijack", ok)
	_, ok = w.(io.ReaderFrom)
	add("ReadFrom", ok)
	_, ok = w.(io.StringWriter)
	add("WriteString", ok)
	_, ok = w.(http.Pusher)
	add("Push", ok)
	_, ok = w.(interface{ SetReadDeadline(time.Time) error })
	add("SetReadDeadline", ok)
	_, ok = w.(interface{ SetWriteDeadline(time.Time) error })
	add("SetWriteDeadline", ok)
	_, ok = w.(interface{ EnableFullDuplex() error })
	add("EnableFullDuplex", ok)
	return strings.Join(names, " ")
}
