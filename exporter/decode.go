package activitylogexporter

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/activitylog-go/activitylog"
)

// A batch is what decode makes of the records of one push.
type batch struct {
	events  []activitylog.Event
	records []record // where each of events comes from
	passed  int      // records that are no events
}

// decode returns the events of ld, in their order and cleaned. Records that
// are no events are passed over unless all is set. The time of an event that
// has none is now.
func decode(ld plog.Logs, all bool, now time.Time) batch {
	b := batch{events: make([]activitylog.Event, 0, ld.LogRecordCount())}
	for _, resourceLogs := range ld.ResourceLogs().All() {
		for _, scopeLogs := range resourceLogs.ScopeLogs().All() {
			o := &origin{resource: resourceLogs.Resource(), scope: scopeLogs.Scope()}
			for _, log := range scopeLogs.LogRecords().All() {
				r := record{origin: o, log: log}
				e, ok := r.decode(all, now)
				if !ok {
					b.passed++
					continue
				}
				b.events = append(b.events, e)
				b.records = append(b.records, r)
			}
		}
	}
	return b
}

// A decoder builds one event.
type decoder struct {
	event   activitylog.Event
	target  activitylog.Target // the primary one, from attributes of its own
	userID  string
	foreign []attr // attributes that may stand in for one of ours
}

type attr struct {
	key   string
	value pcommon.Value
}

// attributes sorts the attributes of a record into the fields of the event.
// What has no field, or whose field is taken, is kept under its own name.
func (d *decoder) attributes(attrs pcommon.Map) {
	for key, value := range attrs.All() {
		if !d.field(key, value) {
			name, _ := strings.CutPrefix(key, activitylog.KeyAttrPrefix)
			d.keep(name, value)
		}
	}
}

// field sets the field that key stands for and reports whether it did.
func (d *decoder) field(key string, value pcommon.Value) bool {
	if field, ok := textFields[key]; ok {
		return d.setText(field(d), value)
	}
	if _, ok := foreignKeys[key]; ok {
		d.foreign = append(d.foreign, attr{key, value})
		return true
	}
	e := &d.event
	switch key {
	case activitylog.KeySchema:
		return value.AsString() == strconv.Itoa(activitylog.Schema)
	case activitylog.KeyStatus:
		return setStatus(&e.HTTP.Status, value)
	case activitylog.KeySeq:
		return setSeq(&e.Seq, value)
	case activitylog.KeyTruncated:
		truncated := value.AsString() == "true"
		e.Truncated = e.Truncated || truncated
		return truncated
	case activitylog.KeyTargets:
		return setList(d, &e.Targets, value)
	case activitylog.KeyChanges:
		if list, ok := readChanges(value.Str()); ok && len(e.Changes) == 0 {
			e.Changes = list
			return true
		}
		return setList(d, &e.Changes, value)
	}
	return false
}

// keep adds an attribute of the sender's own. A second one of the same name
// gets a number: "role#2".
func (d *decoder) keep(name string, value pcommon.Value) {
	attrs := &d.event.Attributes
	if len(*attrs) >= activitylog.MaxAttributes {
		d.event.Truncated = true // and not another thousand just to be cut by Clean
		return
	}
	free := name
	for n := 2; ; n++ {
		if _, taken := attrs.Get(free); !taken {
			break
		}
		free = name + "#" + strconv.Itoa(n)
	}
	attrs.Set(free, d.attributeValue(value))
}

// aliases lets the keys of other conventions fill the fields that ours left empty.
func (d *decoder) aliases() {
	for _, a := range d.foreign {
		if !d.field(foreignKeys[a.key], a.value) {
			d.keep(a.key, a.value)
		}
	}
}

// setName sets the name under which the record travelled, and keeps it if the
// code does not tell it.
func (d *decoder) setName(name string) {
	e := &d.event
	e.EventName = string(e.Code)
	if name == "" || name == e.EventName {
		return
	}
	e.EventName = name
	if name != e.Code.Dotted() {
		d.keep("event_name", pcommon.NewValueStr(name))
	}
}

func (d *decoder) setTrace(r *record) {
	if id := r.log.TraceID(); !id.IsEmpty() {
		d.event.TraceID = id.String()
	}
	if id := r.log.SpanID(); !id.IsEmpty() {
		d.event.SpanID = id.String()
	}
	if name, ok := r.resource.Attributes().Get("service.name"); ok {
		d.event.Service = name.AsString()
	}
}

// setTargets puts the primary target first.
func (d *decoder) setTargets() {
	e := &d.event
	if d.target != (activitylog.Target{}) && d.target != e.Target() {
		e.Targets = slices.Insert(e.Targets, 0, d.target)
	}
}

// setActor sets what the sender left out of the actor.
func (d *decoder) setActor() {
	actor := &d.event.Actor
	if actor.ID == "" {
		actor.ID = d.userID
	} else if d.userID != "" && d.userID != actor.ID {
		d.keep(activitylog.KeyUserID, pcommon.NewValueStr(d.userID))
	}
	if actor.Type != "" && !slices.Contains(actorTypes, actor.Type) {
		d.keep(activitylog.KeyActorType, pcommon.NewValueStr(string(actor.Type)))
		actor.Type = ""
	}
	if actor.Type == "" {
		actor.Type = activitylog.Anonymous
		if actor.ID != "" {
			actor.Type = activitylog.User
		}
	}
}

var actorTypes = []activitylog.ActorType{
	activitylog.User, activitylog.Service, activitylog.System, activitylog.Anonymous,
}

// setOutcome sets the outcome that the sender named or, failing that, the one
// that the response status, an error or the severity stands for. A severity
// that says more than the outcome is kept.
func (d *decoder) setOutcome(severity plog.SeverityNumber) {
	e := &d.event
	if e.Outcome != "" && !slices.Contains(activitylog.Outcomes(), e.Outcome) {
		d.keep(activitylog.KeyOutcome, pcommon.NewValueStr(string(e.Outcome)))
		e.Outcome = ""
	}
	if e.Outcome == "" {
		e.Outcome = activitylog.OutcomeOf(e.HTTP.Status)
		if e.Outcome == activitylog.Success && (e.ErrorType != "" || severity >= plog.SeverityNumberError) {
			e.Outcome = activitylog.Failure
		}
	}
	switch severity {
	case plog.SeverityNumberUnspecified, plog.SeverityNumberInfo, plog.SeverityNumberWarn:
	default:
		d.keep("severity", pcommon.NewValueStr(severity.String()))
	}
}

// setBody takes a text as the event's sentence, and keeps any other body.
func (d *decoder) setBody(body pcommon.Value) {
	switch body.Type() {
	case pcommon.ValueTypeEmpty:
	case pcommon.ValueTypeStr:
		d.event.Summary = body.Str()
	default:
		d.keep("body", body)
	}
}
