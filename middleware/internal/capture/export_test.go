package capture

// NewResponse returns a response of which asker says whether it is copied.
func NewResponse(asker Asker) *Response { return &Response{asker: asker} }

// Array returns the whole array that a copy is in, or nil.
func (c *copied) Array() []byte {
	if c.bytes == nil {
		return nil
	}
	return (*c.bytes)[:cap(*c.bytes)]
}

// Response returns the copy of a response.
func (b *Bodies) Response() *Response { return &b.response }

// Request returns the copy of a request.
func (b *Bodies) Request() *Request { return &b.request }

var IsJSON = isJSON
