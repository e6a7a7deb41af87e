package capture

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/activitylog-go/activitylog/mapping"
)

// An Asker says of which bodies a copy is wanted. A [mapping.Rule] is one.
type Asker interface {
	Reads() (request, response bool)
}

// A Request keeps a copy of the body of a request.
type Request struct {
	copied
	asker  Asker
	body   io.ReadCloser
	header http.Header
	length int64
	eof    bool // written with the lock and before end, like failed
	failed bool
}

// tee returns what is to take the place of r.Body: a reader that copies what
// is read from it if asker wants that, or r.Body itself if it is empty.
func (c *Request) tee(r *http.Request, asker Asker) io.ReadCloser {
	if r.Body == nil || r.Body == http.NoBody {
		return r.Body
	}
	c.asker, c.body, c.header, c.length = asker, r.Body, r.Header, r.ContentLength
	if _, ok := r.Body.(io.WriterTo); ok {
		return writerTee{c}
	}
	return tee{c}
}

// close ends the copy and returns it; it is valid until release. To be called
// if a copy is wanted by what is known now.
func (c *Request) close() mapping.Body {
	if c.body == nil {
		return mapping.Body{} // the request has none
	}
	before, kept, problem := c.end()
	switch {
	case before == unwanted:
		problem = unrouted
	case before == unasked && c.length != 0:
		problem = cmp.Or(requestRefusal(c.header, c.length), notRead)
	case before == open && !c.isWhole(kept):
		problem = notWhole
		if c.failed {
			problem = broken
		}
	case problem == "" && !maybeJSON(c.header) && len(kept) > 0 && !json.Valid(kept):
		problem = notJSON
	}
	return made(kept, problem)
}

func made(kept []byte, problem string) mapping.Body {
	if problem != "" {
		return mapping.Body{Problem: problem}
	}
	return mapping.Body{JSON: kept}
}

// isWhole reports whether the handler has seen the whole body. A decoder may
// stop at the end of an object without looking for the end of the body.
func (c *Request) isWhole(kept []byte) bool {
	if c.eof || c.length > 0 && int64(len(kept)) == c.length {
		return true
	}
	kept = bytes.TrimRight(kept, " \t\r\n")
	return (bytes.HasSuffix(kept, []byte("}")) || bytes.HasSuffix(kept, []byte("]"))) && json.Valid(kept)
}

// begin asks whether a copy is wanted when the first byte is to pass. No lock
// is held meanwhile: the answer may be the application's.
func (c *Request) begin() {
	if c.asked() {
		return
	}
	wanted, _ := c.asker.Reads()
	c.copied.begin(wanted, requestRefusal(c.header, c.length))
}

// note notes how reading ended.
func (c *Request) note(err error) {
	if err == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state != closed {
		c.eof = c.eof || errors.Is(err, io.EOF)
		c.failed = c.failed || !c.eof
	}
}

// A tee is what a handler reads a request from.
type tee struct{ request *Request }

func (t tee) Read(p []byte) (int, error) { return t.request.read(p) }
func (t tee) Close() error               { return t.request.body.Close() }

// A writerTee is a tee of a body that writes itself, as that of a middleware
// does which has read the body before and put it back.
type writerTee struct{ request *Request }

func (t writerTee) Read(p []byte) (int, error)         { return t.request.read(p) }
func (t writerTee) Close() error                       { return t.request.body.Close() }
func (t writerTee) WriteTo(w io.Writer) (int64, error) { return t.request.writeTo(w) }

func (c *Request) read(p []byte) (int, error) {
	c.begin()
	n, err := c.body.Read(p)
	add(&c.copied, p[:n])
	c.note(err)
	return n, err
}

func (c *Request) writeTo(w io.Writer) (int64, error) {
	c.begin()
	n, err := c.body.(io.WriterTo).WriteTo(copyingWriter{w, &c.copied})
	if err == nil {
		c.note(io.EOF)
	}
	return n, err
}

// A copyingWriter copies what is written to it.
type copyingWriter struct {
	io.Writer
	copied *copied
}

func (w copyingWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	add(w.copied, p[:n])
	return n, err
}
