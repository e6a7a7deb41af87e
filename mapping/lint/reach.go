package lint

import (
	"cmp"
	"strings"

	"github.com/activitylog-go/activitylog/internal/suggest"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// unreachable finds the rules that no request reaches: because another rule
// takes it, or because there is no such route.
func (l *linter) unreachable() {
	taken, index := l.taken(), newNeighbours(l.requests)
	for i := range l.rules {
		r := &l.rules[i]
		if r.reached {
			continue
		}
		if other := taken[requestKey{r.method, r.template.Shape}]; other != nil {
			l.add(Shadowed, r.Key.Pos, "rule %q is never used: %q in %s names the same route: drop one of them",
				r.Key.Value, other.Key.Value, where(other.Key.Pos, r.Key.Pos))
			continue
		}
		l.add(Unreachable, r.Key.Pos, "rule %q is reached by no route%s", r.Key.Value, index.hint(r))
	}
}

// where returns a place for one who stands at from.
func where(at, from document.Pos) string {
	if at.File == from.File {
		at.File = "line"
		return strings.Replace(at.String(), ":", " ", 1)
	}
	return at.String()
}

// taken returns the rules that take requests which could be named in another
// way as well, without a prefix that is stripped, by that other way.
func (l *linter) taken() map[requestKey]*rule {
	at := make(map[document.Pos]*rule)
	for i := range l.rules {
		at[l.rules[i].Key.Pos] = &l.rules[i]
	}
	taken := make(map[requestKey]*rule)
	for _, p := range l.doc.StripPrefixes {
		prefix := route.Parse(p.Value).Shape
		for _, q := range l.requests {
			if rest, ok := strings.CutPrefix(q.template.Shape, prefix); ok && q.named() {
				taken[requestKey{q.Method, cmp.Or(rest, "/")}] = at[q.Rule]
			}
		}
	}
	return taken
}

// neighbours finds the route that a rule was probably meant for, among those
// that no rule names, for one rule each.
type neighbours struct {
	sameShape map[string][]*request // the method is another
	renamed   map[string][]*request // by method and shape with one segment left out
	longer    map[string][]*request // by method and the end of the shape
	taken     map[*request]bool
}

func newNeighbours(requests []request) *neighbours {
	n := &neighbours{
		sameShape: make(map[string][]*request),
		renamed:   make(map[string][]*request),
		longer:    make(map[string][]*request),
		taken:     make(map[*request]bool),
	}
	for i := range requests {
		q := &requests[i]
		if q.named() {
			continue
		}
		add := func(m map[string][]*request, key string) { m[key] = append(m[key], q) }
		add(n.sameShape, q.template.Shape)
		segments := strings.Split(q.template.Shape, "/")
		for at := 1; at < len(segments); at++ {
			add(n.renamed, q.Method+" "+without(segments, at))
			add(n.longer, q.Method+" /"+strings.Join(segments[at:], "/"))
		}
	}
	return n
}

// without returns segments with a gap in place of one.
func without(segments []string, at int) string {
	return strings.Join(segments[:at], "/") + "/\x00/" + strings.Join(segments[at+1:], "/")
}

// take returns the first of the requests that is left and that fits, or nil.
func (n *neighbours) take(from []*request, fits func(*request) bool) *request {
	for _, q := range from {
		if !n.taken[q] && fits(q) {
			n.taken[q] = true
			return q
		}
	}
	return nil
}

// hint says which route r may be meant for, and else what to do with it.
func (n *neighbours) hint(r *rule) string {
	shape := r.template.Shape
	if q := n.take(n.longer[r.method+" "+shape], always); q != nil {
		prefix := strings.TrimSuffix(q.template.Shape, shape)
		if strings.Contains(prefix, "{") {
			return ": did you mean " + q.name() + "?"
		}
		return ": there is " + q.name() + ": name that, or say strip_prefixes: [" + prefix + "]"
	}
	segments := strings.Split(shape, "/")
	for at := len(segments) - 1; at > 0; at-- {
		if q := n.take(n.renamed[r.method+" "+without(segments, at)], renames(segments, at)); q != nil {
			return ": was the route renamed to " + q.name() + "?"
		}
	}
	if q := n.take(n.sameShape[shape], always); q != nil {
		return ": did you mean " + q.name() + "?"
	}
	return ": drop it, or mend the route"
}

func always(*request) bool { return true }

// renames returns whether a request whose route differs in one segment only
// may be what a route has become: they have another word in common, or the
// segments are alike.
func renames(segments []string, at int) func(*request) bool {
	inCommon := 0
	for i, s := range segments {
		if i != at && s != "" && !strings.HasPrefix(s, "{") {
			inCommon++
		}
	}
	return func(q *request) bool {
		now := strings.Split(q.template.Shape, "/")[at]
		return inCommon > 0 || strings.Contains(now, segments[at]) || strings.Contains(segments[at], now) ||
			suggest.Closest(now, segments[at:at+1]) != ""
	}
}
