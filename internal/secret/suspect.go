package secret

import (
	"math/bits"
	"strings"
)

// Every string of every event passes suspect, so it looks at eight bytes at
// once. The tests below hold for ASCII; other bytes only end a run.
const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

const (
	shortest    = 8  // of all secrets, with the name that tells it
	shortestRun = 15 // characters without a space or a slash that every shape has
	shortestKey = 64 // in PEM
)

// suspect reports whether there may be a secret in s. It says so at most once
// in a while of an s in which find sees none, and never fails to where it does.
func suspect(s string) bool {
	if len(s) < shortest {
		return false
	}
	if len(s) >= shortestKey && strings.Contains(s, begin) {
		return true
	}
	f := finder{s: s}
	run, number := 0, 0   // how far these have been looked at
	digitsBefore := false // the last four bytes before i may be of a number
	for i := 0; ; i += 8 {
		if i+8 > len(s) {
			if i == len(s) {
				return false
			}
			i = len(s) - 8 // the last word overlaps with the one before
		}
		w := word64(s[i:]) | tops
		if zero(w^(tops|'%'*ones))|zero(w^(tops|'\\'*ones))|zero(w^(tops|'~'*ones)) != 0 && hasEscape(s, i) {
			return true
		}
		above9 := w - ('9'+1)*ones
		if between := above9 &^ (w - ('@'+1)*ones) & tops; between != 0 {
			if f.separates(i, between) {
				return true
			}
		} else if i >= run && (w-'-'*ones)&tops == tops && !hasSlash(w) {
			end, found := f.inRun(i)
			if found {
				return true
			}
			run = end
		}
		low, high := uint32(above9&tops) == 0, above9&tops>>32 == 0
		if low && (high || digitsBefore) && i >= number {
			end, found := inNumber(s, i)
			if found {
				return true
			}
			number = end
		}
		digitsBefore = high
	}
}

func word64(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func hasSlash(w uint64) bool { return zero(w^(tops|'/'*ones)) != 0 }

// zero returns a number that is not 0 if a byte of x is.
func zero(x uint64) uint64 { return (x - ones) &^ x & tops }

// hasEscape reports whether an escape begins among the eight bytes at i.
func hasEscape(s string, i int) bool {
	for at := i; at < i+8; at++ {
		if escapeAt(s[at:]) > 0 {
			return true
		}
	}
	return false
}

// separates reports whether a secret is told at one of the bytes, of the eight
// at i, that are between the digits and the letters.
func (f *finder) separates(i int, between uint64) bool {
	for ; between != 0; between &= between - 1 {
		at := i + bits.TrailingZeros64(between)/8
		if c := f.s[at]; c != ':' && c != '=' {
			continue
		}
		if _, end := f.told(at); end > 0 {
			return true
		}
	}
	return false
}

// lookBack is how far in front of a run a secret may begin whose first
// characters are not all those of a run.
const lookBack = 32

// hasRun reports whether a key or token has a run of characters by which
// suspect finds it.
func hasRun(s string) bool {
	s = s[:min(len(s), lookBack+shortestRun)]
	for i := 0; i < len(s); i++ {
		n := count(s[i:], dotted)
		if n >= shortestRun {
			return true
		}
		i += n
	}
	return false
}

// inRun looks at the run of characters that has the eight at i in it, and
// returns where it ends.
func (f *finder) inRun(i int) (end int, found bool) {
	s, start := f.s, i
	if end = i + count(s[i:], dotted); end < i+8 {
		return i + 8, false
	}
	for start > 0 && dotted.has(s[start-1]) {
		start--
	}
	if end-start < shortestRun {
		return end, false
	}
	for n := 0; start > 0 && n < lookBack && bearer.has(s[start-1]); n++ {
		start--
	}
	if start > 0 && s[start-1] == ' ' {
		if _, end := f.credentials(start - 1); end > 0 {
			return end, true
		}
	}
	for at := start; at < end; at++ { // each time at the start of a word
		if begins(s[at:]) && startsWord(s, at) && f.shaped(at) > 0 {
			return end, true
		}
		for at < end && alphanumeric.has(s[at]) {
			at++
		}
	}
	return end, false
}

// inNumber looks at the digits around i, in groups or not, and returns where
// they end.
func inNumber(s string, i int) (end int, found bool) {
	const longest = 24
	start := i
	for start > 0 && i-start < longest && numeric(s[start-1]) {
		start--
	}
	for end = start; end < len(s) && (numeric(s[end]) || end < i); end++ {
		if digit.has(s[end]) && startsWord(s, end) && !isPart(s, end) && card(s[end:]) > 0 {
			return end, true
		}
	}
	return end, false
}

func numeric(c byte) bool { return digit.has(c) || c == ' ' || c == '-' }
