package document

import (
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// A field is a key of a mapping with its value.
type field struct {
	key   Text
	value ast.Node
}

// fields returns the keys of a node that must be a mapping, each once.
func (r *reader) fields(n ast.Node, c context) []field {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		r.Errorf(r.place(n, c.at), "%s: must be keys with values, not %s", c.what, kindOf(n))
		return nil
	}
	seen := make(map[string]int, len(pairs))
	var fields []field
	for _, p := range pairs {
		at := r.posOf(p.Key.GetToken())
		key, ok := scalar(p.Key)
		if !ok {
			r.Errorf(at, "%s: a key must be plain text", c.what)
			continue
		}
		if line, twice := seen[key]; twice {
			r.Errorf(at, "%s: %q stands here a second time, first in line %d", c.what, key, line)
			continue
		}
		seen[key] = at.Line
		fields = append(fields, field{key: r.textOf(p.Key, key), value: p.Value})
	}
	return fields
}

// elements returns the elements of a list, or the node itself.
func (r *reader) elements(n ast.Node, c context) []ast.Node {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		return []ast.Node{n}
	}
	if len(seq.Values) == 0 {
		r.Errorf(r.place(seq, c.at), "%s: must not be empty", c.what)
	}
	return seq.Values
}

// text returns the scalar of a node with environment variables put in.
func (r *reader) text(n ast.Node, c context) (Text, bool) {
	value, ok := scalar(n)
	if !ok {
		return Text{}, false
	}
	t := r.textOf(n, value)
	return r.expand(t, c), true
}

// textOf returns the text of a scalar with its place.
func (r *reader) textOf(n ast.Node, value string) Text {
	t := Text{Value: value, Pos: r.place(n, Pos{File: r.file})}
	width := utf8.RuneCountInString(value)
	t.exact = t.Pos.Length == width || t.Pos.Length == width+2
	return t
}

// scalar returns the text of a scalar, numbers and booleans as they are spelled.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		if n.Value == nil {
			return "", true
		}
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// place returns where a node stands; otherwise if it has no place of its own.
func (r *reader) place(n ast.Node, otherwise Pos) Pos {
	switch n := n.(type) {
	case nil:
		return otherwise
	case *ast.NullNode:
		if n.Token != nil && n.Token.Type == token.ImplicitNullType {
			return otherwise
		}
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return r.posOf(n.Values[0].Key.GetToken()) // its own token is the colon
		}
	case *ast.MappingValueNode:
		return r.posOf(n.Key.GetToken())
	}
	if tk := n.GetToken(); tk != nil {
		return r.posOf(tk)
	}
	return otherwise
}

func (r *reader) posOf(tk *token.Token) Pos {
	p := Pos{File: r.file}
	if tk == nil || tk.Position == nil {
		return p
	}
	p.Line, p.Column = tk.Position.Line, tk.Position.Column
	p.Length = utf8.RuneCountInString(tk.Value)
	if tk.Type == token.SingleQuoteType || tk.Type == token.DoubleQuoteType {
		p.Length += 2
	}
	return p
}

func isNull(n ast.Node) bool {
	_, null := n.(*ast.NullNode)
	return null || n == nil
}

func kindOf(n ast.Node) string {
	switch n.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys with values"
	case *ast.SequenceNode:
		return "a list"
	}
	return "one value"
}
