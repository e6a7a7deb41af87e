package scaffold

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/internal/wordlist"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// A header is what a file says before its routes.
type header struct {
	prefixes     []string // strip_prefixes
	tenant       string   // the path parameter
	guessed      bool     // the tenant is no organisation or the like
	ownCatalogue bool     // catalogue: none
}

func newHeader(api []routes.Route, o Options) *header {
	h := &header{prefixes: findPrefixes(api, o.Prefixes)}
	h.findTenant(api)
	return h
}

// yaml returns the keys of the header.
func (h *header) yaml() string {
	var b strings.Builder
	b.WriteString("version: 1\n")
	if h.ownCatalogue {
		b.WriteString("catalogue: none\n")
	}
	if len(h.prefixes) > 0 {
		fmt.Fprintf(&b, "strip_prefixes: [%s]\n", strings.Join(mapped(h.prefixes, flowText), ", "))
	}
	if h.tenant != "" {
		fmt.Fprintf(&b, "tenant: {path: %s}", flowText(h.tenant))
		if h.guessed {
			b.WriteString(" # leads most routes; if it is no tenant, take this line out and write the file anew")
		}
		b.WriteByte('\n')
	}
	b.WriteString("infer: warn\n")
	return b.String()
}

func (h *header) write(b *strings.Builder, rules, doubtful int) {
	fmt.Fprintf(b, "# yaml-language-server: $schema=%s\n", Schema)
	fmt.Fprintf(b, "#\n# The activity log of this API: the %s that %s something, and what each is called.\n",
		count(rules, "route"), verbFor(rules, "changes", "change"))
	b.WriteString("# The file is yours: correct what reads wrong. \"activitylog init\" adds routes that\n# are new and leaves the rest as it is.\n")
	if doubtful > 0 {
		b.WriteString("# A comment that begins with \"or\" says how the route could be read otherwise.\n")
	}
	b.WriteString(h.yaml())
}

// settle decides on every route of an API. If no code is one of the shipped
// catalogue and they are the same without it, the file does without it: a list
// of this API's codes must not hold those of another.
func (h *header) settle(api []routes.Route) (*decisions, error) {
	with, err := h.decide(api)
	if err != nil || slices.ContainsFunc(with.entries, with.inCatalogue) {
		return with, err
	}
	own := *h
	own.ownCatalogue = true
	without, err := own.decide(api)
	if err != nil || !slices.EqualFunc(with.entries, without.entries, func(a, b entry) bool { return a.code == b.code }) {
		return with, err
	}
	*h = own
	return without, nil
}

// decide decides on every route as a file with this header would.
func (h *header) decide(api []routes.Route) (*decisions, error) {
	m, err := mapping.Parse("", []byte(h.yaml()))
	if err != nil {
		return nil, fmt.Errorf("scaffold: %w", err)
	}
	return decide(api, m, h.prefixes), nil
}

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

// findTenant finds the path parameter that names the tenant if there is one:
// it must lead a quarter of the routes if its resource is an organisation or
// the like, and two thirds if it is what some APIs have in its place.
func (h *header) findTenant(api []routes.Route) {
	known, scoped := make(map[string]int), make(map[string]int)
	total := 0
	for _, r := range api {
		if !infer.Mutates(r.Method) {
			continue
		}
		total++
		t := route.Parse(r.Path)
		if d := infer.Decide(r.Method, t, infer.Options{StripPrefixes: h.prefixes}); d.Tenant >= 0 {
			known[t.Params[d.Tenant]]++
		} else if name := scopeParam(strippedPath(t.Path, h.prefixes)); name != "" {
			scoped[name]++
		}
	}
	for name, n := range known {
		if len(known) == 1 && 4*n >= total {
			h.tenant = name
		}
	}
	for name, n := range scoped {
		if len(known) == 0 && n >= minCommon && 3*n >= 2*total {
			h.tenant, h.guessed = name, true
		}
	}
}

// scopeParam returns the parameter of a leading pair such as /accounts/{account}
// if more stands behind it.
func scopeParam(path string) string {
	t := route.Parse(path)
	if len(t.Segments) < 3 || !scopes[infer.Singular(infer.Snake(t.Segments[0].Word))] ||
		t.Segments[0].Params > 0 || t.Segments[1].Word != "" || t.Segments[2].Word == "" {
		return ""
	}
	return t.Params[0]
}

// scopes are the resources that take the place of an organisation.
var scopes = wordlist.Set(`account company merchant project shop site space store team`)

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
