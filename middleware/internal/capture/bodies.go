package capture

import (
	"io"
	"net/http"

	"github.com/activitylog-go/activitylog/mapping"
)

// Bodies are the copies of what a request and its response carry. The zero
// Bodies keep none.
type Bodies struct {
	request  Request
	response Response
	tee      io.ReadCloser // in place of the request's body; nil if that is as it was
}

// Start lets the bodies of r, the request as the handler is to get it, be
// copied if some says that copies may be wanted. What is, asker says when the
// first byte of a body passes. It returns what is to see the response, or nil.
func (b *Bodies) Start(r *http.Request, some, asker Asker) *Response {
	request, response := some.Reads()
	if request {
		b.tee = b.request.Tee(r, asker)
		r.Body = b.tee
	}
	if !response {
		return nil
	}
	b.response.asker = asker
	return &b.response
}

// HandBack puts the server's own body into r if it still has the tee.
func (b *Bodies) HandBack(r *http.Request, body io.ReadCloser) {
	if b.tee != nil && r.Body == b.tee {
		r.Body = body
	}
}

// Close ends the copies and puts what the rule asks for into x, where it is
// valid until Release.
func (b *Bodies) Close(rule *mapping.Rule, x *mapping.Exchange) {
	request, response := rule.Reads()
	if request {
		x.Request = b.request.Close()
	}
	if response {
		x.Response = b.response.Close()
	}
}

// Release forgets the copies.
func (b *Bodies) Release() {
	b.request.Release()
	b.response.Release()
}
