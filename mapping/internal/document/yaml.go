package document

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	yaml "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// checkText finds what is no text: bad UTF-8 and control characters.
func (r *reader) checkText(text string) bool {
	line, column := 1, 1
	for i, c := range text {
		at := Pos{File: r.file, Line: line, Column: column, Length: 1}
		switch {
		case c == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
			r.Errorf(at, "this is not UTF-8: save the file as UTF-8")
			return false
		case c == '\r' && !strings.HasPrefix(text[i:], "\r\n"), c != '\r' && isControl(c):
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

// isControl reports whether c is a control character other than a tab or the
// end of a line.
func isControl(c rune) bool { return unicode.IsControl(c) && c != '\t' && c != '\n' }

// inPlainWords returns a message of the YAML parser, or what is usually behind
// it where the message does not tell.
func inPlainWords(message string) string {
	switch {
	case strings.Contains(message, "'\t'"):
		return "a tab stands where only spaces may: indent with spaces"
	case message == "mapping value is not allowed in this context":
		return "a key with its value is not allowed here: check the indentation; text that holds a colon and a space must be in quotes"
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
			at := r.posOf(problem.GetToken())
			if tk := problem.GetToken(); tk != nil && tk.Type == token.InvalidType {
				at.Length = 1 // it runs on to the end of the file
			}
			r.Errorf(at, "YAML: %s", inPlainWords(problem.GetMessage()))
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
