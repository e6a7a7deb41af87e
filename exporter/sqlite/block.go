package sqlite

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"math/bits"
	"strconv"

	"github.com/activitylog-go/activitylog/query"
)

const (
	chunkSize = 4096 // events in a chunk; the schema knows it too
	parts     = 256  // blocks of a chunk
)

// A term is a key with one value, as a hash. The first 8 of its 40 bits name
// the block of a chunk in which it is found. Two terms with the same hash are
// taken for one another: what the blocks find is compared with the query again.
type term uint64

const termBits = 40

// behalf is the key of the one on whose behalf somebody acts. The query
// language has no such key; an erasure looks for it.
const behalf query.Key = "behalf"

func (t term) part() int64 { return int64(t >> 32) }

// textTerm is the term of a field that is kept as text.
func textTerm(key query.Key, text string) term {
	return term(hash(string(key)+"\x00"+text) & (1<<termBits - 1))
}

// refTerm is the term of a field that is kept as the ref of a name.
func refTerm(key query.Key, ref int64) term {
	return textTerm(key, strconv.FormatInt(ref, 10))
}

// statusTerm is the term of a status. All of them are in one block, so that a
// range of them is one search.
func statusTerm(status int) term {
	return textTerm(query.Status, "")&^(1<<32-1) | term(uint32(status))
}

// hash is FNV-1a, its bits mixed: blocks are kept, so it never changes.
func hash(s string) uint64 {
	f := fnv.New64a()
	f.Write([]byte(s))
	h := f.Sum64()
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	return h ^ h>>33
}

// terms returns the terms of r, some of them twice.
func (r *row) terms() []term {
	e := &r.event
	terms := []term{
		refTerm(query.Event, r.code),
		textTerm(query.Actor, e.Actor.ID),
		refTerm(query.ActorType, r.actorType),
		refTerm(query.Tenant, r.tenant),
		refTerm(query.Outcome, r.outcome),
		statusTerm(e.HTTP.Status),
		refTerm(query.Method, r.method),
		textTerm(query.Address, e.Source.ClientAddress),
		textTerm(query.Session, e.Source.SessionID),
		textTerm(query.Request, e.Source.RequestID),
		textTerm(query.Trace, e.TraceID),
		refTerm(query.Service, r.service),
	}
	for _, t := range e.Targets {
		terms = append(terms, textTerm(query.Target, t.ID), textTerm(query.TargetType, t.Type))
	}
	for _, c := range e.Changes {
		terms = append(terms, textTerm(query.Changed, c.Path))
	}
	if id := e.Actor.OnBehalfOf.ID; id != "" {
		terms = append(terms, textTerm(behalf, id))
	}
	return terms
}

// A posting says that an event has a term: 40 bits of the term and, below it,
// 12 bits of the event's place in its chunk.
type posting uint64

const placeBits = 12

func newPosting(t term, place int64) posting { return posting(t)<<placeBits | posting(place) }

func (p posting) term() term    { return term(p >> placeBits) }
func (p posting) place() uint64 { return uint64(p & (chunkSize - 1)) }

// encodeBlock writes the postings of a block, which are sorted: for each term
// its lower 32 bits, the number of its places and how far each of them is from
// the one before.
func encodeBlock(postings []posting) []byte {
	var b []byte
	for len(postings) > 0 {
		t := postings[0].term()
		n := 1
		for n < len(postings) && postings[n].term() == t {
			n++
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(t))
		b = binary.AppendUvarint(b, uint64(n))
		last := uint64(0)
		for _, p := range postings[:n] {
			b = binary.AppendUvarint(b, p.place()-last)
			last = p.place()
		}
		postings = postings[n:]
	}
	return b
}

var errBlock = errors.New("a block of the index is damaged")

// decodeBlock calls place with the places of the terms for which wanted holds.
func decodeBlock(b []byte, wanted func(low uint32) bool, place func(uint64)) error {
	for len(b) > 0 {
		if len(b) < 4 {
			return errBlock
		}
		isWanted := wanted(binary.LittleEndian.Uint32(b))
		n, size := binary.Uvarint(b[4:])
		if size <= 0 || n > chunkSize {
			return errBlock
		}
		b = b[4+size:]
		if !isWanted {
			var ok bool
			if b, ok = skipNumbers(b, n); !ok {
				return errBlock
			}
			continue
		}
		at := uint64(0)
		for range n {
			distance, size := binary.Uvarint(b)
			if at += distance; size <= 0 || distance >= chunkSize || at >= chunkSize {
				return errBlock
			}
			b = b[size:]
			place(at)
		}
	}
	return nil
}

// skipNumbers returns what follows n numbers, each of which ends with the
// first byte below 0x80. Nearly all that a search comes across is skipped.
func skipNumbers(b []byte, n uint64) (rest []byte, ok bool) {
	i := 0
	for ; n > 0 && i < len(b); i++ {
		if b[i] < 0x80 {
			n--
		}
	}
	return b[i:], n == 0
}

// postings returns all that a block of the part has.
func postings(b []byte, part int64) ([]posting, error) {
	var all []posting
	var t term
	err := decodeBlock(b,
		func(low uint32) bool { t = term(part)<<32 | term(low); return true },
		func(place uint64) { all = append(all, newPosting(t, int64(place))) })
	return all, err
}

// places is a set of places in a chunk.
type places [chunkSize / 64]uint64

func (p *places) add(place uint64)      { p[place/64] |= 1 << (place % 64) }
func (p *places) has(place uint64) bool { return p[place/64]>>(place%64)&1 == 1 }

func (p *places) intersect(with *places) {
	for i := range p {
		p[i] &= with[i]
	}
}

// appendTo appends the pos of each place of chunk.
func (p *places) appendTo(pos []int64, chunk int64) []int64 {
	for i, word := range p {
		for ; word != 0; word &= word - 1 {
			pos = append(pos, chunk*chunkSize+int64(i*64+bits.TrailingZeros64(word)))
		}
	}
	return pos
}
