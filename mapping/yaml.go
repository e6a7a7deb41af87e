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
