package mapping

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/body"
	"github.com/activitylog-go/activitylog/mapping/internal/pointer"
)

// multiStatus is the status of a response that has several in its body.
const multiStatus = 207

// A verdict is what a result says of the outcome.
type verdict struct {
	outcome      activitylog.Outcome
	status       int    // HTTP status; 0 if it has none
	reason, kind string // of what was no success
	unread       string // why the outcome is not known, in plain words
}

// settle sets the outcome of an event by what the response says of it.
func (v *view) settle(e *activitylog.Event, r *routeSpec) {
	multi := e.Outcome == activitylog.Unknown && e.HTTP.Status == multiStatus
	switch {
	case r == nil || r.result == nil:
		if multi {
			noteUnread(e, "the status is 207, and the mapping does not say where the results are")
		}
		return
	case e.ErrorType == "panic":
		return
	}
	found := v.verdict(r)
	v.told = v.told || v.result.Exists()
	if e.Outcome != activitylog.Success && !multi {
		found.explain(e, r)
		return
	}
	e.Outcome = found.outcome
	if found.status != 0 && found.status != e.HTTP.Status && r.each != nil {
		e.Attributes.Set("response.status", e.HTTP.Status)
		e.HTTP.Status = found.status
	}
	if found.outcome != activitylog.Success {
		e.ErrorType = found.kind
		found.giveReason(e, r)
	}
	if found.unread != "" {
		noteUnread(e, found.unread)
	}
}

// explain adds what a result says to an event of a request that did not
// succeed as a whole: no part of it did then, whatever its result says, but
// one may have a reason of its own.
func (found *verdict) explain(e *activitylog.Event, r *routeSpec) {
	if e.Outcome == activitylog.Unknown || found.outcome != activitylog.Denied && found.outcome != activitylog.Failure {
		return
	}
	if r.each != nil && found.outcome == activitylog.Denied {
		e.Outcome = activitylog.Denied
	}
	if len(r.result.kind) > 0 {
		e.ErrorType = cmp.Or(found.kind, e.ErrorType)
	}
	found.giveReason(e, r)
}

// giveReason prefers, of a bulk request, the reason of the element to that of
// the handler, which is one for all of them.
func (found *verdict) giveReason(e *activitylog.Event, r *routeSpec) {
	if r.each != nil {
		e.Reason = cmp.Or(found.reason, e.Reason)
	} else {
		e.Reason = cmp.Or(e.Reason, found.reason)
	}
}

// noteUnread notes in the event why its outcome is not known.
func noteUnread(e *activitylog.Event, why string) { e.Attributes.Set("unread.result", why) }

// verdict finds what the response says of the event.
func (v *view) verdict(r *routeSpec) verdict {
	s, response := r.result, v.sideOf(fromResponse)
	unreadable := response.problem != "" && !response.doc.Exists()
	switch {
	case unreadable:
		return verdict{outcome: activitylog.Unknown, unread: "the response could not be read"}
	case r.each == nil:
		return s.judge(v, response.doc)
	case !v.item.Exists():
		return verdict{outcome: activitylog.Unknown, unread: "the elements were not looked at one by one"}
	case s.in == nil:
		v.result = v.item
		return s.judge(v, v.item)
	}
	if v.results == nil {
		v.results = s.read(v)
	}
	return v.results.of(v)
}

// field returns the first of the fields of a result that has a value, or the
// zero Document.
func (v *view) field(result body.Document, fields ...pointer.Pattern) body.Document {
	for _, p := range fields {
		found, ambiguous := result.Lookup(p)
		if ambiguous {
			v.sideOf(fromResponse).problem = "a key of " + p.String() + " comes twice, the last one was taken"
		}
		if found.Exists() && !found.IsNull() {
			return found
		}
	}
	return body.Document{}
}

// judge says what a result tells. An error goes before a status that says that
// all is well.
func (s *resultSpec) judge(of *view, result body.Document) verdict {
	at := of.field(result, s.status...)
	if len(s.status) == 0 && s.in != nil && s.by == nil && s.index == nil {
		at = result // a list of plain statuses
	}
	text, plain := at.Text()
	v := verdict{kind: textOf(of.field(result, s.kind...)), reason: textOf(of.field(result, s.reason...))}
	said := activitylog.Outcome("")
	if plain {
		said, v.status = s.outcomeOf(text, at.IsNumber())
	}
	failed := slices.ContainsFunc(s.failed, func(p pointer.Pattern) bool { return !of.field(result, p).IsEmpty() })
	switch {
	case said == activitylog.Denied || said == activitylog.Failure:
		v.outcome = said
	case failed:
		v.outcome, v.status = activitylog.Failure, 0
		plain = false // the status has not told it
	case said != "":
		v.outcome = said
	case plain:
		v.outcome, v.unread = activitylog.Unknown, fmt.Sprintf("its status is %.64q, which the mapping does not know", text)
	case s.missing == activitylog.Success:
		v.outcome = activitylog.Failure // it is listed because it failed
	case s.missing == activitylog.Failure || s.missing == activitylog.Denied:
		v.outcome = activitylog.Success
	case len(s.failed) > 0:
		v.outcome = activitylog.Success
	default:
		v.outcome, v.unread = activitylog.Unknown, "its result does not tell the outcome"
	}
	v.classify(text, plain)
	return v
}

// classify names the class of what was no success: what the result says it is,
// or else its status.
func (v *verdict) classify(text string, plain bool) {
	switch {
	case v.outcome == activitylog.Success || v.outcome == activitylog.Unknown:
		v.kind = ""
	case v.kind != "":
	case v.status != 0 && v.outcome == activitylog.Failure:
		v.kind = strconv.Itoa(v.status)
	case v.status == 0 && plain && text != "false":
		v.kind = text
	}
}

func textOf(doc body.Document) string {
	text, _ := doc.Text()
	return text
}

// outcomeOf returns what a value of the status stands for, "" if nobody knows,
// and the HTTP status that it is.
func (s *resultSpec) outcomeOf(text string, number bool) (o activitylog.Outcome, status int) {
	status = statusOf(text)
	for _, w := range s.words {
		if strings.EqualFold(w.text, text) || number && sameNumber(text)(w.text) {
			return w.outcome, status
		}
	}
	for _, w := range s.words {
		if w.text == anyValue {
			return w.outcome, status
		}
	}
	if status != 0 {
		return activitylog.OutcomeOf(status), status
	}
	return outcomeWords[pointer.FoldName(text)], 0
}

// statusOf returns the HTTP status that a text is or begins with: 404, "201
// Created"; 0 if it is none.
func statusOf(text string) int {
	number, _, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(number)
	if err != nil || len(number) != 3 || n < 100 || n > 599 {
		return 0
	}
	return n
}

// outcomeWords are what statuses are usually called, as pointer.FoldName has
// them; those of gRPC among them.
var outcomeWords = func() map[string]activitylog.Outcome {
	words := make(map[string]activitylog.Outcome)
	for outcome, list := range map[activitylog.Outcome]string{
		activitylog.Success: "true ok success successful succeeded complete completed done processed created updated deleted",
		activitylog.Denied:  "denied forbidden unauthorized unauthenticated permission_denied access_denied resource_exhausted",
		activitylog.Failure: "false failed failure fail error errored invalid rejected declined aborted cancelled canceled conflict" +
			" not_found already_exists invalid_argument failed_precondition out_of_range unimplemented internal unavailable data_loss deadline_exceeded",
		activitylog.Unknown: "unknown pending queued accepted scheduled running processing in_progress",
	} {
		for word := range strings.FieldsSeq(list) {
			words[pointer.FoldName(word)] = outcome
		}
	}
	return words
}()
