package conformance_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/middleware/internal/wiretest"
)

func ok(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }

//go:noinline
func explode() { panic("oh") }

// writes returns a handler that calls WriteHeader with each status and then
// writes a body.
func writes(statuses ...int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, status := range statuses {
			w.WriteHeader(status)
		}
		io.WriteString(w, "body")
	}
}

func hangs(then func()) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(201)
		io.WriteString(w, "half")
		http.NewResponseController(w).Flush()
		then()
	}
}

// panics: the status that a deferred function sees is not yet that of the wire.
var panics = []row{
	{name: "1 panic: recovered outside", recovery: true, handler: func(http.ResponseWriter, *http.Request) { explode() },
		want: "org.member:updated failure 500 panic"},
	{name: "1 panic: recovered inside", inside: []layer{recovers}, handler: func(http.ResponseWriter, *http.Request) { explode() },
		want: "org.member:updated failure 500 500"},
	{name: "1 panic: recovered by nobody", handler: func(http.ResponseWriter, *http.Request) { explode() },
		want: "org.member:updated failure 500 panic"},
	{name: "1 panic: after half of the body, recovered outside", recovery: true, handler: hangs(explode),
		want: "org.member:updated failure 201 panic"},
	{name: "1 panic: after half of the body, recovered inside", inside: []layer{recovers}, handler: hangs(explode),
		want: "org.member:updated success 201"},
	{name: "1 panic: after half of the body, recovered by nobody", handler: hangs(explode),
		want: "org.member:updated failure 201 panic"},
	{name: "1 panic: http.ErrAbortHandler", handler: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		want: "org.member:updated failure 500 panic"},
	{name: "1 panic: http.ErrAbortHandler after half of the body", handler: hangs(func() { panic(http.ErrAbortHandler) }),
		want: "org.member:updated failure 201 panic"},
	{name: "1 panic: keeps what was said before", recovery: true, handler: func(_ http.ResponseWriter, r *http.Request) {
		activitylog.From(r.Context()).SetActor(ann)
		explode()
	}, want: "org.member:updated failure 500 panic", check: actorIs("usr_ann")},
	{name: "1 panic: by the router that is given no status", handler: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(7) },
		want: "org.member:updated failure 500 panic", but: map[string]string{"gin": "org.member:updated failure 500 500"}},
}

// statuses: the first final status is that of the wire, and 1xx are none.
var statuses = []row{
	{name: "2 status: none", handler: func(http.ResponseWriter, *http.Request) {}, want: updated},
	{name: "2 status: none, and a body", handler: ok, want: updated},
	{name: "2 status: 103, then 403", handler: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(103)
		w.Header().Del("Link")
		http.Error(w, "no", 403)
	}, want: denied + "403", but: map[string]string{"echo": updated}}, // Echo takes 103 for final
	{name: "2 status: 102 twice, then 202", handler: writes(102, 102, 202),
		want: "org.member:updated success 202", but: map[string]string{"echo": updated}},
	{name: "2 status: 103 only", handler: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103) }, want: updated},
	{name: "2 status: 201, then 500", handler: writes(201, 500), want: "org.member:updated success 201",
		but: map[string]string{"gin": "org.member:updated failure 500 500"}}, // gin sends what it was told last
	{name: "2 status: 500 after the body", handler: func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "done")
		w.WriteHeader(500)
	}, want: updated},
	{name: "2 status: 500 after an empty write", handler: func(w http.ResponseWriter, _ *http.Request) {
		w.Write(nil)
		w.WriteHeader(500)
	}, want: updated},
	{name: "2 status: 500 after nothing was copied", handler: func(w http.ResponseWriter, _ *http.Request) {
		io.Copy(w, struct{ io.Reader }{strings.NewReader("")})
		w.WriteHeader(500)
	}, want: "org.member:updated failure 500 500"},
	{name: "2 status: 204, and a body that is not allowed", handler: writes(204), want: "org.member:updated success 204"},
	{name: "2 status: 304", handler: writes(304), want: "org.member:updated success 304"},
	{name: "2 status: gin, 103 is sent at once, then 403", gin: ginHandler(func(c *gin.Context) {
		c.Status(103)
		c.Writer.WriteHeaderNow()
		c.String(403, "no")
	}), want: updated},
	{name: "2 status: gin, aborted with 403 after a write", gin: ginHandler(func(c *gin.Context) {
		c.String(200, "done")
		c.AbortWithStatus(403)
	}), want: updated},
	{name: "2 status: gin, an error before the write", gin: ginHandler(func(c *gin.Context) {
		c.AbortWithError(409, io.EOF)
	}), want: "org.member:updated failure 409 409"},
}

func ginHandler(h gin.HandlerFunc) func(*gin.Engine) gin.HandlerFunc {
	return func(*gin.Engine) gin.HandlerFunc { return h }
}

// takesOver returns a handler that takes the connection and says what it
// likes, or 501 where there is no connection to be had.
func takesOver(text string, hijack func(http.ResponseWriter) http.Hijacker) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		h := hijack(w)
		if h == nil {
			w.WriteHeader(501)
			return
		}
		conn, buf, err := h.Hijack()
		if err != nil {
			w.WriteHeader(501)
			return
		}
		defer conn.Close()
		buf.WriteString(text)
		buf.Flush()
	}
}

func asHijacker(w http.ResponseWriter) http.Hijacker {
	h, _ := w.(http.Hijacker)
	return h
}

func byController(w http.ResponseWriter) http.Hijacker { return http.NewResponseController(w) }

// noHijack are the events where HTTP/2 has no connection to take over; gin
// does not look for that and panics, with the head as good as sent.
var noHijack = map[string]string{
	"HTTP/2":     "org.member:updated failure 501 501",
	"gin HTTP/2": "org.member:updated failure 200 panic",
}

// writers: what else a ResponseWriter can do must go on to work.
var writers = []row{
	{name: "3 writer: its interfaces", handler: func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, wiretest.Interfaces(w)) }, want: updated},
	{name: "3 writer: hijack", handler: takesOver("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\nraw", asHijacker),
		want: "org.member:updated unknown 101", but: noHijack},
	{name: "3 writer: hijack by controller", handler: takesOver("HTTP/1.1 101 Switching Protocols\r\n\r\nraw", byController),
		want: "org.member:updated unknown 101", but: noHijack},
	{name: "3 writer: hijack, and no status", handler: takesOver("raw", asHijacker),
		want: "org.member:updated unknown 101", but: noHijack},
	{name: "3 writer: hijack after 101", handler: func(w http.ResponseWriter, r *http.Request) {
		if asHijacker(w) != nil && r.ProtoMajor == 1 {
			w.WriteHeader(101)
		}
		takesOver("raw", asHijacker)(w, r)
	}, want: "org.member:updated success 101", but: map[string]string{
		"HTTP/2":     noHijack["HTTP/2"],
		"gin":        "org.member:updated unknown 101", // which does not send the head then
		"gin HTTP/2": noHijack["gin HTTP/2"],
	}},
	{name: "3 writer: flush, then 500", handler: func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		w.WriteHeader(500)
	}, want: updated},
	{name: "3 writer: flush by controller, then 500", handler: func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			io.WriteString(w, err.Error())
		}
		w.WriteHeader(500)
	}, want: updated},
	{name: "3 writer: deadlines and full duplex by controller", handler: func(w http.ResponseWriter, _ *http.Request) {
		rc, hour := http.NewResponseController(w), time.Now().Add(time.Hour)
		fmt.Fprintln(w, rc.SetReadDeadline(hour), rc.SetWriteDeadline(hour), rc.EnableFullDuplex())
	}, want: updated},
	{name: "3 writer: a deadline that has passed", handler: func(w http.ResponseWriter, _ *http.Request) {
		rc := http.NewResponseController(w)
		rc.SetWriteDeadline(time.Now().Add(-time.Hour))
		io.WriteString(w, "nobody gets this")
		rc.Flush()
	}, want: updated, unlike: "the connection may be gone before or after the head"},
	{name: "3 writer: push", handler: func(w http.ResponseWriter, _ *http.Request) {
		if p, ok := w.(http.Pusher); ok {
			fmt.Fprint(w, p.Push("/a.css", nil))
		}
	}, want: updated},
	{name: "3 writer: copy of a reader", handler: func(w http.ResponseWriter, _ *http.Request) {
		io.Copy(w, struct{ io.Reader }{strings.NewReader(strings.Repeat("x", 100_000))})
	}, want: updated},
	{name: "3 writer: trailers", handler: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "body")
		w.Header().Set("X-Sum", "1")
		w.Header().Set(http.TrailerPrefix+"X-More", "2")
	}, want: updated},
	{name: "3 writer: a stream of events", request: request{waits: true, chunked: true, body: "more"}, handler: stream, want: updated},
	{name: "3 writer: a stream of events, with a rule that asks for the response", rules: members,
		request: request{waits: true, chunked: true, body: "more"}, handler: stream, want: updated, check: unread("not valid JSON", "content type is not JSON")},
}

// stream sends an event and waits for the client, who has to have seen it to
// send more.
func stream(w http.ResponseWriter, r *http.Request) {
	rc := http.NewResponseController(w)
	rc.EnableFullDuplex()
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "data: first\n\n")
	rc.Flush()
	more, err := io.ReadAll(r.Body)
	fmt.Fprintf(w, "data: %s %v\n\n", more, err)
}

// disconnects: a client that hangs up erases no trace. The record's context is
// looked at for every row.
var disconnects = []row{
	{name: "4 disconnect: before the answer", request: request{hangsUp: true}, unlike: "nobody is there", handler: func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		w.WriteHeader(201)
	}, want: "org.member:updated success 201"},
	{name: "4 disconnect: in the middle of the body", request: request{hangsUp: true, cut: true, body: "half"}, unlike: "nobody is there", handler: func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			http.Error(w, "half a body", 400)
		}
	}, want: "org.member:updated failure 400 400"},
	{name: "4 disconnect: while the handler writes", request: request{hangsUp: true}, unlike: "nobody is there", handler: func(w http.ResponseWriter, r *http.Request) {
		text := strings.Repeat("x", 64<<10)
		for range 10_000 { // a write fails when the client is gone, and not at once
			if _, err := io.WriteString(w, text); err != nil {
				return
			}
		}
	}, want: updated},
	{name: "4 disconnect: seen as an error by the handler", request: request{hangsUp: true}, unlike: "nobody is there", handler: func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		activitylog.From(r.Context()).SetReason(r.Context().Err().Error())
		panic(http.ErrAbortHandler)
	}, want: "org.member:updated failure 500 panic", check: reasonIs("context canceled")},
}
