package document

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/token"
)

// The limits of a mapping file. Beyond them the YAML parser takes seconds,
// and nobody can read the file.
const (
	maxFile   = 768 << 10 // bytes
	maxTokens = 80_000    // ten thousand routes
	maxMarks  = 250_000   // more than so many tokens have
	maxKey    = 1024      // bytes; YAML itself allows as many characters
	maxDepth  = 16        // of brackets, and of dashes on one line

	// maxWork bounds the keys of one mapping to some ten thousand: for each
	// the parser copies those behind it, so its time grows with their square.
	maxWork = 11_000 * 11_000 / 2
)

// marks counts what may separate tokens. The lexer takes a third of a second
// and 300 MB for a file of brackets; to count them takes a millisecond.
func marks(text string) int {
	n := 0
	for i := range len(text) {
		switch text[i] {
		case '[', ']', '{', '}', ',', ':', '?', '"', '!', '&', '\n':
			n++
		}
	}
	return n
}

// checkTokens refuses what a mapping has no use for and what the parser
// takes long over.
func (r *reader) checkTokens(tokens token.Tokens) bool {
	if len(tokens) > maxTokens {
		r.Errorf(r.posOf(tokens[maxTokens]), "the file holds more than %d YAML tokens", maxTokens)
		return false
	}
	depth, dashes, before := 0, 0, r.Len()
	header := slices.IndexFunc(tokens, func(tk *token.Token) bool { return tk.Type != token.CommentType })
	var keys keyCounter
	for i, tk := range tokens {
		switch tk.Type {
		case token.MappingValueType:
			if i > 0 && depth == 0 && keys.add(tokens[i-1].Position.Column) > maxWork {
				r.Errorf(r.posOf(tokens[i-1]), "too many keys: the file may have about ten thousand routes and events")
				return false
			}
			if depth > 0 && i > 0 && r.isJoined(tokens[i-1], tk) {
				r.Errorf(r.posOf(tokens[i-1]), "between brackets, text that holds a colon must be in quotes, and a space must follow the colon behind a key")
			}
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			r.Errorf(r.posOf(tk), "anchors, aliases and merge keys are not allowed: write the value out")
		case token.TagType:
			r.Errorf(r.posOf(tk), "YAML tags are not allowed: leave it out")
			return false // the parser's places behind it are wrong
		case token.DirectiveType:
			r.Errorf(r.posOf(tk), "YAML directives are not allowed: leave the line out")
			return false
		case token.DocumentHeaderType, token.DocumentEndType:
			if i == header {
				break
			}
			r.Errorf(r.posOf(tk), "a mapping is one YAML document: leave out %s and what belongs to another", tk.Value)
			return false
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
			r.Errorf(r.posOf(tk), "nested more than %d deep", maxDepth)
			return false
		}
		dashes = 0
	}
	return r.Len() == before
}

// isJoined reports whether a colon behind a key has its value right behind it,
// as in {a:b: c} and [a:b]. In YAML a:b is one text; the parser takes a for a key.
func (r *reader) isJoined(key, colon *token.Token) bool {
	line := r.source.line(colon.Position.Line)
	if key.Indicator != token.NotIndicator || colon.Position.Column >= len(line) {
		return false
	}
	return !strings.ContainsRune(" \t,[]{}", line[colon.Position.Column])
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
