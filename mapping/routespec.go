package mapping

import (
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/token"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// A routeSpec is one entry of a mapping file's routes.
type routeSpec struct {
	key      string // as the file spells it
	at       *token.Token
	method   string
	template route.Template
	ignore   string // the reason
	target   *targetSpec
	cases    []caseSpec // code: is one case without a condition
}

type targetSpec struct {
	kind     string
	id, name int // positions of path parameters; -1 if not given
}

// A caseSpec is a code and when it holds.
type caseSpec struct {
	when condition
	code activitylog.Code
}

// methods are those that a rule may name.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

func (s *source) readRoutes(f field) []*routeSpec {
	var routes []*routeSpec
	seen := make(map[shapeKey]*routeSpec)
	for _, f := range s.fields(f.value, f.at, "routes") {
		r := s.readRoute(f)
		if r == nil {
			continue
		}
		k := shapeKey{r.method, r.template.Shape}
		if twin := seen[k]; twin != nil {
			s.errorf(f.at, "route %q is the same as %q in line %d", f.key, twin.key, twin.at.Position.Line)
			continue
		}
		seen[k] = r
		routes = append(routes, r)
	}
	return routes
}

func (s *source) readRoute(f field) *routeSpec {
	method, path := route.Cut(f.key)
	switch {
	case method == "":
		s.errorf(f.at, "route %q names no method: write it as in POST /orgs/{org}/members", f.key)
		return nil
	case !slices.Contains(methods, method):
		s.errorf(f.at, "route %q: the method must be one of %s, not %q", f.key, strings.Join(methods, ", "), method)
		return nil
	case !strings.HasPrefix(path, "/"):
		s.errorf(f.at, "route %q: the path must begin with a slash", f.key)
		return nil
	}
	r := &routeSpec{key: f.key, at: f.at, method: method, template: route.Parse(path)}
	literal := literals.Replace(r.template.Shape)
	if i := strings.IndexAny(literal, "{}?# "); i >= 0 {
		s.errorf(f.at, "route %q: no path holds %q: write the route as the router has it", f.key, literal[i])
	}
	var codeAt, casesAt, ignoreAt *token.Token
	before := len(s.errs)
	s.object(f.value, f.at, "route "+strconv.Quote(f.key), []string{"code", "target", "ignore", "cases"}, func(g field) {
		switch g.key {
		case "code":
			codeAt = g.at
			r.cases = append(r.cases, caseSpec{code: s.code(g)})
		case "cases":
			casesAt = g.at
			r.cases = append(r.cases, s.readCases(g)...)
		case "ignore":
			ignoreAt = g.at
			r.ignore = s.text(g, "ignore")
		case "target":
			r.target = s.readTarget(g, r.template)
		}
	})
	switch {
	case codeAt != nil && casesAt != nil:
		s.errorf(casesAt, "cases: the route has a code already: make it the last case")
	case ignoreAt != nil && (codeAt != nil || casesAt != nil || r.target != nil):
		s.errorf(ignoreAt, "ignore: a route that is ignored has neither code nor cases nor target")
	case codeAt == nil && casesAt == nil && ignoreAt == nil && len(s.errs) == before:
		s.errorf(f.at, "route %q says nothing: give it a code, cases, or ignore with a reason", f.key)
	}
	return r
}

// literals leaves of a template's shape what is no parameter.
var literals = strings.NewReplacer("{...}", "", "{}", "")

func (s *source) readTarget(f field, t route.Template) *targetSpec {
	target := &targetSpec{id: -1, name: -1}
	before := len(s.errs)
	s.object(f.value, f.at, "target", []string{"type", "id", "name"}, func(g field) {
		switch g.key {
		case "type":
			target.kind = s.text(g, "target.type")
		case "id":
			target.id = s.reference(g, "target.id", t)
		case "name":
			target.name = s.reference(g, "target.name", t)
		}
	})
	if *target == (targetSpec{id: -1, name: -1}) && len(s.errs) == before {
		s.errorf(tokenOf(f.value, f.at), "target: it is empty: give it a type, an id or a name, or leave it out")
	}
	return target
}

// reference returns the position of the parameter that "path.member" means.
func (s *source) reference(f field, what string, t route.Template) int {
	text := s.text(f, what)
	if text == "" {
		return -1
	}
	name, ok := strings.CutPrefix(text, "path.")
	if !ok {
		s.errorf(tokenOf(f.value, f.at), "%s: must be path.NAME, the name of a path parameter, not %q", what, text)
		return -1
	}
	i := slices.Index(t.Params, name)
	if i < 0 {
		hint := ": the route has none"
		if len(t.Params) > 0 {
			hint = didYouMean(name, t.Params)
		}
		s.errorf(tokenOf(f.value, f.at), "%s: the route has no parameter %q%s", what, name, hint)
	}
	return i
}

func (s *source) readCases(f field) []caseSpec {
	var cases []caseSpec
	last := false
	for _, f := range s.list(f, "cases") {
		if last {
			s.errorf(f.at, "cases: this case is never reached: the one before it always holds")
		}
		c := caseSpec{}
		hasCode, hasWhen := false, false
		s.object(f.value, f.at, "case", []string{"when", "code"}, func(g field) {
			switch g.key {
			case "code":
				hasCode = true
				c.code = s.code(g)
			case "when":
				hasWhen = true
				c.when = s.readCondition(g)
			}
		})
		if !hasCode {
			s.errorf(f.at, "case: it has no code")
		}
		last = !hasWhen
		cases = append(cases, c)
	}
	return cases
}
