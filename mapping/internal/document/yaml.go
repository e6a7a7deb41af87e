package document

import (
	"errors"
	"strings"
	"unicode/utf8"

	yaml "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// checkText finds what is no text: bad UTF-8 and control characters.
func (r *reader) checkText() bool {
	line, column := 1, 1
	for i, c := range r.content {
		at := Pos{File: r.file, Line: line, Column: column, Length: 1}
		switch {
		case c == utf8.RuneError && !strings.HasPrefix(r.content[i:], "\uFFFD"):
			r.Errorf(at, "this is not UTF-8: save the file as UTF-8")
			return false
		case c == '\r' && !strings.HasPrefix(r.content[i:], "\r\n"),
			c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f:
			r.Errorf(at, "the control character %#02x must go", c)
			return false
		}
		column++
		if c == '\n' {
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
func (r *reader) parse(tokens token.Tokens) (root *ast.MappingNode) {
	defer func() {
		if cause := recover(); cause != nil {
			r.Errorf(Pos{File: r.file}, "this is not YAML: the parser gave up: %v", cause)
			root = nil
		}
	}()
	f, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var problem yaml.Error
		if errors.As(err, &problem) {
			r.Errorf(r.posOf(problem.GetToken()), "YAML: %s", inPlainWords(problem.GetMessage()))
		} else {
			r.Errorf(Pos{File: r.file}, "YAML: %v", err)
		}
		return nil
	}
	for _, doc := range f.Docs {
		switch body := doc.Body.(type) {
		case nil, *ast.NullNode, *ast.CommentGroupNode:
		case *ast.MappingNode:
			return body
		default:
			r.Errorf(r.posOf(body.GetToken()), "a mapping file must begin with keys, such as version: 1")
			return nil
		}
	}
	r.Errorf(Pos{File: r.file}, "the file is empty: it must at least say version: 1")
	return nil
}
