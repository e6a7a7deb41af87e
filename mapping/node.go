package mapping

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// A field is a key of a mapping with its value.
type field struct {
	key   string
	at    *token.Token // of the key
	value ast.Node
}

// fields returns the keys of a node that must be a mapping, each once. what
// names the node in errors.
func (s *source) fields(n ast.Node, at *token.Token, what string) []field {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		s.errorf(tokenOf(n, at), "%s: must be keys with values, not %s", what, kindOf(n))
		return nil
	}
	seen := make(map[string]int, len(pairs))
	var fields []field
	for _, p := range pairs {
		at := p.Key.GetToken()
		key, ok := scalar(p.Key)
		if !ok {
			s.errorf(at, "%s: a key must be plain text", what)
			continue
		}
		if line, twice := seen[key]; twice {
			s.errorf(at, "%s: %q stands here a second time, first in line %d", what, key, line)
			continue
		}
		seen[key] = at.Position.Line
		fields = append(fields, field{key: key, at: at, value: p.Value})
	}
	return fields
}

// object hands the value of every key to the function for it; other keys are problems.
func (s *source) object(n ast.Node, at *token.Token, what string, known []string, read func(f field)) {
	for _, f := range s.fields(n, at, what) {
		if !slices.Contains(known, f.key) {
			s.errorf(f.at, "%s: unknown key %q%s", what, f.key, didYouMean(f.key, known))
			continue
		}
		read(f)
	}
}

// text returns the value of a field that must be text, and not empty.
func (s *source) text(f field, what string) string {
	v, ok := scalar(f.value)
	switch {
	case !ok:
		s.errorf(tokenOf(f.value, f.at), "%s: must be text, not %s", what, kindOf(f.value))
	case strings.TrimSpace(v) == "":
		s.errorf(tokenOf(f.value, f.at), "%s: must not be empty", what)
	}
	return v
}

// oneOf returns the value of a field that must be one of some words.
func (s *source) oneOf(f field, what string, allowed ...string) string {
	v := s.text(f, what)
	if v != "" && !slices.Contains(allowed, v) {
		s.errorf(tokenOf(f.value, f.at), "%s: must be %s, not %q", what, strings.Join(allowed, " or "), v)
		return ""
	}
	return v
}

// list returns the elements of a field that is a list or one value.
func (s *source) list(f field, what string) []field {
	seq, ok := f.value.(*ast.SequenceNode)
	if !ok {
		return []field{f}
	}
	if len(seq.Values) == 0 {
		s.errorf(tokenOf(seq, f.at), "%s: must not be empty", what)
	}
	var fields []field
	for _, v := range seq.Values {
		fields = append(fields, field{key: f.key, at: tokenOf(v, f.at), value: v})
	}
	return fields
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

func tokenOf(n ast.Node, otherwise *token.Token) *token.Token {
	switch n := n.(type) {
	case nil:
		return otherwise
	case *ast.NullNode:
		if n.Token != nil && n.Token.Type == token.ImplicitNullType {
			return otherwise
		}
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return n.Values[0].Key.GetToken() // its own token is the colon
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	if tk := n.GetToken(); tk != nil {
		return tk
	}
	return otherwise
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
