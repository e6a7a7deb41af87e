package mapping

import (
	"fmt"
	"slices"
	"strconv"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/body"
)

// results are those of the elements of a bulk request, read once for all.
type results struct {
	spec    *resultSpec
	ordered []body.Document            // in the order of the elements
	keyed   map[string][]body.Document // by id or index
	unread  string                     // why there are none

	elements map[string]int // how many have an id
	seen     map[string]int // how many of these an event was made of
}

// read reads the results from the response. Those in the order of the elements
// must be as many: otherwise nobody knows which one belongs to which.
func (s *resultSpec) read(v *view) *results {
	all := &results{spec: s}
	in := v.lookup(s.in)
	count := 0
	add := func(key string, one body.Document) {
		if count++; s.by == nil && s.index == nil {
			if count <= maxItems {
				all.ordered = append(all.ordered, one)
			}
			return
		}
		if all.keyed == nil {
			all.keyed = make(map[string][]body.Document)
		}
		all.keyed[key] = append(all.keyed[key], one)
	}
	for one := range in.Elements() {
		add(s.keyOf(one), one)
	}
	if s.by != nil {
		for key, one := range in.Members() {
			add(key, one)
		}
	}
	switch {
	case s.by != nil:
		all.elements, all.seen = make(map[string]int), make(map[string]int)
		for one := range v.lookup(v.each).Elements() {
			all.elements[s.idOf(one)]++
		}
	case s.index != nil:
	case !in.IsArray():
		all.unread = fmt.Sprintf("there is no array %s", s.in)
	case count != v.count:
		all.unread = fmt.Sprintf("there are %d elements and %d results", v.count, count)
	}
	return all
}

// keyOf returns by what the element of a result is found. A plain result is an
// id or index itself.
func (s *resultSpec) keyOf(result body.Document) string {
	at := s.by
	if s.index != nil {
		at = s.index
	}
	if text, plain := result.Text(); plain || at == nil {
		return text
	}
	found, _ := result.Lookup(*at)
	return textOf(found)
}

// of returns what the results say of the view's element. Of several the worst
// counts: a list of errors may have two of one element.
func (all *results) of(v *view) verdict {
	if all.unread != "" {
		return verdict{outcome: activitylog.Unknown, unread: all.unread}
	}
	var own []body.Document
	switch s := all.spec; {
	case s.index != nil:
		own = all.keyed[strconv.Itoa(v.index)]
	case s.by != nil:
		own = all.byID(s.idOf(v.item))
	case v.index < len(all.ordered):
		own = all.ordered[v.index : v.index+1]
	}
	if len(own) == 0 {
		return all.missing()
	}
	worst := verdict{}
	for i, one := range own {
		if told := all.spec.judge(v, one); i == 0 || isWorse(told.outcome, worst.outcome) {
			worst, v.result = told, one
		}
	}
	if len(own) > 1 {
		all.keep(v)
	}
	return worst
}

// keep keeps, of several results with the id of the view's element, the one
// that counts: a client that sends an id a thousand times must not have them
// all looked at each time.
func (all *results) keep(v *view) {
	if s := all.spec; s.by != nil {
		all.keyed[s.idOf(v.item)] = []body.Document{v.result}
	}
}

// byID returns the results with the id of an element. An id that as many
// elements have as results is that of one each, in their order.
func (all *results) byID(id string) []body.Document {
	own := all.keyed[id]
	if id == "" {
		return nil
	}
	if len(own) > 1 && len(own) == all.elements[id] {
		i := all.seen[id]
		all.seen[id]++
		return own[i : i+1]
	}
	return own
}

// idOf returns the id of an element, which is the element itself if that is
// plain.
func (s *resultSpec) idOf(element body.Document) string {
	if text, plain := element.Text(); plain {
		return text
	}
	found, _ := element.Lookup(s.item)
	return textOf(found)
}

func (all *results) missing() verdict {
	if o := all.spec.missing; o != "" {
		return verdict{outcome: o}
	}
	return verdict{outcome: activitylog.Unknown, unread: "the response has no result for the element"}
}

// isWorse reports whether an outcome is further from success than another.
func isWorse(a, b activitylog.Outcome) bool {
	order := []activitylog.Outcome{activitylog.Success, activitylog.Unknown, activitylog.Denied, activitylog.Failure}
	return slices.Index(order, a) > slices.Index(order, b)
}
