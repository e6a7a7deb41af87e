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
	texts  map[string]string // by file, for excerpts
	errs   []*Error
	untold int // beyond maxErrors
}

const (
	// maxErrors bounds how many problems are told: a file that is none of ours
	// has one in every line.
	maxErrors  = 50
	maxMessage = 400 // bytes, for messages that quote the file
)

// Errorf notes a problem.
func (p *Problems) Errorf(at Pos, format string, args ...any) {
	if len(p.errs) == maxErrors {
		p.untold++
		return
	}
	e := &Error{Pos: at, Msg: fmt.Sprintf(format, args...)}
	if len(e.Msg) > maxMessage {
		e.Msg = strings.ToValidUTF8(e.Msg[:maxMessage], "") + "…"
	}
	e.Excerpt = excerpt(p.texts[at.File], at)
	p.errs = append(p.errs, e)
}

// Len returns how many problems there are.
func (p *Problems) Len() int { return len(p.errs) + p.untold }

// Err returns the problems, each an [*Error], in the order of their places;
// nil if there are none.
func (p *Problems) Err() error {
	slices.SortStableFunc(p.errs, func(a, b *Error) int {
		if a.Pos.File != b.Pos.File {
			return 0 // as they were read
		}
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	var errs []error
	for _, e := range p.errs {
		errs = append(errs, e)
	}
	if p.untold > 0 {
		errs = append(errs, fmt.Errorf("%s: %d more problems", p.errs[0].Pos.File, p.untold))
	}
	return errors.Join(errs...)
}

func (p *Problems) keep(file, text string) {
	if p.texts == nil {
		p.texts = make(map[string]string)
	}
	p.texts[file] = text
}
