package openapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// The limits of a skeleton.
const (
	maxParts = 2_000_000 // keys and values; aliases can multiply them
	maxCuts  = 8         // how deep path items may lie, and merged mappings
)

// Extensions that carry through kin-openapi what it does not keep.
const (
	placeKey = "x-activitylog-place" // an operation's file and line
	refKey   = "x-activitylog-ref "  // and what a path item refers to
)

// methods are the keys of operations.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// A skeleton is made of a file by leaving out what routes do not need.
type skeleton struct {
	file     string
	order    map[string]int // filled with the document's paths, if not nil
	left     *int           // parts that may still be made
	merging  int            // how many mappings are being merged into each other
	problems []error
}

var errParts = errors.New("aliases blow the document up")

// cut returns a copy of a mapping with what leads to operations.
func (s *skeleton) cut(n *yaml.Node, depth int) *yaml.Node {
	kept := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range s.fields(n) {
		var value *yaml.Node
		switch v := dealias(f.value); {
		case depth == 0 && f.name == "openapi":
			value = str(v.Value)
		case f.name == "$ref":
			kept.Content = append(kept.Content, str(refKey+s.file+" "+v.Value), str(""))
			value = str(v.Value)
		case depth == 0 && f.name == "servers":
			value = s.servers(v)
		case depth == 0 && f.name == "components":
			value = s.components(v)
		case slices.Contains(methods, strings.ToLower(f.name)):
			f.name = strings.ToLower(f.name)
			value = s.operation(f)
		case v.Kind != yaml.MappingNode || depth == maxCuts || depth == 0 && f.name == "webhooks":
		case f.name == "additionalOperations":
			value = s.each(v, s.operation)
		default:
			value = s.cut(v, depth+1)
		}
		if value != nil {
			kept.Content = append(kept.Content, str(f.name), value)
		}
		if depth == 0 && f.name == "paths" && s.order != nil {
			for i, path := range s.fields(f.value) {
				s.order[path.name] = i
			}
		}
	}
	return kept
}

// components keeps the path items of the components. Nothing else that is
// referred to is part of a route.
func (s *skeleton) components(n *yaml.Node) *yaml.Node {
	kept := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range s.fields(n) {
		if f.name == "pathItems" {
			kept.Content = append(kept.Content, str(f.name), s.cut(f.value, 2))
		}
	}
	return kept
}

// operation keeps what a route says of itself, and its place.
func (s *skeleton) operation(f field) *yaml.Node {
	kept := &yaml.Node{Kind: yaml.MappingNode}
	kept.Content = append(kept.Content, str(placeKey), str(fmt.Sprintf("%s\n%d", s.file, f.line)))
	for _, f := range s.fields(f.value) {
		v := dealias(f.value)
		switch f.name {
		case "operationId", "summary":
			kept.Content = append(kept.Content, str(f.name), str(v.Value))
		case "tags":
			kept.Content = append(kept.Content, str(f.name), s.texts(v))
		}
	}
	return kept
}

// texts makes a list of texts of a list, or of the one text in its place.
func (s *skeleton) texts(n *yaml.Node) *yaml.Node {
	kept := &yaml.Node{Kind: yaml.SequenceNode}
	if n.Kind == yaml.ScalarNode {
		kept.Content = append(kept.Content, str(n.Value))
		return kept
	}
	for _, item := range n.Content {
		if item = dealias(item); item.Kind == yaml.ScalarNode && s.take() {
			kept.Content = append(kept.Content, str(item.Value))
		}
	}
	return kept
}

func (s *skeleton) servers(n *yaml.Node) *yaml.Node {
	kept := &yaml.Node{Kind: yaml.SequenceNode}
	for _, server := range n.Content {
		item := &yaml.Node{Kind: yaml.MappingNode}
		for _, f := range s.fields(server) {
			switch f.name {
			case "url":
				item.Content = append(item.Content, str(f.name), str(dealias(f.value).Value))
			case "variables":
				item.Content = append(item.Content, str(f.name), s.each(f.value, s.variable))
			}
		}
		kept.Content = append(kept.Content, item)
	}
	return kept
}

func (s *skeleton) variable(f field) *yaml.Node {
	kept := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range s.fields(f.value) {
		if f.name == "default" {
			kept.Content = append(kept.Content, str(f.name), str(dealias(f.value).Value))
		}
	}
	return kept
}

// each returns a mapping whose values are made by keep.
func (s *skeleton) each(n *yaml.Node, keep func(field) *yaml.Node) *yaml.Node {
	kept := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range s.fields(n) {
		kept.Content = append(kept.Content, str(f.name), keep(f))
	}
	return kept
}

// A field is a key of a mapping with its value.
type field struct {
	name  string
	value *yaml.Node
	line  int
}

// fields returns the fields of a mapping, those of merged mappings included,
// none if n is no mapping. A key that is there twice is a problem: one of the
// two would be lost.
func (s *skeleton) fields(n *yaml.Node) []field {
	var fields, merged []field
	seen := make(map[string]int)
	n = dealias(n)
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content) && s.take(); i += 2 {
		f := field{dealias(n.Content[i]).Value, n.Content[i+1], n.Content[i].Line}
		if f.name == "<<" {
			merged = append(merged, s.merged(f.value)...)
			continue
		}
		if line := seen[f.name]; line > 0 {
			s.problems = append(s.problems, fmt.Errorf("%s:%d: %q is there twice, first in line %d", s.file, f.line, f.name, line))
			continue
		}
		seen[f.name] = f.line
		fields = append(fields, f)
	}
	for _, f := range merged {
		if seen[f.name] == 0 {
			seen[f.name] = f.line
			fields = append(fields, f)
		}
	}
	return fields
}

// merged returns the fields of the mapping or the mappings behind "<<".
func (s *skeleton) merged(n *yaml.Node) []field {
	if s.merging == maxCuts { // a mapping that merges itself
		return nil
	}
	s.merging++
	defer func() { s.merging-- }()
	n = dealias(n)
	if n.Kind != yaml.SequenceNode {
		return s.fields(n)
	}
	var fields []field
	for _, item := range n.Content {
		fields = append(fields, s.fields(item)...)
	}
	return fields
}

// take takes a part from those that may be made and reports whether there was one.
func (s *skeleton) take() bool {
	*s.left--
	if *s.left == -1 {
		s.problems = append(s.problems, fmt.Errorf("%s: %w", s.file, errParts))
	}
	return *s.left >= 0
}

func dealias(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

func str(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s} }

// checkVersion refuses what is no OpenAPI 3 document.
func checkVersion(n *yaml.Node) error {
	s := skeleton{left: new(int)}
	*s.left = maxParts
	version := ""
	for _, f := range s.fields(n) {
		switch f.name {
		case "openapi":
			version = dealias(f.value).Value
		case "swagger":
			return fmt.Errorf("line %d: Swagger %s is not read: convert the document to OpenAPI 3, with npx swagger2openapi for instance", f.line, dealias(f.value).Value)
		}
	}
	switch {
	case version == "":
		return errors.New(`not an OpenAPI document: it has no key "openapi" with its version`)
	case !slices.ContainsFunc([]string{"3.0", "3.1", "3.2"}, func(v string) bool { return version == v || strings.HasPrefix(version, v+".") }):
		return fmt.Errorf("OpenAPI %s is not read: it must be 3.0, 3.1 or 3.2", version)
	}
	return nil
}
