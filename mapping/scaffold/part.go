package scaffold

import (
	"strings"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// A part is a top-level key of a file whose value is a mapping, such as routes.
type part struct {
	*text
	name  string
	line  int             // of the key; 0 if the file does not have it
	keys  []document.Text // the keys below it that stand in this file
	flow  bool            // it is written in braces
	brace int             // where the braces open, in bytes
}

// findPart finds a top-level key.
func (t *text) findPart(doc *document.Document, name string, keys []document.Text) *part {
	p := &part{text: t, name: name, keys: keys}
	for _, k := range doc.Keys {
		if k.Value == name {
			p.line = k.Pos.Line
			p.findBrace(t.offset(k.Pos.Line, k.Pos.Column+k.Pos.Length))
		}
	}
	return p
}

// findBrace finds the braces of the value behind a key that ends at offset.
func (p *part) findBrace(offset int) {
	colon := offset + strings.IndexByte(p.content[offset:], ':') + 1
	for n := p.line; n <= len(p.starts); n++ {
		start := max(p.starts[n-1], colon)
		rest := strings.TrimLeft(p.content[start:max(p.end(n), start)], " \t")
		if saysNothing(rest) {
			continue
		}
		p.flow = rest[0] == '{'
		p.brace = p.end(n) - len(rest)
		return
	}
}

// open makes room for lines below a key that has none yet: it takes away empty
// braces, or adds the key at the end of the file. It returns the line behind
// which they go, and what is to go before them.
func (p *part) open(top string) (after int, before []string) {
	switch {
	case p.line == 0:
		after, before = len(p.starts), []string{top + p.name + ":"}
		if strings.TrimSpace(p.text.line(after)) != "" {
			before = append([]string{""}, before...)
		}
		return after, before
	case p.flow:
		closing := p.brace + strings.IndexByte(p.content[p.brace:], '}') + 1
		p.edits = append(p.edits, edition{p.brace, closing, ""})
		after = p.line
		for p.end(after) < closing {
			after++
		}
		return after, nil
	}
	return p.line, nil
}
