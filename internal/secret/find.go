package secret

import (
	"cmp"
	"slices"
)

// A span is where in a text a secret is.
type span struct{ start, end int }

// find returns the secrets in s, in order and apart from each other: those that
// are there to be read, and those that are behind escapes.
func find(s string) []span {
	f := finder{s: s}
	f.scan()
	spans := f.spans
	for v := (view{text: s}); v.unescape(); {
		f := finder{s: v.text}
		f.scan()
		for _, sp := range f.spans {
			spans = append(spans, span{v.at[sp.start], v.at[sp.end]})
		}
	}
	return merge(spans)
}

func merge(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(a.start-b.start, a.end-b.end) })
	merged := spans[:0]
	for _, sp := range spans {
		if n := len(merged); n > 0 && sp.start <= merged[n-1].end {
			merged[n-1].end = max(merged[n-1].end, sp.end)
			continue
		}
		merged = append(merged, sp)
	}
	return merged
}

// A finder goes through a text once. Whatever it looks at further on it looks
// at a bounded number of times, so that it takes time in proportion to the
// text also where the text was made to prevent that.
type finder struct {
	s     string
	spans []span
	runs  [classes]struct{ start, end int32 } // see end

	escapes span // see beforeEscape
}

func (f *finder) scan() {
	for i := 0; i < len(f.s); {
		start, end := f.at(i)
		if end <= i {
			i++
			continue
		}
		f.spans = append(f.spans, span{start, end})
		i = end
	}
}

// at returns the secret that is found by what stands at i. Where there is
// none, its end is 0.
func (f *finder) at(i int) (start, end int) {
	switch c := f.s[i]; {
	case c == ':' || c == '=' || c == ' ':
		return f.told(i)
	case c == '-':
		if n := privateKey(f.s[i:]); n > 0 && len(f.s) >= shortestKey {
			return i, i + n
		}
		return 0, 0
	case !startsWord(f.s, i):
		return 0, 0
	case '0' <= c && c <= '9':
		if n := card(f.s[i:]); n > 0 && !isPart(f.s, i) {
			return i, i + n
		}
		fallthrough
	default:
		return i, f.shaped(i)
	}
}

// startsWord reports whether no word goes on at i that has begun before. An
// escape ends a word, although it may end in a letter.
func startsWord(s string, i int) bool {
	if i == 0 || !alphanumeric.has(s[i-1]) {
		return true
	}
	if i >= 3 && s[i-3] == '%' && hex.has(s[i-2]) && hex.has(s[i-1]) {
		return true
	}
	return i >= 2 && s[i-2] == '\\' && isEscapeLetter(s[i-1])
}

// end returns where the characters of a class that begin at i end. It goes
// over a run of them once, however often it is asked.
func (f *finder) end(c class, i int) int {
	last := &f.runs[c]
	if int(last.start) <= i && i < int(last.end) {
		return int(last.end)
	}
	end := i + count(f.s[i:], c)
	last.start, last.end = int32(i), int32(end)
	return end
}
