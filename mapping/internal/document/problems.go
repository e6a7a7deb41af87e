package document

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Problems collects what is wrong with a file and with those that it includes,
// so that all of it is told at once. The zero value has none.
type Problems struct {
	files   []string           // in the order in which they were read
	sources map[string]*source // by file, for excerpts
	errs    []*Error
	untold  int            // beyond maxKept
	lines   map[place]bool // that have a problem
	last    int            // of lines
}

type place struct {
	file string
	line int
}

const (
	// maxErrors bounds how many problems are told: a file that is none of ours
	// has one in every line. They are the first ones of maxKept.
	maxErrors  = 50
	maxKept    = 5_000
	maxMessage = 400 // bytes, for messages that quote the file
)

// Errorf notes a problem.
func (p *Problems) Errorf(at Pos, format string, args ...any) {
	if p.lines == nil {
		p.lines = make(map[place]bool)
	}
	p.lines[place{at.File, at.Line}] = true
	p.last = max(p.last, at.Line)
	if len(p.errs) == maxKept {
		p.untold++
		return
	}
	e := &Error{Pos: at, Msg: fmt.Sprintf(format, args...)}
	if len(e.Msg) > maxMessage {
		e.Msg = strings.ToValidUTF8(e.Msg[:maxMessage], "") + "…"
	}
	p.errs = append(p.errs, e)
}

// Len returns how many problems there are.
func (p *Problems) Len() int { return len(p.errs) + p.untold }

// Within reports whether there is a problem from a place on, before another one
// in the same file; a zero end is that of the file.
func (p *Problems) Within(from, end Pos) bool {
	last := p.last
	if end.File == from.File {
		last = max(from.Line, end.Line-1)
	}
	for line := from.Line; line <= last; line++ {
		if p.lines[place{from.File, line}] {
			return true
		}
	}
	return false
}

// Err returns the problems, each an [*Error], in the order of their places;
// nil if there are none.
func (p *Problems) Err() error {
	slices.SortStableFunc(p.errs, func(a, b *Error) int {
		return cmp.Or(
			cmp.Compare(slices.Index(p.files, a.Pos.File), slices.Index(p.files, b.Pos.File)),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	var errs []error
	for _, e := range p.errs[:min(len(p.errs), maxErrors)] {
		e.Excerpt = excerpt(p.sources[e.Pos.File].line, e.Pos)
		errs = append(errs, e)
	}
	if more := p.Len() - len(errs); more > 0 {
		errs = append(errs, &Error{Pos: Pos{File: p.errs[0].Pos.File}, Msg: fmt.Sprintf("%d more problems", more)})
	}
	return errors.Join(errs...)
}

// keep notes that a file is read; its text follows when it is known.
func (p *Problems) keep(file string, s *source) {
	if p.sources == nil {
		p.sources = make(map[string]*source)
	}
	if !slices.Contains(p.files, file) {
		p.files = append(p.files, file)
	}
	p.sources[file] = s
}
