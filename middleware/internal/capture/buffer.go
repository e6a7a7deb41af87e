package capture

import "sync"

// Limit is the longest body that is kept, in bytes.
const Limit = 64 << 10

// firstSize is the capacity that a buffer starts with: most bodies fit in it.
const firstSize = 4 << 10

// buffers holds empty buffers, those of at most Limit bytes. What is beyond a
// buffer's length is zero.
var buffers = sync.Pool{New: func() any {
	b := make([]byte, 0, firstSize)
	return &b
}}

// A copied is the copy of one body. Its methods may be called from several
// goroutines: a proxy's handler reads and writes bodies in goroutines of its
// own, which may outlive it.
type copied struct {
	mu      sync.Mutex
	state   state
	bytes   *[]byte // from buffers; nil if there are none
	problem string  // why there is no copy although one was wanted
}

type state uint8

const (
	unasked  state = iota // no byte has passed
	unwanted              // nobody wants a copy
	open                  // what passes is kept
	spoiled               // a copy was wanted and cannot be had: see problem
	closed                // the request has ended: what passes is not looked at
)

// asked reports whether it is decided what becomes of the body.
func (c *copied) asked() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state != unasked
}

// begin decides what becomes of the body, unless that is decided.
func (c *copied) begin(wanted bool, problem string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.state != unasked:
	case !wanted:
		c.state = unwanted
	case problem != "":
		c.state, c.problem = spoiled, problem
	default:
		c.state = open
	}
}

// add copies what has passed.
func add[T []byte | string](c *copied, p T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state != open || len(p) == 0 {
		return
	}
	if c.bytes == nil {
		c.bytes = buffers.Get().(*[]byte)
	}
	b := *c.bytes
	if len(p) > Limit-len(b) {
		c.spoil(tooLong)
		return
	}
	*c.bytes = append(grow(b, len(p)), p...)
}

// grow returns b with room for n bytes more, of which there is some below
// Limit. Nothing is left in the array that it leaves.
func grow(b []byte, n int) []byte {
	size := cap(b)
	for size < len(b)+n {
		size *= 2
	}
	if size == cap(b) {
		return b
	}
	grown := make([]byte, len(b), size)
	copy(grown, b)
	clear(b)
	return grown
}

// spoil gives up the copy; the lock is held.
func (c *copied) spoil(problem string) {
	c.state, c.problem = spoiled, problem
	c.drop()
}

// drop gives the buffer back; the lock is held.
func (c *copied) drop() {
	if c.bytes == nil {
		return
	}
	clear(*c.bytes)
	*c.bytes = (*c.bytes)[:0]
	buffers.Put(c.bytes)
	c.bytes = nil
}

// end ends the copy and returns it as it was. The bytes stay valid until release.
func (c *copied) end() (state state, bytes []byte, problem string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	state, c.state = c.state, closed
	if c.bytes != nil {
		bytes = *c.bytes
	}
	return state, bytes, c.problem
}

// release forgets the copy. What passes later is not looked at.
func (c *copied) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = closed
	c.drop()
}
