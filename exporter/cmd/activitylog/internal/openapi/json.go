package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
)

// maxDepth is how deep JSON may be nested.
const maxDepth = 1000

// jsonParser makes of JSON the nodes that the YAML parser would make.
type jsonParser struct {
	data   []byte
	dec    *json.Decoder
	offset int64 // up to where lines are counted
	lines  int
}

func parseJSON(data []byte) (*yaml.Node, error) {
	p := jsonParser{data: data, dec: json.NewDecoder(bytes.NewReader(data)), lines: 1}
	p.dec.UseNumber()
	n, err := p.value(0)
	if err == nil {
		if _, end := p.dec.Token(); end != io.EOF {
			err = errors.New("there is more behind the document")
		}
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("line %d: %w", p.line(), err)
	}
	return n, nil
}

// line returns the line of the last token.
func (p *jsonParser) line() int {
	end := p.dec.InputOffset()
	p.lines += bytes.Count(p.data[p.offset:end], []byte("\n"))
	p.offset = end
	return p.lines
}

func (p *jsonParser) value(depth int) (*yaml.Node, error) {
	token, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, fmt.Errorf("nested more than %d deep", maxDepth)
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Line: p.line()}
	switch token {
	case json.Delim('{'):
		n.Kind = yaml.MappingNode
	case json.Delim('['):
		n.Kind = yaml.SequenceNode
	case nil:
		n.Tag = "!!null"
		return n, nil
	default:
		n.Tag, n.Value = "!!str", fmt.Sprint(token)
		return n, nil
	}
	for p.dec.More() { // keys and values in turn, as YAML's nodes have them
		child, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, child)
	}
	_, err = p.dec.Token() // the closing bracket
	return n, err
}
