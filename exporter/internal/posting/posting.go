// Package posting is the index that finds events: for each chunk of 4096 of
// them, which of them have which terms, as blobs that are written once. See
// package sqlite for why.
package posting

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

const (
	ChunkSize = 4096 // events in a chunk
	Parts     = 256  // blocks of a chunk
	Subs      = 64   // blocks that a part has where chunks are merged
)

// A Term is a key with one value, as a hash. The first 8 of its 40 bits name
// the block of a chunk in which it is found. Two terms with the same hash are
// taken for one another: what the blocks find is compared with the query again.
type Term uint64

const termBits = 40

// Part returns the number of the block that has t.
func (t Term) Part() int { return int(t >> 32) }

// Sub returns the number of the block that has t where the blocks of the same
// part of several chunks are merged.
func (t Term) Sub() int { return int(uint32(t) >> 26) }

// Text returns the term of a field and its text.
func Text(key, text string) Term {
	h := fnv(fnv(fnv(fnvOffset, key), "\x00"), text)
	h = (h ^ h>>33) * 0xff51afd7ed558ccd // the bits mixed
	return Term((h ^ h>>33) & (1<<termBits - 1))
}

// Number returns the term of a field and its number. All numbers of a field are
// in one block, so that a range of them is one search.
func Number(key string, n int) Term {
	return Text(key, "")&^(1<<32-1) | Term(uint32(n))
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// fnv goes on with the hash FNV-1a, 64 bits. Blocks are kept, so it never changes.
func fnv(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// A Posting says that an event has a term: 40 bits of the term and, below it,
// 24 bits of the event's place among those of its block.
type Posting uint64

const placeBits = 64 - termBits

// New returns the posting of the event at pos, the chunk of which is pos / ChunkSize.
func New(t Term, pos int64) Posting { return At(t, pos%ChunkSize) }

// At returns the posting of the event at a place.
func At(t Term, place int64) Posting { return Posting(t)<<placeBits | Posting(place) }

// Term returns the term that the event has.
func (p Posting) Term() Term { return Term(p >> placeBits) }

// Place returns the place of the event.
func (p Posting) Place() int64 { return int64(p & (1<<placeBits - 1)) }

// Blocks calls yield with each block of a chunk that has the postings.
func Blocks(postings []Posting, yield func(part int, block []byte)) {
	split(postings, Parts, Term.Part, yield)
}

// SubBlocks calls yield with each block of a part that has the postings.
func SubBlocks(postings []Posting, yield func(sub int, block []byte)) {
	split(postings, Subs, Term.Sub, yield)
}

// split encodes postings by blocks: each of them is sorted much faster than all
// at once.
func split(postings []Posting, n int, of func(Term) int, yield func(int, []byte)) {
	blocks := make([][]Posting, n)
	for _, p := range postings {
		i := of(p.Term())
		blocks[i] = append(blocks[i], p)
	}
	for i, postings := range blocks {
		if len(postings) > 0 {
			slices.Sort(postings)
			yield(i, Encode(slices.Compact(postings)))
		}
	}
}

// Encode returns the block of postings, which are sorted and all of one part:
// for each term its lower 32 bits, the number of its places and how far each of
// them is from the one before.
func Encode(postings []Posting) []byte {
	var b []byte
	for len(postings) > 0 {
		t, n := postings[0].Term(), 1
		for n < len(postings) && postings[n].Term() == t {
			n++
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(t))
		b = binary.AppendUvarint(b, uint64(n))
		last := int64(0)
		for _, p := range postings[:n] {
			b = binary.AppendUvarint(b, uint64(p.Place()-last))
			last = p.Place()
		}
		postings = postings[n:]
	}
	return b
}

// ErrBlock is the error of a block that nobody has written so.
var ErrBlock = errors.New("a block of the index is damaged")

// A Block is encoded postings of the events from one pos on.
type Block struct {
	First int64 // the pos of the event at the first place
	Size  int64 // the number of places
	Data  []byte
}

// Decode calls place with the places of those terms in a block for which wanted
// holds. It is given the lower 32 bits of the terms.
func Decode(block Block, wanted func(low uint32) bool, place func(int64)) error {
	for b := block.Data; len(b) > 0; {
		if len(b) < 4 {
			return ErrBlock
		}
		isWanted := wanted(binary.LittleEndian.Uint32(b))
		n, size := binary.Uvarint(b[4:])
		if size <= 0 || n > uint64(block.Size) {
			return ErrBlock
		}
		b = b[4+size:]
		var ok bool
		if isWanted {
			b, ok = readPlaces(b, n, uint64(block.Size), place)
		} else {
			b, ok = skipNumbers(b, n)
		}
		if !ok {
			return ErrBlock
		}
	}
	return nil
}

func readPlaces(b []byte, n, places uint64, place func(int64)) (rest []byte, ok bool) {
	at := uint64(0)
	for range n {
		distance, size := binary.Uvarint(b)
		if at += distance; size <= 0 || distance >= places || at >= places {
			return nil, false
		}
		b = b[size:]
		place(int64(at))
	}
	return b, true
}

// skipNumbers returns what follows n numbers, each of which ends with the
// first byte below 0x80. Nearly all that a search comes across is skipped, so
// eight bytes at a time.
func skipNumbers(b []byte, n uint64) (rest []byte, ok bool) {
	for n >= 8 && len(b) >= 8 {
		n -= uint64(bits.OnesCount64(^binary.LittleEndian.Uint64(b) & 0x8080808080808080))
		b = b[8:]
	}
	i := 0
	for ; n > 0 && i < len(b); i++ {
		if b[i] < 0x80 {
			n--
		}
	}
	return b[i:], n == 0
}

// All appends the postings of a block of the part, as those of a block that
// begins at the pos first.
func All(to []Posting, block Block, part int, first int64) ([]Posting, error) {
	var t Term
	err := Decode(block,
		func(low uint32) bool { t = Term(part)<<32 | Term(low); return true },
		func(place int64) { to = append(to, At(t, block.First+place-first)) })
	return to, err
}

// Places is a set of places in a chunk.
type Places [ChunkSize / 64]uint64

// Intersect leaves the places that with has too, and reports whether there are some.
func (p *Places) Intersect(with *Places) bool {
	some := false
	for i := range p {
		p[i] &= with[i]
		some = some || p[i] != 0
	}
	return some
}

// Add adds a place.
func (p *Places) Add(place int64) { p[place/64] |= 1 << (place % 64) }

// Has reports whether place is one of p.
func (p *Places) Has(place int64) bool { return p[place/64]>>(place%64)&1 == 1 }

// AppendTo appends the pos of each place of chunk.
func (p *Places) AppendTo(pos []int64, chunk int64) []int64 {
	for i, word := range p {
		for ; word != 0; word &= word - 1 {
			pos = append(pos, chunk*ChunkSize+int64(i*64+bits.TrailingZeros64(word)))
		}
	}
	return pos
}
