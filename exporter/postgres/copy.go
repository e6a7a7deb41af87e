package postgres

import (
	"encoding/binary"
	"sync"

	"github.com/google/uuid"
)

// A copyBuffer holds rows in the binary form of COPY. It is written by hand
// because pgx asks the server for the types of the columns before each COPY,
// which is a round trip, and boxes each value.
type copyBuffer []byte

const copyHeader = "PGCOPY\n\377\r\n\000" + "\000\000\000\000" + "\000\000\000\000"

func newCopyBuffer() copyBuffer { return copyBuffer(copyHeader) }

// buffers are used again: megabytes for each batch cost more to be had and
// cleared than to be filled. One that is larger than most need be is not kept.
var buffers sync.Pool

func takeBuffer() copyBuffer {
	if b, ok := buffers.Get().(*copyBuffer); ok {
		return (*b)[:0]
	}
	return make(copyBuffer, 0, 1<<20)
}

func giveBack(b copyBuffer) {
	if cap(b) <= 32<<20 {
		buffers.Put(&b)
	}
}

// bytes returns what is sent.
func (b copyBuffer) bytes() []byte { return append(b, 0xff, 0xff) }

func (b *copyBuffer) row(columns int) { *b = binary.BigEndian.AppendUint16(*b, uint16(columns)) }

func (b *copyBuffer) length(n int) { *b = binary.BigEndian.AppendUint32(*b, uint32(n)) }

func (b *copyBuffer) null() { *b = append(*b, 0xff, 0xff, 0xff, 0xff) }

func (b *copyBuffer) text(s string) {
	b.length(len(s))
	*b = append(*b, s...)
}

func (b *copyBuffer) data(p []byte) {
	b.length(len(p))
	*b = append(*b, p...)
}

// optional is NULL for an empty text.
func (b *copyBuffer) optional(s []byte) {
	if len(s) == 0 {
		b.null()
		return
	}
	b.data(s)
}

func (b *copyBuffer) uuid(id uuid.UUID) { b.data(id[:]) }

func (b *copyBuffer) int8(n int64) {
	b.length(8)
	*b = binary.BigEndian.AppendUint64(*b, uint64(n))
}

func (b *copyBuffer) int4(n int) {
	b.length(4)
	*b = binary.BigEndian.AppendUint32(*b, uint32(n))
}

func (b *copyBuffer) int2(n int) {
	b.length(2)
	*b = binary.BigEndian.AppendUint16(*b, uint16(n))
}

func (b *copyBuffer) bool(v bool) {
	b.length(1)
	if v {
		*b = append(*b, 1)
		return
	}
	*b = append(*b, 0)
}
