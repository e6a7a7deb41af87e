package scaffold

import (
	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/infer"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// lessons are what the rules of a file call the resources that inference
// names otherwise, so that a new route is called as its neighbours are: where
// POST /immutabletagrules is immutable_tag_rule:created, so is the resource of
// a new PATCH.
type lessons struct {
	options infer.Options
	names   map[string]string // inferred resource → that of the rules; "" if they disagree
}

// learn reads the lessons of a mapping's rules. Only from a rule whose verb is
// the inferred one it is known that just the resource was changed.
func learn(m *mapping.Mapping) lessons {
	doc := document.Of(m)
	l := lessons{names: make(map[string]string), options: infer.Options{
		StripPrefixes: texts(doc.StripPrefixes),
		Words:         values(doc.Words),
		Verbs:         values(doc.Verbs),
	}}
	if doc.Tenant != nil {
		l.options.TenantParam = doc.Tenant.Path.Value
	}
	for _, e := range doc.Routes {
		method, path := route.Cut(e.Key.Value)
		code := activitylog.Code(e.Value.Code.Value)
		inferred := infer.Decide(method, route.Parse(path), l.options).Code
		if code == "" || inferred.Verb() != code.Verb() {
			continue
		}
		if name, known := l.names[inferred.Resource()]; known && name != code.Resource() {
			l.names[inferred.Resource()] = ""
		} else {
			l.names[inferred.Resource()] = code.Resource()
		}
	}
	return l
}

// apply returns the code of a new route with the resource that the lessons say.
func (l lessons) apply(method string, t route.Template, code activitylog.Code) activitylog.Code {
	name := l.names[infer.Decide(method, t, l.options).Code.Resource()]
	if code == "" || name == "" {
		return code
	}
	return activitylog.Code(name + ":" + code.Verb())
}

func values(m document.Map[document.Text]) map[string]string {
	all := make(map[string]string, len(m))
	for _, e := range m {
		all[e.Key.Value] = e.Value.Value
	}
	return all
}
