// Package wiretest looks at what a server sends, byte for byte. The tests of
// the middlewares compare with it what clients get with and without them.
package wiretest

import (
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"regexp"
	"testing"
	"time"
)

var (
	date   = regexp.MustCompile(`(?m)^Date: .*\r\n`)
	status = regexp.MustCompile(`(?m)^HTTP/1.1 (101|[2-9]\d\d) `)
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
	return string(date.ReplaceAll(b, nil))
}

// FinalStatus returns the first status of an answer that is no informational
// one, or "" if it has none.
func FinalStatus(answer string) string {
	if m := status.FindStringSubmatch(answer); m != nil {
		return m[1]
	}
	return ""
}
