package document

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/token"
)

// A source is the text of a file by lines and columns, both from 1.
type source struct {
	runes []rune
	lines []int // where each begins in runes
}

func newSource(text string) *source {
	s := &source{runes: []rune(text), lines: []int{0}}
	for i, c := range s.runes {
		if c == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// line returns a line without its end, nil if there is none of that number.
func (s *source) line(n int) []rune {
	if s == nil || n < 1 || n > len(s.lines) {
		return nil
	}
	end := len(s.runes)
	if n < len(s.lines) {
		end = s.lines[n] - 1
	}
	line := s.runes[s.lines[n-1]:end]
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// within returns the place in s that is nearest to a line and column.
func (s *source) within(line, column int) (int, int) {
	line = min(max(line, 1), len(s.lines))
	return line, min(max(column, 1), len(s.line(line))+1)
}

// width returns how many characters a token has in its first line.
func (s *source) width(line, column int, tk *token.Token) int {
	rest := s.line(line)[column-1:]
	if n := quoted(rest, tk.Type); n > 0 {
		return n
	}
	if value := []rune(tk.Value); len(value) > 0 && len(value) <= len(rest) && slices.Equal(rest[:len(value)], value) {
		return len(value)
	}
	first, _, _ := strings.Cut(string(rest), " #")
	switch tk.Type {
	case token.AnchorType, token.AliasType, token.TagType:
		first = strings.FieldsFunc(first+" ", func(c rune) bool { return strings.ContainsRune(" ,]}", c) })[0]
	}
	return len([]rune(strings.TrimRight(first, " \t")))
}

// quoted returns how many characters the quoted text has that begins there; 0
// if there is none, or none that ends in this line.
func quoted(line []rune, kind token.Type) int {
	if kind != token.SingleQuoteType && kind != token.DoubleQuoteType || len(line) == 0 {
		return 0
	}
	for i := 1; i < len(line); i++ {
		switch {
		case kind == token.DoubleQuoteType && line[i] == '\\':
			i++
		case line[i] != line[0]:
		case kind == token.SingleQuoteType && i+1 < len(line) && line[i+1] == line[0]:
			i++
		default:
			return i + 1
		}
	}
	return 0
}

// spells reports whether the characters at a place are the value, or the value
// in quotes.
func (s *source) spells(at Pos, value string) bool {
	line := s.line(at.Line)
	if at.Column < 1 || at.Column-1+at.Length > len(line) {
		return false
	}
	here := string(line[at.Column-1 : at.Column-1+at.Length])
	return here == value || here == "'"+value+"'" || here == `"`+value+`"`
}
