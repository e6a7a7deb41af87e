package scaffold

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/activitylog-go/activitylog/mapping"
)

// A text is the content of a file with edits that are applied all at once.
type text struct {
	content string
	starts  []int // where each line begins, in bytes
	newline string
	edits   []edition
}

// An edition replaces the bytes from start to end.
type edition struct {
	start, end int
	with       string
}

func newText(content string) *text {
	t := &text{content: content, starts: []int{0}, newline: "\n"}
	for i := range len(content) {
		if content[i] == '\n' && i+1 < len(content) {
			t.starts = append(t.starts, i+1)
		}
	}
	if strings.Contains(content, "\r\n") {
		t.newline = "\r\n"
	}
	return t
}

const byteOrderMark = "\uFEFF"

// offset returns where a place is, in bytes. Places do not count a byte order mark.
func (t *text) offset(line, column int) int {
	start := t.starts[line-1]
	if line == 1 && strings.HasPrefix(t.content, byteOrderMark) {
		start += len(byteOrderMark)
	}
	for range column - 1 {
		_, size := utf8.DecodeRuneInString(t.content[start:])
		start += size
	}
	return start
}

// line returns a line, from 1, without its end.
func (t *text) line(n int) string {
	line := strings.TrimRight(t.content[t.starts[n-1]:t.end(n)], "\r\n")
	return strings.TrimPrefix(line, byteOrderMark)
}

// end returns where the line behind line n begins.
func (t *text) end(n int) int {
	if n < len(t.starts) {
		return t.starts[n]
	}
	return len(t.content)
}

// replace puts text in the place of a value that stands in one line.
func (t *text) replace(at mapping.Pos, with string) {
	t.edits = append(t.edits, edition{t.offset(at.Line, at.Column), t.offset(at.Line, at.Column+at.Length), with})
}

// insert puts text before a place.
func (t *text) insert(offset int, with string) {
	t.edits = append(t.edits, edition{offset, offset, with})
}

// insertLines puts lines behind line n.
func (t *text) insertLines(n int, lines []string) {
	if len(lines) == 0 {
		return
	}
	block := strings.Join(lines, t.newline) + t.newline
	if offset := t.end(n); offset > 0 && t.content[offset-1] != '\n' {
		t.insert(offset, t.newline+block)
	} else {
		t.insert(offset, block)
	}
}

// String returns the content with the edits. Of several at one place the first
// comes first.
func (t *text) String() string {
	edits := slices.Clone(t.edits)
	slices.SortStableFunc(edits, func(a, b edition) int { return cmp.Compare(a.start, b.start) })
	var b strings.Builder
	done := 0
	for _, e := range edits {
		b.WriteString(t.content[done:e.start])
		b.WriteString(e.with)
		done = e.end
	}
	b.WriteString(t.content[done:])
	return b.String()
}

// indentOf returns how many spaces a line begins with.
func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// saysNothing reports whether a line is empty or a comment.
func saysNothing(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#'
}

// blockEnd returns the last line of the block that begins at line n with that
// indent: of the lines below that are indented more.
func (t *text) blockEnd(n, indent int) int {
	last := n
	for i := n + 1; i <= len(t.starts); i++ {
		line := t.line(i)
		switch {
		case strings.TrimSpace(line) == "":
		case indentOf(line) > indent:
			last = i
		case !saysNothing(line):
			return last
		}
	}
	return last
}
