package scaffold

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

const maxPrefixes = 3 // more say nothing that the routes in full would not

// findPrefixes returns the paths that are no part of a resource's name: those
// given, and those below which the routes lie: the usual ones (/api/v1), or a
// path that every route has.
func findPrefixes(api []routes.Route, given []string) []string {
	var all []string
	for _, p := range given {
		if p = strings.TrimSuffix(route.Parse(p).Path, "/"); p != "" && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	counts := make(map[string]int)
	covered := 0
	for _, r := range api {
		if p := leadingPrefix(route.Parse(r.Path), all); p != "" {
			counts[p]++
			covered++
		}
	}
	if p := commonPrefix(api, counts); p != "" {
		counts, covered = map[string]int{p: len(api)}, len(api)
	}
	if len(counts) > maxPrefixes || covered*2 < len(api) {
		return all
	}
	found := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	for _, p := range found {
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// leadingPrefix returns the longest of the given prefixes that the route has,
// else the segments that inference leaves out.
func leadingPrefix(t route.Template, given []string) string {
	longest := ""
	for _, p := range given {
		if len(p) > len(longest) && strings.HasPrefix(t.Path, p+"/") {
			longest = p
		}
	}
	if longest != "" {
		return longest
	}
	for _, step := range infer.Decide("POST", t, infer.Options{}).Steps {
		if p, ok := strings.CutPrefix(step, "the prefix "); ok {
			p, _, _ = strings.Cut(p, " ")
			if len(p) < len(t.Path) && strings.EqualFold(t.Path[:len(p)], p) && t.Path[len(p)] == '/' {
				return t.Path[:len(p)]
			}
		}
	}
	return ""
}

// minCommon is how many routes must share a path, and how many resources must
// stand behind it, before it is taken for a prefix: fewer may be those of one
// resource.
const minCommon, minResources = 6, 3

// commonPrefix returns the path that every route begins with if it is longer
// than the usual prefixes and words stand behind it: the name of a service.
func commonPrefix(api []routes.Route, usual map[string]int) string {
	if len(api) < minCommon {
		return ""
	}
	var common []string
	for i, r := range api {
		words := staticStart(route.Parse(r.Path))
		words = words[:max(len(words)-1, 0)] // a resource must be left
		if i == 0 {
			common = words
		}
		n := 0
		for n < min(len(common), len(words)) && common[n] == words[n] {
			n++
		}
		common = common[:n]
	}
	if len(common) == 0 {
		return ""
	}
	prefix := "/" + strings.Join(common, "/")
	behind := make(map[string]bool)
	for _, r := range api {
		behind[staticStart(route.Parse(r.Path))[len(common)]] = true
	}
	if usual[prefix] > 0 || len(behind) < minResources {
		return ""
	}
	for p := range usual {
		if strings.HasPrefix(p, prefix) {
			return "" // it ends within a usual prefix
		}
	}
	return prefix
}

// staticStart returns the segments of a route before its first parameter.
func staticStart(t route.Template) []string {
	start, _, _ := strings.Cut(t.Path, "{")
	words := strings.Split(strings.TrimPrefix(start, "/"), "/")
	if len(start) < len(t.Path) || words[len(words)-1] == "" {
		words = words[:len(words)-1]
	}
	return words
}

// strippedPath returns a path without the longest of the prefixes that it has.
func strippedPath(path string, prefixes []string) string {
	longest := ""
	for _, p := range prefixes {
		p = strings.TrimSuffix(p, "/")
		if len(p) > len(longest) && strings.HasPrefix(path, p+"/") {
			longest = p
		}
	}
	return path[len(longest):]
}
