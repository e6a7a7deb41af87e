package document

import (
	"strings"
	"unicode"

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
		if !ok || strings.TrimSpace(key) == "" || strings.IndexFunc(key, unicode.IsControl) >= 0 {
			r.Errorf(at, "%s: a key must be plain text in one line", c.what)
			continue
		}
		if len(key) > maxKey {
			r.Errorf(at, "%s: the key is %d bytes long, the longest may be %d", c.what, len(key), maxKey)
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

// An element is one value of a list, with its place should it have none of its own.
type element struct {
	at    Pos
	value ast.Node
}

// elements returns the elements of a list, or the node itself.
func (r *reader) elements(n ast.Node, c context) []element {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		return []element{{c.at, n}}
	}
	if len(seq.Values) == 0 {
		r.Errorf(r.place(seq, c.at), "%s: must not be empty", c.what)
	}
	var elements []element
	for i, value := range seq.Values {
		e := element{c.at, value}
		if !seq.IsFlowStyle && i < len(seq.Entries) {
			e.at = r.posOf(seq.Entries[i].Start)
		}
		elements = append(elements, e)
	}
	return elements
}

// textOf returns the text of a scalar with its place.
func (r *reader) textOf(n ast.Node, value string) Text {
	t := Text{Value: value, Pos: r.place(n, Pos{File: r.file})}
	t.exact = r.source.spells(t.Pos, value)
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
		return strings.TrimRight(n.Value.Value, "\n"), true // which end the block, not the text
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
	p.Line, p.Column = r.source.within(tk.Position.Line, tk.Position.Column)
	p.Length = r.source.width(p.Line, p.Column, tk)
	return p
}

func isMapping(n ast.Node) bool {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
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
