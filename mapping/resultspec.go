package mapping

import (
	"fmt"
	"slices"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/document"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

// A resultSpec says where the body of a response tells an outcome: that of the
// request or, of a bulk request, those of its elements.
type resultSpec struct {
	in      *value           // the results; nil if the elements themselves, or the response, are
	by      *pointer.Pattern // of a result: the id of its element
	item    pointer.Pattern  // of an element: its id
	index   *pointer.Pattern // of a result: the index of its element
	missing activitylog.Outcome

	status, failed, reason, kind []pointer.Pattern // of a result

	words []outcomeWord
}

// An outcomeWord is a value of the status, as the file has it.
type outcomeWord struct {
	text    string
	outcome activitylog.Outcome
}

// result compiles where the outcome is told.
func (c *routeCompiler) result(spec *document.Result) {
	r := &resultSpec{
		missing: activitylog.Outcome(spec.Missing.Value),
		status:  c.fields(spec.Status, "result.status"),
		failed:  c.fields(spec.Error, "result.error"),
		reason:  c.fields(spec.Reason, "result.reason"),
		kind:    c.fields(spec.Type, "result.type"),
		words:   c.outcomeWords(spec),
	}
	c.rule.result = r
	c.reads(fromResponse)
	if spec.In.IsSet() {
		c.results(spec.In)
	} else if c.rule.each != nil && c.rule.each.origin == fromRequest {
		c.Errorf(spec.Pos, "result: it does not say where the results are: add in, as in response./results")
	}
	r.by, r.index = c.field(spec.By, "result.by"), c.field(spec.Index, "result.index")
	if r.by != nil {
		r.item = *r.by
	}
	if item := c.field(spec.Item, "result.item"); item != nil {
		r.item = *item
	}
	c.checkResult(spec)
}

// checkResult notes what of a result has no use, or lacks what it needs.
func (c *routeCompiler) checkResult(spec *document.Result) {
	found := spec.By.IsSet() || spec.Index.IsSet()
	for _, t := range []document.Text{spec.By, spec.Index} {
		if t.IsSet() && !spec.In.IsSet() {
			c.Errorf(t.Pos, "result: by and index say which of the results belongs to an element: say in in where they are")
			break
		}
	}
	switch {
	case spec.By.IsSet() && spec.Index.IsSet():
		c.Errorf(spec.Index.Pos, "result.index: a result is found by its id already: leave one of by and index out")
	case spec.Item.IsSet() && !spec.By.IsSet():
		c.Errorf(spec.Item.Pos, "result.item: it is the id that by finds in a result: add by")
	case spec.Missing.IsSet() && !found:
		c.Errorf(spec.Missing.Pos, "result.missing: only where results are found by id or index can one be missing on purpose: add by or index")
	}
	plain := spec.In.IsSet() && !found // a list of plain statuses
	if len(spec.Status)+len(spec.Error) == 0 && !spec.Missing.IsSet() && !plain && !c.Within(spec.Pos, c.end) {
		c.Errorf(spec.Pos, "result: it does not say what tells the outcome: add status or error or, for a list of what failed, missing: success")
	}
}

// results compiles the array of the results of a bulk request.
func (c *routeCompiler) results(text document.Text) {
	p, ok := c.value(text, "result.in")
	switch {
	case !ok:
	case !c.spec.Each.IsSet():
		c.Errorf(text.Pos, "result.in: only elements have results of their own: the route needs each, the array of the elements")
	case p.origin != fromResponse:
		c.Errorf(text.Pos, "result.in: must be a part of the response, as in response./results, not %q", text.Value)
	default:
		c.rule.result.in = &p
	}
}

// outcomeWords compiles which values of the status stand for which outcome.
func (c *routeCompiler) outcomeWords(spec *document.Result) []outcomeWord {
	var words []outcomeWord
	for _, list := range []struct {
		outcome activitylog.Outcome
		texts   []document.Text
	}{
		{activitylog.Success, spec.Success}, {activitylog.Denied, spec.Denied},
		{activitylog.Failure, spec.Failure}, {activitylog.Unknown, spec.Unknown},
	} {
		for _, t := range list.texts {
			same := func(w outcomeWord) bool { return strings.EqualFold(w.text, t.Value) }
			if t.Value != "" && slices.ContainsFunc(words, same) {
				c.Errorf(t.Pos, "result.%s: %q is listed already: a value stands for one outcome", list.outcome, t.Value)
			}
			words = append(words, outcomeWord{t.Value, list.outcome})
		}
	}
	return words
}

// fields compiles pointers of which each names one field of a result.
func (c *routeCompiler) fields(texts []document.Text, what string) []pointer.Pattern {
	var fields []pointer.Pattern
	for _, t := range texts {
		if p := c.field(t, what); p != nil {
			fields = append(fields, *p)
		}
	}
	return fields
}

// field is nil if the file does not have it, or not as it should.
func (c *routeCompiler) field(t document.Text, what string) *pointer.Pattern {
	for _, p := range c.pointers([]document.Text{t}, what) {
		if hasStar(p) {
			c.Errorf(t.Pos, "%s: %q names many values: write an index in place of *, or list the keys that there are", what, t.Value)
			return nil
		}
		return &p
	}
	return nil
}

// place is where a result stands: the pointer of any, for what the file says of
// fields.
func (s *resultSpec) place(each *value) string {
	switch {
	case s.in != nil:
		return s.in.pointer.String() + "/*"
	case each != nil:
		return each.pointer.String() + "/*"
	}
	return ""
}

// String tells in words what tells the outcome.
func (s *resultSpec) String() string {
	where := "the response"
	switch {
	case s.by != nil && s.item == *s.by:
		where = fmt.Sprintf("the result in %s with the element's %s", s.in, s.by)
	case s.by != nil:
		where = fmt.Sprintf("the result in %s whose %s is the element's %s", s.in, s.by, s.item)
	case s.index != nil:
		where = fmt.Sprintf("the result in %s whose %s is the element's index", s.in, s.index)
	case s.in != nil:
		where = fmt.Sprintf("the result in %s at the same place", s.in)
	}
	text := "the outcome is told by " + where
	if len(s.status) > 0 {
		text += ", its status " + list(s.status, orElse)
	}
	if len(s.failed) > 0 {
		text += ", its error " + list(s.failed, orElse)
	}
	if s.missing != "" {
		text += "; where there is none it is " + string(s.missing)
	}
	return text
}
