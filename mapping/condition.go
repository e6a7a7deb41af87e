package mapping

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/catalogue"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

// A condition says of which requests a case holds. The zero condition holds always.
type condition struct {
	event catalogue.Condition
	tests []test
}

// A test asks for a value of the exchange.
type test struct {
	value
	any  bool     // whatever it is
	want []string // one of them
}

func (c *condition) holds(e *activitylog.Event, v *view) bool {
	if !c.event.Holds(e) {
		return false
	}
	for i := range c.tests {
		if !c.tests[i].holds(v) {
			return false
		}
	}
	return true
}

func (t *test) holds(v *view) bool {
	if v.common == nil || t.ofElement() {
		return t.ask(v)
	}
	return once(v.common.tests, t, func() bool { return t.ask(v) })
}

func (t *test) ask(v *view) bool {
	switch t.origin {
	case fromQuery:
		return t.meets(v.queryValues(t.name))
	case fromHeader:
		return t.meets(v.headerValues(t.name))
	}
	doc := v.lookup(&t.value)
	if t.any {
		return doc.Exists()
	}
	text, plain := doc.Text()
	return plain && (slices.Contains(t.want, text) || doc.IsNumber() && slices.ContainsFunc(t.want, sameNumber(text)))
}

// meets looks at the first of the values, as handlers do with url.Values.Get:
// otherwise a second one would make the log tell what did not happen.
func (t *test) meets(values []string) bool {
	return len(values) > 0 && (t.any || slices.Contains(t.want, values[0]))
}

// sameNumber returns whether a text is the number that a body spells in
// another way, 5 for 5.0. Of integers, which may have more digits than a
// float64 holds, there is one spelling.
func sameNumber(spelled string) func(string) bool {
	number, err := strconv.ParseFloat(spelled, 64)
	return func(text string) bool {
		n, err2 := strconv.ParseFloat(text, 64)
		return strings.ContainsAny(spelled+text, ".eE") && err == nil && err2 == nil && n == number
	}
}

func (c *condition) always() bool { return c.event.Always() && len(c.tests) == 0 }

// String returns the condition in words.
func (c *condition) String() string {
	var parts []string
	for _, t := range c.tests {
		want := "any value"
		if !t.any {
			want = strings.Join(t.want, " or ")
		}
		parts = append(parts, fmt.Sprintf("%s is %s", t.value, want))
	}
	if event := c.event.String(); event != "" {
		parts = append(parts, event)
	}
	return strings.Join(parts, " and ")
}

// anyValue is what a file asks for if it is enough that there is a value.
const anyValue = "*"

// condition compiles the condition of a case.
func (c *routeCompiler) condition(w *document.When) condition {
	if w == nil {
		return condition{}
	}
	cond := condition{event: c.eventCondition(w)}
	cond.tests = append(cond.tests, c.bodyTests(fromRequest, w.Request)...)
	cond.tests = append(cond.tests, c.bodyTests(fromResponse, w.Response)...)
	cond.tests = append(cond.tests, c.bodyTests(fromItem, w.Item)...)
	for _, q := range w.Query {
		cond.tests = append(cond.tests, newTest(value{origin: fromQuery, name: q.Key.Value}, q.Value))
	}
	for _, h := range w.Header {
		name := http.CanonicalHeaderKey(h.Key.Value)
		if credentials[name] {
			c.Errorf(h.Key.Pos, "when.header: %s carries credentials, which never leave the request: ask for something else", name)
			continue
		}
		cond.tests = append(cond.tests, newTest(value{origin: fromHeader, name: name}, h.Value))
	}
	return cond
}

// credentials are headers that no rule may look at.
var credentials = map[string]bool{
	"Authorization": true, "Proxy-Authorization": true, "Cookie": true, "Set-Cookie": true, "X-Api-Key": true,
	"X-Auth-Token": true, "X-Csrf-Token": true, "X-Xsrf-Token": true, "Api-Key": true, "Apikey": true,
	"X-Access-Token": true, "X-Amz-Security-Token": true, "X-Goog-Iap-Jwt-Assertion": true,
}

func (c *routeCompiler) bodyTests(from origin, wanted document.Map[[]document.Text]) []test {
	var tests []test
	for _, w := range wanted {
		key := document.Text{Value: string(from) + "." + w.Key.Value, Pos: w.Key.Pos}
		if p, ok := c.value(key, "when."+string(from)); ok {
			tests = append(tests, newTest(p, w.Value))
		}
	}
	return tests
}

func newTest(p value, want []document.Text) test {
	t := test{value: p}
	for _, w := range want {
		t.any = t.any || w.Value == anyValue
		t.want = append(t.want, w.Value)
	}
	return t
}

// eventCondition compiles the part of a condition that an event alone answers.
func (c *compiler) eventCondition(w *document.When) catalogue.Condition {
	var cond catalogue.Condition
	if w == nil {
		return cond
	}
	for _, t := range w.Status {
		if r, ok := c.status(t); ok {
			cond.Status = append(cond.Status, r)
		}
	}
	for _, t := range w.Outcome {
		cond.Outcomes = append(cond.Outcomes, activitylog.Outcome(t.Value))
	}
	cond.Changed = c.pointers(w.Changed, "when.changed")
	return cond
}

func (c *compiler) status(t document.Text) (catalogue.StatusRange, bool) {
	if class, ok := strings.CutSuffix(t.Value, "xx"); ok && len(class) == 1 && class >= "1" && class <= "5" {
		low := int(class[0]-'0') * 100
		return catalogue.StatusRange{Low: low, High: low + 99}, true
	}
	n, err := strconv.Atoi(t.Value)
	switch {
	case t.Value == "": // which the reader has noted
		return catalogue.StatusRange{}, false
	case err != nil || n < 100 || n > 599:
		c.Errorf(t.Pos, "when.status: must be a status such as 404 or a class such as 4xx, not %q", t.Value)
		return catalogue.StatusRange{}, false
	}
	return catalogue.StatusRange{Low: n, High: n}, true
}

func (c *compiler) pointers(texts []document.Text, what string) []pointer.Pattern {
	var patterns []pointer.Pattern
	for _, t := range texts {
		p, err := catalogue.ParsePattern(t.Value)
		if t.Value == "" {
			continue // which the reader has noted
		}
		if err != nil {
			c.Errorf(t.Pos, "%s: %v", what, err)
			continue
		}
		patterns = append(patterns, p)
	}
	return patterns
}
