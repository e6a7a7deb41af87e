package capture

import "github.com/activitylog-go/activitylog/mapping"

// NewResponse returns a response of which asker says whether it is copied.
func NewResponse(asker Asker) *Response { return &Response{asker: asker} }

// Array returns the whole array that a copy is in, or nil.
func (c *copied) Array() []byte {
	if c.bytes == nil {
		return nil
	}
	return (*c.bytes)[:cap(*c.bytes)]
}

// Close ends the copy and returns it.
func (c *Response) Close() mapping.Body { return c.close() }

// Release forgets the copy.
func (c *Response) Release() { c.release() }

// Close ends the copy and returns it.
func (c *Request) Close() mapping.Body { return c.close() }

// Request returns the copy of a request.
func (b *Bodies) Request() *Request { return &b.request }

var IsJSON = isJSON
