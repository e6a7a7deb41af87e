package viewer

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/api"
	"github.com/activitylog-go/activitylog/internal/diff"
	"github.com/activitylog-go/activitylog/query"
)

// An eventPage is the data of the page of one event.
type eventPage struct {
	page
	ID        string
	Permanent string
	Sentence  []span
	Face      face
	Code      code
	Outcome   *ending
	Time      moment
	Same      []link
	Sections  []section
	Changes   []change
	Raw       string
}

type link struct{ Text, Href string }

type section struct {
	Name   string
	Values []value
}

// A change is one field before and after; HasOld and HasNew tell the empty
// text from no value.
type change struct {
	Path           string
	Old, New       string
	HasOld, HasNew bool
	Note           string // in place of the values
}

func (h *handler) serveEvent(w http.ResponseWriter, r *http.Request, id string) error {
	reader, err := api.NewReader(h.store, r, h.scope)
	if err != nil {
		return err
	}
	// A filter that is wrong is of no use for the way back, and no reason not
	// to show the event.
	req, err := h.readRequest(r)
	if err != nil {
		req.filter = filter{}
	}
	e, err := reader.Get(r.Context(), id)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, "event", newEventPage(req, &e))
}

func newEventPage(req request, e *activitylog.Event) eventPage {
	words := sentence(e)
	p := eventPage{
		page:      newPage(plain(words), req.links, req.clock, req.filter, ""),
		ID:        url.PathEscape(e.ID),
		Permanent: req.links.root + "events/" + url.PathEscape(e.ID),
		Sentence:  words,
		Face:      faceOf(e),
		Code:      codeOf(e.Code, req.links),
		Outcome:   endingOf(e),
		Time:      req.clock.moment(e.Time),
		Same:      same(req, e),
		Sections:  sections(req, e),
		Changes:   changes(e),
		Raw:       raw(e),
	}
	if p.Zone.UTC != "" {
		p.Zone.UTC = links{req.links.root, time.UTC}.event(e.ID, req.filter)
	}
	return p
}

// same returns links to the events that share something with e.
func same(req request, e *activitylog.Event) []link {
	var out []link
	for _, s := range []struct {
		text string
		key  query.Key
		id   string
	}{
		{"Same actor", query.Actor, e.Actor.ID},
		{"Same target", query.Target, e.Target().ID},
		{"Same session", query.Session, e.Source.SessionID},
		{"Same request", query.Request, e.Source.RequestID},
		{"Same trace", query.Trace, e.TraceID},
	} {
		if s.id != "" {
			out = append(out, link{s.text, req.links.list(filter{}.only(s.key, query.Value{Text: s.id}), "")})
		}
	}
	return out
}

func sections(req request, e *activitylog.Event) []section {
	var out []section
	for _, s := range []struct {
		name string
		fill func(*values, *activitylog.Event)
	}{{"Who", who}, {"What", what}, {"Where", where}, {"How", how}, {"Attributes", attributes}, {"Record", record}} {
		v := values{req: req}
		s.fill(&v, e)
		if len(v.list) > 0 {
			out = append(out, section{s.name, v.list})
		}
	}
	return out
}

func who(v *values, e *activitylog.Event) {
	v.show("Name", e.Actor.Name)
	v.add("Actor", query.Actor, e.Actor.ID)
	v.add("Type", query.ActorType, string(e.Actor.Type))
	v.show("Email", e.Actor.Email)
	v.show("On behalf of", e.Actor.OnBehalfOf.Name)
	v.show("On behalf of, id", e.Actor.OnBehalfOf.ID)
}

func what(v *values, e *activitylog.Event) {
	v.add("Event", query.Event, string(e.Code))
	for _, t := range e.Targets {
		v.show("Target", t.Name)
		v.add("Target type", query.TargetType, t.Type)
		v.add("Target id", query.Target, t.ID)
	}
	v.add("Tenant", query.Tenant, e.Tenant)
	v.add("Outcome", query.Outcome, string(e.Outcome))
	v.show("Reason", e.Reason)
	v.show("Error type", e.ErrorType)
}

func where(v *values, e *activitylog.Event) {
	v.add("Address", query.Address, e.Source.ClientAddress)
	v.show("Peer address", e.Source.PeerAddress)
	v.show("User agent", e.Source.UserAgent)
	v.add("Service", query.Service, e.Service)
}

func how(v *values, e *activitylog.Event) {
	v.add("Method", query.Method, e.HTTP.Method)
	v.show("Route", e.HTTP.Route)
	v.show("Path", e.HTTP.Path)
	if status := e.HTTP.Status; status != 0 {
		only, exclude := v.req.links.narrow(v.req.filter, query.Status, query.Value{Low: status, High: status})
		v.list = append(v.list, value{"Status", strconv.Itoa(status), true, only, exclude})
	}
	v.add("Session", query.Session, e.Source.SessionID)
	v.add("Request", query.Request, e.Source.RequestID)
	v.add("Trace", query.Trace, e.TraceID)
	v.show("Span", e.SpanID)
}

func attributes(v *values, e *activitylog.Event) {
	for _, kv := range e.Attributes {
		v.list = append(v.list, value{Label: string(kv.Key), Text: kv.Value.String(), Mono: true})
	}
}

func record(v *values, e *activitylog.Event) {
	v.show("Id", e.ID)
	if !e.Observed.IsZero() {
		v.show("Observed", e.Observed.UTC().Format(time.RFC3339Nano))
	}
	if !e.Ingested.IsZero() {
		stored := e.Ingested.UTC().Format(time.RFC3339Nano)
		if e.Skewed() {
			stored += ", more than a day from its time: a clock was wrong, or it was sent late"
		}
		v.show("Stored", stored)
	}
	if !e.Erased.IsZero() {
		v.show("Erased", e.Erased.UTC().Format(time.RFC3339Nano)+", what may say who a person is was removed")
	}
	v.show("Stream", e.Stream)
	if e.Seq != 0 {
		v.show("Sequence number", strconv.FormatUint(e.Seq, 10))
	}
	if e.Truncated {
		v.show("Truncated", "something was cut to keep the event within its limits")
	}
}

func changes(e *activitylog.Event) []change {
	var out []change
	for _, c := range e.Changes {
		row := change{Path: c.Path, Old: jsonValue(c.Old), New: jsonValue(c.New), HasOld: len(c.Old) > 0, HasNew: len(c.New) > 0}
		switch {
		case !e.Erased.IsZero():
			row.Note = "erased"
		case c.Redacted:
			row.Note = secretNote(c)
		case diff.Change(c).More() > 0:
			row.Note = row.New
		case c.Truncated:
			row.Note = "too large or unreadable, not kept"
		}
		out = append(out, row)
	}
	return out
}

// secretNote says what the fingerprints of a secret show.
func secretNote(c activitylog.Change) string {
	before, after := diff.IsFingerprint(c.Old), diff.IsFingerprint(c.New)
	switch {
	case c.Truncated || !before && !after: // nobody knows of the other value
		return "secret, not kept"
	case !before:
		return "secret, none before"
	case !after:
		return "secret, none after"
	case string(c.Old) == string(c.New):
		return "secret, the same before and after"
	default:
		return "secret, another one than before"
	}
}

// jsonValue shows a text without its quotes and every other value as JSON.
func jsonValue(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil && s != "" {
		return s
	}
	return string(v)
}

// raw is the event as the API has it, indented and with nothing that acts.
func raw(e *activitylog.Event) string {
	text, _ := json.Marshal(e) // what a store keeps has a JSON form
	var out bytes.Buffer
	_ = json.Indent(&out, text, "", "  ") // is JSON
	return visibleJSON(out.String())
}
