package viewer

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
)

// A chip is one condition of the filter, with a link to the list without it.
type chip struct {
	Label, Value string
	Negate       bool
	Remove       string
}

func chips(req request) []chip {
	f := req.filter
	var out []chip
	for i, t := range f.fixed.Terms {
		c := chip{Label: string(t.Key), Value: valuesText(t), Negate: t.Negate, Remove: req.links.list(f.without(i), "")}
		if t.Negate {
			c.Label = "not " + c.Label
		}
		out = append(out, c)
	}
	at := func(t time.Time) string { return t.In(req.clock.zone).Format("2 Jan 2006, 15:04:05") }
	if less := f; !f.fixed.Since.IsZero() {
		less.fixed.Since = time.Time{}
		out = append(out, chip{Label: "from", Value: at(f.fixed.Since), Remove: req.links.list(less, "")})
	}
	if less := f; !f.fixed.Until.IsZero() {
		less.fixed.Until = time.Time{}
		out = append(out, chip{Label: "before", Value: at(f.fixed.Until), Remove: req.links.list(less, "")})
	}
	if less := f; f.last != "" {
		less.last = ""
		out = append(out, chip{Label: "last", Value: strings.TrimPrefix(f.last, "last:"), Remove: req.links.list(less, "")})
	}
	return out
}

// A preset is a range of time that one click chooses.
type preset struct {
	Text, Href string
	Current    bool
}

func presets(req request) []preset {
	var out []preset
	for _, p := range []struct{ text, last string }{
		{"All time", ""}, {"Last hour", "last:1h"}, {"24 hours", "last:24h"}, {"7 days", "last:7d"}, {"30 days", "last:30d"},
	} {
		f := req.filter.during(p.last)
		out = append(out, preset{p.text, req.links.list(f, ""), f.String() == req.filter.String()})
	}
	return out
}

// A form is the filter for people who do not want to learn a language. It
// shows what of the filter it can and carries the rest along.
type form struct {
	Rest     string // the conditions that have no field
	Outcomes []checkbox
	Fields   []field
}

type checkbox struct {
	Value, Text string
	Checked     bool
}

type field struct {
	Name, Label, Type  string
	Value, Placeholder string
	Step               string
}

var outcomeWords = map[activitylog.Outcome]string{
	activitylog.Success: "Success",
	activitylog.Denied:  "Denied",
	activitylog.Failure: "Failed",
	activitylog.Unknown: "Unknown",
}

func newForm(req request) form {
	rest := req.filter
	out := form{}
	chosen, _ := rest.take(query.Outcome)
	for _, o := range activitylog.Outcomes() {
		checked := slices.Contains(chosen.Values, query.Value{Text: string(o)})
		out.Outcomes = append(out.Outcomes, checkbox{string(o), outcomeWords[o], checked})
	}
	for _, f := range []field{
		{Name: string(query.Actor), Label: "Actor", Placeholder: "usr_ann"},
		{Name: string(query.Event), Label: "Event", Placeholder: "org.member:*"},
		{Name: string(query.Target), Label: "Target", Placeholder: "payr_*"},
		{Name: string(query.Tenant), Label: "Tenant", Placeholder: "acme"},
	} {
		f.Type = "text"
		if term, ok := rest.take(query.Key(f.Name)); ok {
			f.Value = valuesText(term)
		}
		out.Fields = append(out.Fields, f)
	}
	in := " (" + req.clock.zone.String() + ")"
	out.Fields = append(out.Fields,
		field{Name: "after", Label: "From" + in, Type: "datetime-local", Step: "1", Value: rest.takeTime(&rest.fixed.Since, req.clock.zone)},
		field{Name: "before", Label: "Before" + in, Type: "datetime-local", Step: "1", Value: rest.takeTime(&rest.fixed.Until, req.clock.zone)},
		field{Name: "tz", Label: "Time zone", Type: "text", Value: zoneParam(req.clock.zone), Placeholder: "UTC"})
	out.Rest = rest.String()
	return out
}

// take removes the one positive term of key and returns it. If there are
// several, a field cannot show them and they stay.
func (f *filter) take(key query.Key) (query.Term, bool) {
	found := -1
	for i, t := range f.fixed.Terms {
		if t.Key != key || t.Negate {
			continue
		}
		if found >= 0 {
			return query.Term{}, false
		}
		found = i
	}
	if found < 0 {
		return query.Term{}, false
	}
	term := f.fixed.Terms[found]
	*f = f.without(found)
	return term, true
}

// takeTime removes a bound of f and returns it as a field shows it. A bound
// that is no whole second stays.
func (f *filter) takeTime(bound *time.Time, zone *time.Location) string {
	if bound.IsZero() || bound.Nanosecond() != 0 {
		return ""
	}
	text := bound.In(zone).Format("2006-01-02T15:04:05")
	*bound = time.Time{}
	return text
}

// A queryProblem is what is wrong with a query, and where.
type queryProblem struct {
	Before, Bad, After string // the query, with the wrong part of it
	Message            string
	Meant              string
	Fixed              string // the list with what was probably meant
}

// badList is the list page that keeps the query to be put right.
func (h *handler) badList(req request, bad *query.Error) listPage {
	p := req.page()
	p.Query = req.text
	p.Problem = &queryProblem{Message: sentenceCase(bad.Msg) + ".", Meant: bad.DidYouMean}
	from, to := bad.At[0], bad.At[1]
	p.Problem.Before, p.Problem.Bad, p.Problem.After = bad.Text[:from], bad.Text[from:to], bad.Text[to:]
	if bad.DidYouMean != "" && bad.Text == req.text {
		fixed := bad.Text[:from] + bad.DidYouMean + bad.Text[to:]
		p.Problem.Fixed = req.links.root + "?q=" + escape(fixed)
		if tz := zoneParam(req.clock.zone); tz != "" {
			p.Problem.Fixed += "&tz=" + escape(tz)
		}
	}
	return p
}

func sentenceCase(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}
