// Package route reads the route templates of the common Go routers.
package route

import "strings"

// A Template is a route template, read.
type Template struct {
	// Path is the template with every parameter in braces, without method,
	// host and patterns: "/orgs/{org}/files/{rest...}".
	Path string

	// Shape is Path without the names of its parameters and without a slash
	// at the end. Templates of the same shape match the same paths.
	Shape string

	// Params are the names of the parameters in order of position.
	Params []string

	Segments []Segment
}

// A Segment is what stands between two slashes.
type Segment struct {
	Word   string // the literal text: "orgs"; empty for a plain parameter
	Verb   string // a verb behind a colon: "activate" in "{id}:activate"
	Params int    // how many parameters it holds
}

// Cut splits a pattern such as "PATCH example.org/orgs/{org}" into method and
// path. The method is empty if the pattern names none.
func Cut(pattern string) (method, path string) {
	path = pattern
	if i := strings.IndexAny(pattern, " \t/{"); i > 0 && pattern[i] <= ' ' {
		method, path = pattern[:i], strings.TrimLeft(pattern[i:], " \t")
	}
	if i := strings.IndexByte(path, '/'); i > 0 {
		path = path[i:] // a host
	}
	return method, path
}

// Parse reads a path template. Every string is a template: what cannot be
// read as a parameter is literal text.
func Parse(path string) Template {
	var t Template
	var spelled, shape strings.Builder
	for _, text := range split(path) {
		if text == "{$}" { // "exactly this path", in net/http
			text = ""
		}
		spelled.WriteByte('/')
		if text == "" {
			continue
		}
		shape.WriteByte('/')
		t.segment(text, &spelled, &shape)
	}
	t.Path, t.Shape = spelled.String(), shape.String()
	if t.Path == "" {
		t.Path = "/"
	}
	if t.Shape == "" {
		t.Shape = "/"
	}
	return t
}

// split returns the segments of a path. Slashes in braces belong to a
// parameter's pattern.
func split(path string) []string {
	path = strings.TrimPrefix(path, "/")
	var segments []string
	depth, start := 0, 0
	for i := range len(path) {
		switch path[i] {
		case '{':
			depth++
		case '}':
			depth = max(depth-1, 0)
		case '/':
			if depth == 0 {
				segments = append(segments, path[start:i])
				start = i + 1
			}
		}
	}
	return append(segments, path[start:])
}

func (t *Template) segment(text string, spelled, shape *strings.Builder) {
	var s Segment
	param := func(spec string) {
		name, rest := paramName(spec)
		t.Params = append(t.Params, name)
		s.Params++
		dots := ""
		if rest {
			dots = "..."
		}
		spelled.WriteString("{" + name + dots + "}")
		shape.WriteString("{" + dots + "}")
	}
	literal := func(lit string) {
		spelled.WriteString(lit)
		shape.WriteString(lit)
		word, verb, _ := strings.Cut(lit, ":")
		s.Word += strings.Trim(word, `.,;()'"-_~@$!`)
		if verb != "" {
			s.Verb = verb
		}
	}
	switch {
	case text[0] == '*':
		param(text + "...")
	case text[0] == ':' && len(text) > 1:
		name, verb, ok := strings.Cut(text[1:], ":")
		param(name)
		if ok {
			literal(":" + verb)
		}
	default:
		for text != "" {
			open := strings.IndexByte(text, '{')
			end := closing(text, open)
			if end < 0 {
				literal(text)
				break
			}
			if open > 0 {
				literal(text[:open])
			}
			param(text[open+1 : end])
			text = text[end+1:]
		}
	}
	if s.Params > 0 && extensions[s.Word] {
		s.Word = ""
	}
	t.Segments = append(t.Segments, s)
}

var extensions = map[string]bool{"json": true, "xml": true, "html": true, "csv": true, "yaml": true}

// closing returns the index of the brace that closes the one at open, or -1.
func closing(text string, open int) int {
	if open < 0 {
		return -1
	}
	depth := 0
	for i := open; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// paramName cuts the pattern from a parameter: "org:[a-z]+", "name=users/*",
// "rest...", "*rest", "id?".
func paramName(spec string) (name string, rest bool) {
	name = spec
	if i := strings.IndexAny(name, ":="); i >= 0 {
		pattern := name[i+1:]
		name = name[:i]
		rest = pattern == ".*" || pattern == ".+"
	}
	rest = rest || strings.HasPrefix(name, "*") || strings.HasSuffix(name, "*") || strings.HasSuffix(name, "...")
	return strings.Trim(name, "*+.?"), rest
}
