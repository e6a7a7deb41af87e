package engine

import (
	"net/url"
	"strings"
)

// Param matches an escaped path with a route as [mapping.Rule] spells it,
// "/orgs/{org}/files/{rest...}", and returns the value of its i-th parameter.
// It reports false if the path is not one of the route's.
func Param(route, path string, i int) (value string, ok bool) {
	for n := 0; ; {
		if !strings.HasPrefix(route, "/") || !strings.HasPrefix(path, "/") {
			return value, route == path // both are at their end
		}
		if route == "/" || route == "/{$}" {
			return value, route == "/" || path == "/"
		}
		var part, segment string
		part, route = cutSegment(route)
		if strings.HasSuffix(part, "...}") {
			if n == i {
				value = unescape(path[1:])
			}
			return value, true
		}
		segment, path = cutSegment(path)
		got, params, matches := matchSegment(part, segment)
		if !matches {
			return "", false
		}
		if params == 1 && n == i {
			value = unescape(got)
		}
		n += params
	}
}

// cutSegment splits "/a/b" into "a" and "/b".
func cutSegment(path string) (segment, rest string) {
	if i := strings.IndexByte(path[1:], '/'); i >= 0 {
		return path[1 : i+1], path[i+1:]
	}
	return path[1:], ""
}

// matchSegment matches a segment with a part of a route: a word, a parameter,
// or a parameter between fixed texts as in "{id}:activate". Of several
// parameters in one part, it does not know where one ends.
func matchSegment(part, segment string) (value string, params int, ok bool) {
	open, end := strings.IndexByte(part, '{'), strings.LastIndexByte(part, '}')
	if open < 0 || end < open {
		return "", 0, part == segment || part == unescape(segment)
	}
	params = strings.Count(part, "{")
	prefix, suffix := part[:open], part[end+1:]
	if len(segment) < len(prefix)+len(suffix) || !strings.HasPrefix(segment, prefix) || !strings.HasSuffix(segment, suffix) {
		return "", params, false
	}
	return segment[len(prefix) : len(segment)-len(suffix)], params, true
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
