package activitylog

import (
	"crypto/rand"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// NewID returns a new event id: a UUID, version 7 (RFC 9562). Those of one
// process ascend in the order in which they were made.
func NewID() string { return ids.next() }

var ids idSource

// An idSource makes ids. It reads random numbers for many of them at once,
// which takes a third of the time of one call for each, and their texts share
// memory: whoever keeps one keeps a KiB.
type idSource struct {
	mu     sync.Mutex
	last   int64 // the time of the last id, in units of 1/4096 ms
	random [64 * 8]byte
	left   int // bytes of random that no id has yet
	texts  strings.Builder
}

// textLen is the length of a UUID as text.
const textLen = 36

func (s *idSource) next() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts.Cap()-s.texts.Len() < textLen {
		s.texts.Reset()
		s.texts.Grow(1024)
	}
	start := s.texts.Len()
	text, _ := s.make().MarshalText() // unlike String, on the stack
	s.texts.Write(text)
	return s.texts.String()[start:]
}

// make returns a new id. s.mu is held.
func (s *idSource) make() (id uuid.UUID) {
	if s.left == 0 {
		rand.Read(s.random[:]) // it ends the program rather than fail
		s.left = len(s.random)
	}
	s.left -= 8
	copy(id[8:], s.random[s.left:])

	ns := time.Now().UnixNano()
	const ms = int64(time.Millisecond)
	s.last = max(s.last+1, ns/ms<<12|ns%ms<<12/ms)
	for i := range 6 {
		id[i] = byte(s.last >> (52 - 8*i))
	}
	id[6] = 0x70 | byte(s.last>>8)&0x0f // the version
	id[7] = byte(s.last)
	id[8] = id[8]&0x3f | 0x80 // the variant
	return id
}

// isID reports whether s is a UUID as this package writes them.
func isID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
				return false
			}
		}
	}
	return true
}
