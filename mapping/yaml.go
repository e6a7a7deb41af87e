package mapping

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	yaml "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The limits of a mapping file. Beyond them the YAML parser takes seconds,
// and nobody can read the file.
const (
	maxFile   = 1 << 20 // bytes
	maxTokens = 80_000  // ten thousand routes
	maxDepth  = 16      // of brackets, and of dashes on one line

	// maxWork bounds the keys of one mapping to some ten thousand: for each
	// the parser copies those behind it, so its time grows with their square.
	maxWork = 11_000 * 11_000 / 2
)

// A source is a mapping file while it is read; it collects the problems.
type source struct {
	file    string
	content string
	errs    []*Error
	untold  int // problems beyond maxErrors
}

// maxErrors bounds how many problems are told: a file that is none of ours
// has one in every line.
const maxErrors = 50

const maxMessage = 400 // bytes, for messages that quote the file

// errorf notes a problem at a token; at the end of the file if tk is nil.
func (s *source) errorf(tk *token.Token, format string, args ...any) {
	e := &Error{File: s.file, Msg: fmt.Sprintf(format, args...)}
	if tk != nil && tk.Position != nil {
		e.Line, e.Column = tk.Position.Line, tk.Position.Column
	}
	s.add(e)
}

func (s *source) add(e *Error) {
	if len(s.errs) == maxErrors {
		s.untold++
		return
	}
	if len(e.Msg) > maxMessage {
		e.Msg = strings.ToValidUTF8(e.Msg[:maxMessage], "") + "…"
	}
	e.Excerpt = excerpt(s.content, e.Line, e.Column)
	s.errs = append(s.errs, e)
}

// err returns the problems in the order of their places.
func (s *source) err() error {
	slices.SortStableFunc(s.errs, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	var errs []error
	for _, e := range s.errs {
		errs = append(errs, e)
	}
	if s.untold > 0 {
		errs = append(errs, &Error{File: s.file, Msg: fmt.Sprintf("%d more problems", s.untold)})
	}
	return errors.Join(errs...)
}

// open checks data and returns the mapping at its root; nil if there is a problem.
func (s *source) open(data []byte) *ast.MappingNode {
	if len(data) > maxFile {
		s.errorf(nil, "the file is %d bytes long, the longest may be %d", len(data), maxFile)
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	s.content = string(data)
	if !s.checkText() {
		return nil
	}
	tokens := lexer.Tokenize(s.content)
	if !s.checkTokens(tokens) {
		return nil
	}
	return s.parse(tokens)
}

// checkText finds what is no text: bad UTF-8 and control characters.
func (s *source) checkText() bool {
	line, column := 1, 1
	for i, r := range s.content {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s.content[i:], "\uFFFD"):
			s.add(&Error{File: s.file, Line: line, Column: column, Msg: "this is not UTF-8: save the file as UTF-8"})
			return false
		case r == '\r' && !strings.HasPrefix(s.content[i:], "\r\n"),
			r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f:
			s.add(&Error{File: s.file, Line: line, Column: column, Msg: fmt.Sprintf("the control character %#02x must go", r)})
			return false
		}
		column++
		if r == '\n' {
			line, column = line+1, 1
		}
	}
	return true
}

// checkTokens refuses what a mapping has no use for and what the parser
// takes long over.
func (s *source) checkTokens(tokens token.Tokens) bool {
	if len(tokens) > maxTokens {
		s.errorf(tokens[maxTokens], "the file holds more than %d YAML tokens", maxTokens)
		return false
	}
	depth, dashes := 0, 0
	var keys keyCounter
	for i, tk := range tokens {
		switch tk.Type {
		case token.MappingValueType:
			if i > 0 && depth == 0 && keys.add(tokens[i-1].Position.Column) > maxWork {
				s.errorf(tokens[i-1], "too many keys: the file may have about ten thousand routes and events")
				return false
			}
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			s.errorf(tk, "anchors, aliases and merge keys are not allowed: write the value out")
		case token.TagType, token.DirectiveType:
			s.errorf(tk, "YAML tags and directives are not allowed")
		case token.DocumentHeaderType:
			if i > 0 && !onlyComments(tokens[:i]) {
				s.errorf(tk, "a second YAML document begins here: a mapping is one document")
			}
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.SequenceEntryType, token.MappingKeyType:
			dashes++
			if dashes <= maxDepth {
				continue
			}
		}
		if depth > maxDepth || dashes > maxDepth {
			s.errorf(tk, "nested more than %d deep", maxDepth)
			return false
		}
		dashes = 0
	}
	return len(s.errs) == 0
}

// A keyCounter counts the keys of the block mappings that are open at a place.
type keyCounter struct {
	open []openMapping
	work int // what the parser copies
}

type openMapping struct{ column, keys int }

// add counts a key that begins in the column, and returns the work so far.
func (c *keyCounter) add(column int) int {
	for n := len(c.open); n > 0 && c.open[n-1].column > column; n-- {
		c.open = c.open[:n-1]
	}
	if n := len(c.open); n == 0 || c.open[n-1].column < column {
		c.open = append(c.open, openMapping{column: column})
	}
	last := &c.open[len(c.open)-1]
	last.keys++
	c.work += last.keys
	return c.work
}

func onlyComments(tokens token.Tokens) bool {
	for _, tk := range tokens {
		if tk.Type != token.CommentType {
			return false
		}
	}
	return true
}

// inPlainWords returns a message of the YAML parser, or what is usually behind
// it where the message does not tell.
func inPlainWords(message string) string {
	switch {
	case strings.Contains(message, "'\t'"):
		return "a tab stands where only spaces may: indent with spaces"
	case message == "value is not allowed in this context":
		return message + ": check the indentation and the brackets; text that begins with { or [ must be in quotes"
	}
	return message
}

// parse returns the root of the file. The YAML parser is not ours and the
// file may be anything, so a panic in it is a problem with the file.
func (s *source) parse(tokens token.Tokens) (root *ast.MappingNode) {
	defer func() {
		if r := recover(); r != nil {
			s.errorf(nil, "this is not YAML: the parser gave up: %v", r)
			root = nil
		}
	}()
	f, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var problem yaml.Error
		if errors.As(err, &problem) {
			s.errorf(problem.GetToken(), "YAML: %s", inPlainWords(problem.GetMessage()))
		} else {
			s.errorf(nil, "YAML: %v", err)
		}
		return nil
	}
	for _, doc := range f.Docs {
		switch body := doc.Body.(type) {
		case nil, *ast.NullNode, *ast.CommentGroupNode:
		case *ast.MappingNode:
			return body
		default:
			s.errorf(body.GetToken(), "a mapping file must begin with keys, such as version: 1")
			return nil
		}
	}
	s.errorf(nil, "the file is empty: it must at least say version: 1")
	return nil
}
