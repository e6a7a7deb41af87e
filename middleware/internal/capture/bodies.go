package capture

import (
	"io"
	"net/http"

	"github.com/activitylog-go/activitylog/mapping"
)

// Bodies are the copies of what a request and its response carry; nil if none
// can be wanted.
type Bodies struct {
	request  Request
	response Response
	tee      io.ReadCloser // in place of the request's body; nil if that is as it was
}

// Start lets the bodies of r, the request as the handler is to get it, be
// copied if some says that copies may be wanted. Whether they are, asker says
// when the first byte of a body passes.
func Start(r *http.Request, some, asker Asker) *Bodies {
	request, response := some.Reads()
	if !request && !response {
		return nil
	}
	b := new(Bodies)
	if request {
		b.tee = b.request.tee(r, asker)
		r.Body = b.tee
	}
	if response {
		b.response.asker = asker
	}
	return b
}

// Response returns what is to see the response, or nil.
func (b *Bodies) Response() *Response {
	if b == nil || b.response.asker == nil {
		return nil
	}
	return &b.response
}

// HandBack puts the server's own body into r if it still has the tee.
func (b *Bodies) HandBack(r *http.Request, body io.ReadCloser) {
	if b != nil && b.tee != nil && r.Body == b.tee {
		r.Body = body
	}
}

// Close ends the copies and puts what the rule asks for into x, where it is
// valid until Release.
func (b *Bodies) Close(rule *mapping.Rule, x *mapping.Exchange) {
	if b == nil {
		return
	}
	request, response := rule.Reads()
	if request {
		x.Request = b.request.close()
	}
	if response {
		x.Response = b.response.close()
	}
}

// Release forgets the copies. What passes later is not looked at.
func (b *Bodies) Release() {
	if b != nil {
		b.request.release()
		b.response.release()
	}
}
