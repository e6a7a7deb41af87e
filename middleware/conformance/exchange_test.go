package conformance_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/activitylog-go/activitylog/middleware/internal/wiretest"
)

// A request is what a client sends, in either protocol.
type request struct {
	method, path string   // PATCH /orgs/acme/members/bob if empty
	header       []string // "Name: value", sent as they are
	body         string

	chunked bool // the length of the body is not declared
	cut     bool // more of the body is declared than comes
	waits   bool // the body comes when there is an answer, and not if that is a refusal
	hangsUp bool // the client does not wait for the answer
	again   bool // the connection is to be kept: another request follows, with HTTP/1.1
}

// frame is the length of the longest frame that every HTTP/2 server takes.
const frame = 16 << 10

func (r request) withDefaults() request {
	if r.method == "" {
		r.method = "PATCH"
	}
	if r.path == "" {
		r.path = "/orgs/acme/members/bob"
	}
	return r
}

// declared returns the length of the body that the request declares, or -1.
func (r request) declared() int {
	switch {
	case r.chunked:
		return -1
	case r.cut:
		return len(r.body) + 10
	}
	return len(r.body)
}

// http1 returns the head and the body as HTTP/1.1 has them.
func (r request) http1() (head, body string) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: test\r\n", r.method, r.path)
	if !r.again {
		b.WriteString("Connection: close\r\n")
	}
	for _, line := range r.header {
		b.WriteString(line + "\r\n")
	}
	if !r.chunked {
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n", r.declared())
		return b.String(), r.body
	}
	b.WriteString("Transfer-Encoding: chunked\r\n\r\n")
	var chunks strings.Builder
	for rest := r.body; rest != ""; {
		n := min(len(rest), 1000)
		fmt.Fprintf(&chunks, "%x\r\n%s\r\n", n, rest[:n])
		rest = rest[n:]
	}
	if !r.cut {
		chunks.WriteString("0\r\n\r\n")
	}
	return b.String(), chunks.String()
}

// overHTTP1 returns all bytes that come back, but for dates.
func (r request) overHTTP1(t testing.TB, s *server) string {
	head, body := r.http1()
	if r.again {
		body += "GET /again HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
	}
	conn := dial(t, s)
	defer conn.Close()
	var first []byte
	if r.waits {
		io.WriteString(conn, head)
		head, first = "", make([]byte, 4096)
		n, _ := conn.Read(first)
		first = first[:n]
	}
	if !refuses(first) {
		io.WriteString(conn, head+body) // at once: what a server leaves unread resets the connection
	}
	if r.hangsUp {
		<-s.arrived
		return ""
	}
	if r.cut {
		conn.(*net.TCPConn).CloseWrite()
	}
	rest, err := io.ReadAll(conn)
	if err != nil {
		rest = append(rest, "\nconnection reset"...)
	}
	return wiretest.Undated(append(first, rest...))
}

// refuses reports whether an answer says that the body is not wanted.
func refuses(answer []byte) bool {
	return strings.HasPrefix(wiretest.FinalStatus(string(answer)), "4")
}

func dial(t testing.TB, s *server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

// overHTTP2 returns what comes back in frames of the request's stream, written
// down as HTTP/1.1 has it: heads, the body, trailers, and how the stream ended.
func (r request) overHTTP2(t testing.TB, s *server) string {
	conn := tls.Client(dial(t, s), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}, CurvePreferences: curves})
	defer conn.Close()
	io.WriteString(conn, http2.ClientPreface)
	framer := http2.NewFramer(conn, conn)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 24}, http2.Setting{ID: http2.SettingEnablePush, Val: 0})
	framer.WriteWindowUpdate(0, 1<<24)
	empty := r.body == "" && !r.chunked && !r.cut
	framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: r.fields(), EndHeaders: true, EndStream: empty})
	sent := empty
	if !r.waits && !empty {
		r.send(framer)
		sent = true
	}
	if r.hangsUp {
		<-s.arrived
		framer.WriteRSTStream(1, http2.ErrCodeCancel)
		return ""
	}
	var answer bytes.Buffer
	for {
		f, err := framer.ReadFrame()
		if err != nil {
			fmt.Fprintf(&answer, "\nconnection lost: %v", err)
			break
		}
		done := note(&answer, framer, f)
		if !sent && f.Header().StreamID == 1 && !refuses(answer.Bytes()) {
			r.send(framer)
			sent = true
		}
		if done {
			break
		}
	}
	return wiretest.Undated(answer.Bytes())
}

// fields returns the head of the request.
func (r request) fields() []byte {
	var block bytes.Buffer
	enc := hpack.NewEncoder(&block)
	add := func(name, value string) { enc.WriteField(hpack.HeaderField{Name: name, Value: value}) }
	add(":method", r.method)
	add(":scheme", "https")
	add(":authority", "test")
	add(":path", r.path)
	for _, line := range r.header {
		name, value, _ := strings.Cut(line, ": ")
		add(strings.ToLower(name), value)
	}
	if n := r.declared(); n >= 0 {
		add("content-length", fmt.Sprint(n))
	}
	return block.Bytes()
}

// send sends the body. A server takes far more than a test sends before it
// asks for flow control.
func (r request) send(framer *http2.Framer) {
	for rest := r.body; rest != ""; {
		n := min(len(rest), frame)
		framer.WriteData(1, false, []byte(rest[:n]))
		rest = rest[n:]
	}
	framer.WriteData(1, true, nil)
}

// note writes a frame down and reports whether the stream has ended.
func note(answer *bytes.Buffer, framer *http2.Framer, f http2.Frame) (done bool) {
	switch f := f.(type) {
	case *http2.SettingsFrame:
		if !f.IsAck() {
			framer.WriteSettingsAck()
		}
	case *http2.MetaHeadersFrame:
		fmt.Fprintf(answer, "HTTP/2 %s\r\n", f.PseudoValue("status"))
		for _, field := range f.RegularFields() {
			fmt.Fprintf(answer, "%s: %s\r\n", field.Name, field.Value)
		}
		answer.WriteString("\r\n")
		return f.StreamEnded()
	case *http2.DataFrame:
		answer.Write(f.Data())
		return f.StreamEnded()
	case *http2.RSTStreamFrame:
		fmt.Fprintf(answer, "\nstream reset: %v", f.ErrCode)
		return true
	case *http2.GoAwayFrame:
		fmt.Fprintf(answer, "\nconnection ended: %v", f.ErrCode)
	}
	return false
}
