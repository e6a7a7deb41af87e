package lint

import (
	"fmt"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
	"github.com/activitylog-go/activitylog/mapping/routes"
)

// Check returns what is to be decided or mended in m, in the order of the
// places. api are the routes that the application serves; if it is nil, they
// are not known, and the checks that need them are left out; unused codes are
// found without them only if nothing is inferred.
func Check(m *mapping.Mapping, api []routes.Route) []Finding {
	l := &linter{mapping: m, doc: document.Of(m)}
	if l.doc == nil {
		l.doc = new(document.Document)
	}
	l.readRules()
	if api != nil {
		l.readRoutes(api)
		l.unmapped()
		l.unreachable()
		l.unusedWords()
		l.unusedTenant()
	}
	if api != nil || l.doc.Infer.Value == "off" { // else any route may emit a code
		l.unusedCodes()
	}
	l.shadowedCases()
	l.codes()
	l.tenses()
	l.unclassified()
	l.sentences()
	l.translations()
	slices.SortFunc(l.findings, compare)
	return slices.Compact(l.findings)
}

type linter struct {
	mapping  *mapping.Mapping
	doc      *document.Document
	rules    []rule
	requests []request
	findings []Finding
}

// A rule is one of the mapping's.
type rule struct {
	document.Entry[*document.Route]
	method   string
	template route.Template
	reached  bool // by a request, if the routes are known
}

// A request is one that the API serves: a method and a route, and what the
// mapping makes of it.
type request struct {
	mapping.Explanation
	route    routes.Route
	template route.Template
}

// requestKey is what requests of the same method to the same paths have in common.
type requestKey struct{ method, shape string }

func (l *linter) add(check string, at document.Pos, format string, args ...any) *Finding {
	l.findings = append(l.findings, Finding{Pos: at, Check: check, Msg: fmt.Sprintf(format, args...)})
	return &l.findings[len(l.findings)-1]
}

func (l *linter) readRules() {
	for _, e := range l.doc.Routes {
		method, path := route.Cut(e.Key.Value)
		l.rules = append(l.rules, rule{Entry: e, method: method, template: route.Parse(path)})
	}
}

// readRoutes notes the requests of an API, those of routes that match the same
// paths once.
func (l *linter) readRoutes(api []routes.Route) {
	seen := make(map[requestKey]bool)
	for _, r := range api {
		t := route.Parse(r.Path)
		for _, method := range methodsOf(r) {
			if k := (requestKey{method, t.Shape}); !seen[k] {
				seen[k] = true
				l.requests = append(l.requests, request{l.mapping.Explain(method, r.Path), r, t})
			}
		}
	}
	reached := make(map[document.Pos]bool)
	for _, q := range l.requests {
		reached[q.Rule] = true
	}
	for i := range l.rules {
		l.rules[i].reached = reached[l.rules[i].Key.Pos]
	}
}

// methodsOf returns the methods of the requests that a route takes.
func methodsOf(r routes.Route) []string {
	switch r.Method {
	case "":
		return []string{"POST", "PUT", "PATCH", "DELETE", "GET", "HEAD"}
	case "GET":
		return []string{"GET", "HEAD"} // as net/http has it
	}
	return []string{r.Method}
}

// named reports whether a rule of the mapping decides on the request.
func (q *request) named() bool { return !q.Rule.IsZero() }

// name returns the request as the mapping would name it.
func (q *request) name() string { return q.Method + " " + q.Explanation.Route }

// place returns where the route is known from; otherwise the routes of the
// mapping, where its rule belongs.
func (l *linter) place(q *request) document.Pos {
	if q.route.Line > 0 {
		return document.Pos{File: q.route.File, Line: q.route.Line, Column: 1}
	}
	return l.doc.Place("routes")
}

// unmapped finds the mutating requests on which nobody has decided.
func (l *linter) unmapped() {
	for i := range l.requests {
		q := &l.requests[i]
		if q.named() || !infer.Mutates(q.Method) {
			continue
		}
		at := l.place(q)
		code := l.mapping.Infer(q.Method, q.route.Path)
		switch mode := l.doc.Infer.Value; {
		case code == "":
			f := l.add(Unmapped, at, "%s is taken for no event (%s), and no rule says so: ignore it with a reason, or give it a code", q.name(), why(q.Steps))
			f.Fix = routeYAML(q, `ignore: "it changes nothing"`)
		case mode == "warn":
			f := l.add(Unmapped, at, "%s: no rule names it: accept the code %s, which is inferred, or say what it is", q.name(), code)
			f.Fix = l.codeYAML(q, code)
		case mode == "off":
			f := l.add(Unmapped, at, "%s: no rule names it, and nothing is inferred (infer: off), so it is no event: give it a code, or ignore it with a reason", q.name())
			f.Fix = l.codeYAML(q, code)
		}
	}
}

// why returns the step of inference that has decided.
func why(steps []string) string {
	if len(steps) == 0 {
		return "it changes nothing"
	}
	reason, _, _ := strings.Cut(steps[len(steps)-1], ":")
	return reason
}

func routeYAML(q *request, decision string) string {
	return fmt.Sprintf("routes:\n  %s: {%s}\n", yamlKey(q.name()), decision)
}

// codeYAML gives a route the code, which it adds to the catalogue if need be.
func (l *linter) codeYAML(q *request, code activitylog.Code) string {
	yaml := routeYAML(q, "code: "+string(code))
	if _, ok := l.mapping.Catalogue().Lookup(code); !ok {
		yaml += draftYAML(code)
	}
	return yaml
}

// yamlKey returns text as a key of YAML, in quotes if it needs them.
func yamlKey(text string) string {
	if strings.Contains(text, ": ") || strings.Contains(text, " #") || strings.HasSuffix(text, ":") {
		return fmt.Sprintf("%q", text)
	}
	return text
}

func eventYAML(code activitylog.Code, lines string) string {
	return fmt.Sprintf("events:\n  %s:\n%s", code, lines)
}
