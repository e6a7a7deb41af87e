package mapping

import (
	"slices"
	"strconv"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/route"
)

// A routeSpec is one entry of a mapping file's routes, compiled.
type routeSpec struct {
	key       string // as the file spells it
	at        document.Pos
	method    string
	template  route.Template
	ignore    string // the reason
	tenants   []value
	targets   []targetSpec
	each      *value
	result    *resultSpec // nil if the status alone tells the outcome
	operation []value     // its id
	changes   changes
	delivery  string
	cases     []caseSpec // code: is one case without a condition

	readsRequest, readsResponse bool
}

type targetSpec struct {
	kind     string
	id, name []value
}

// String tells in words where id and name are found.
func (t targetSpec) String() string {
	s := "the target is a " + strings.ReplaceAll(t.kind, "_", " ")
	if len(t.id) > 0 {
		s += ", its id " + list(t.id, orElse)
	}
	if len(t.name) > 0 {
		s += ", its name " + list(t.name, orElse)
	}
	return s
}

// A caseSpec is a code and when it holds.
type caseSpec struct {
	when condition
	code activitylog.Code
}

// A routeCompiler compiles one route.
type routeCompiler struct {
	*compiler
	rule *routeSpec
	spec *document.Route
	end  document.Pos // where the next route begins
}

// methods are those that a rule may name.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

func (c *compiler) routes(m *Mapping) map[shapeKey]*routeSpec {
	routes := make(map[shapeKey]*routeSpec, len(c.doc.Routes))
	for i, e := range c.doc.Routes {
		r := c.route(e.Key)
		if r == nil {
			continue
		}
		k := shapeKey{r.method, r.template.Shape}
		if twin := routes[k]; twin != nil {
			c.Errorf(e.Key.Pos, "route %q is the same as %q in %s", e.Key.Value, twin.key, place(twin.at, e.Key.Pos))
			continue
		}
		routes[k] = r
		rc := &routeCompiler{compiler: c, rule: r, spec: e.Value}
		if i+1 < len(c.doc.Routes) {
			rc.end = c.doc.Routes[i+1].Key.Pos
		}
		rc.fill(m)
	}
	return routes
}

// place returns where at is, for one who stands at from.
func place(at, from document.Pos) string {
	if at.File == from.File {
		return "line " + strconv.Itoa(at.Line)
	}
	return at.String()
}

// route reads the key of a rule: its method and route.
func (c *compiler) route(key document.Text) *routeSpec {
	method, path := route.Cut(key.Value)
	switch {
	case method == "":
		c.Errorf(key.Pos, "route %q names no method: write it as in POST /orgs/{org}/members", key.Value)
		return nil
	case !slices.Contains(methods, method):
		c.Errorf(key.Pos, "route %q: the method must be one of %s, not %q", key.Value, strings.Join(methods, ", "), method)
		return nil
	case !strings.HasPrefix(strings.TrimLeft(key.Value[len(method):], " \t"), "/"): // path may be without a host
		c.Errorf(key.Pos, "route %q: the path must begin with a slash, and no host stands before it", key.Value)
		return nil
	}
	r := &routeSpec{key: key.Value, at: key.Pos, method: method, template: route.Parse(path)}
	literal := literals.Replace(r.template.Shape)
	if i := strings.IndexAny(literal, "{}?# "); i >= 0 {
		c.Errorf(key.Pos, "route %q: no path holds %q: write the route as the router has it", key.Value, literal[i])
	}
	return r
}

// literals leaves of a template's shape what is no parameter.
var literals = strings.NewReplacer("{...}", "", "{}", "")

// fill compiles what the file says of the route.
func (c *routeCompiler) fill(m *Mapping) {
	r, spec := c.rule, c.spec
	if !c.decides() {
		return
	}
	r.ignore = spec.Ignore.Value
	r.delivery = spec.Delivery.Value
	if spec.Each.IsSet() {
		c.each()
	}
	if spec.Result != nil {
		c.result(spec.Result)
	}
	if spec.Code.IsSet() {
		r.cases = []caseSpec{{code: c.code(spec.Code)}}
	}
	c.cases()
	r.tenants = c.values(spec.Tenant, "tenant")
	r.operation = c.values(spec.Operation, "operation")
	if spec.Target != nil && len(spec.Targets) > 0 {
		c.Errorf(spec.Target.Pos, "target: the route has targets already: make this one of them")
	}
	for _, t := range spec.AllTargets() {
		r.targets = append(r.targets, c.target(t))
	}
	r.changes = c.changes(m.classes)
	c.refuseSecrets(m.classes)
}

// decides reports whether the route says what becomes of it, once.
func (c *routeCompiler) decides() bool {
	spec, key := c.spec, c.rule.key
	switch {
	case spec == nil || spec.Pos.IsZero(): // which the reader has noted
	case spec.Code.IsSet() && len(spec.Cases) > 0:
		c.Errorf(spec.Code.Pos, "code: the route has cases already: make it the code of the last case")
	case spec.Ignore.IsSet() && spec.MakesEvent():
		c.Errorf(spec.Ignore.Pos, "ignore: a route that is ignored has nothing else: no code, cases, target or the like")
	case isFlag(spec.Ignore.Value):
		c.Errorf(spec.Ignore.Pos, "ignore: %q is no reason: say why the route is no event, as in \"a search changes nothing\", or give it a code", spec.Ignore.Value)
	case !spec.Code.IsSet() && len(spec.Cases) == 0 && !spec.Ignore.IsSet():
		if c.Within(c.rule.at, c.end) {
			return false // it may be what is misspelt
		}
		c.Errorf(c.rule.at, "route %q does not say what becomes of it: give it a code, cases, or ignore with a reason", key)
	default:
		return true
	}
	return false
}

// isFlag reports whether a text is the yes or no of who takes ignore for a
// switch: ignore: false would otherwise hide the route.
func isFlag(text string) bool {
	switch strings.ToLower(text) {
	case "true", "false", "yes", "no", "on", "off", "0", "1":
		return true
	}
	return false
}

func (c *routeCompiler) cases() {
	for i, k := range c.spec.Cases {
		if i > 0 && c.spec.Cases[i-1].When == nil {
			c.Errorf(k.Code.Pos, "cases: this case is never reached: the one before it always holds")
		}
		compiled := caseSpec{when: c.condition(k.When), code: c.code(k.Code)}
		if k.When != nil && k.When.IsEmpty() {
			c.Errorf(k.When.Pos, "when: it is empty: leave it out of the case that always holds")
		}
		c.rule.cases = append(c.rule.cases, compiled)
	}
}

// each compiles the array of a bulk request.
func (c *routeCompiler) each() {
	const what = "each"
	text := c.spec.Each
	p, ok := c.value(text, what)
	if !ok {
		return
	}
	if p.origin != fromRequest && p.origin != fromResponse {
		c.Errorf(text.Pos, "each: must be an array of a body, as in request./payouts, not %q", text.Value)
		return
	}
	c.rule.each = &p
}

// reads notes that the rule needs a body.
func (c *routeCompiler) reads(from origin) {
	c.rule.readsRequest = c.rule.readsRequest || from == fromRequest
	c.rule.readsResponse = c.rule.readsResponse || from == fromResponse
}

func (c *routeCompiler) target(t *document.Target) targetSpec {
	if !t.Type.IsSet() && len(t.ID) == 0 && len(t.Name) == 0 {
		c.Errorf(t.Pos, "target: it is empty: give it a type, an id or a name, or leave it out")
	}
	kind := t.Type.Value
	if n := len(c.rule.cases); kind == "" && n > 0 {
		kind = lastPart(c.rule.cases[n-1].code.Resource())
	}
	return targetSpec{
		kind: kind,
		id:   c.values(t.ID, "target.id"),
		name: c.values(t.Name, "target.name"),
	}
}
