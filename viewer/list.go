package viewer

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/api"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// A listPage is the data of the list.
type listPage struct {
	page
	Query   string // canonical, or as it was written if it is wrong
	Problem *queryProblem
	Chips   []chip
	Clear   string
	Presets []preset
	Form    form
	Help    []query.KeyInfo
	Days    []day
	Older   string
	Newest  string
	Live    bool // the newest page: the script keeps it up to date
}

// A day is the events of one day.
type day struct {
	Name string
	Rows []row
}

// A row is one event of the list.
type row struct {
	ID       string
	Href     string
	Time     moment
	Face     face
	Sentence []span
	Outcome  *ending
	Code     code
	CodeOnly string
	Target   *targetCell
	Tenant   string
	Values   []value
}

// A targetCell is the primary target, by its id where it has one, and the
// number of the others.
type targetCell struct {
	Name string
	More int
}

// A request is what a page of the list is asked for.
type request struct {
	text   string // the parameter q as it was written
	cursor string
	filter filter
	clock  clock
	links  links
}

func (h *handler) serveList(w http.ResponseWriter, r *http.Request) error {
	reader, err := api.NewReader(h.store, r, h.scope)
	if err != nil {
		return err
	}
	req, err := h.readRequest(r)
	if err != nil {
		var bad *query.Error
		if errors.As(err, &bad) {
			return render(w, r, http.StatusBadRequest, "list", h.badList(req, bad))
		}
		return err
	}
	canonical := req.links.list(req.filter, req.cursor)
	if canonical != req.links.root+question(r.URL.RawQuery) && req.filter.stable(req.options()) {
		redirect(w, r, canonical)
		return nil
	}
	result, err := reader.List(r.Context(), store.Query{Filter: req.filter.query, Cursor: req.cursor})
	if err != nil {
		return err
	}
	etag := req.etag(result)
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag { // what the script asks twice a second: make no page for it
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return render(w, r, http.StatusOK, "list", newList(req, result))
}

// readRequest reads the parameters of r. A request that is wrong is returned
// as far as it could be read.
func (h *handler) readRequest(r *http.Request) (request, error) {
	req := request{clock: clock{h.now(), time.UTC}, links: links{root(r), time.UTC}}
	params, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return req, &api.Error{Message: "The address of this page is malformed: " + err.Error() + "."}
	}
	req.text, req.cursor = strings.Join(params["q"], " "), params.Get("cursor")
	zone, err := api.ParseZone(params.Get("tz"))
	if err != nil {
		return req, err
	}
	req.clock.zone, req.links.zone = zone, zone
	for _, own := range []string{"q", "cursor", "tz"} {
		params.Del(own)
	}
	req.filter, err = parseFilter(req.text, params, req.options())
	return req, err
}

func (req request) options() query.Options {
	return query.Options{Now: req.clock.now, Location: req.clock.zone}
}

func question(rawQuery string) string {
	if rawQuery == "" {
		return ""
	}
	return "?" + rawQuery
}

// etag names what a page shows, less the relative times: the script counts
// those on by itself. It is weak because of them.
func (req request) etag(result store.Page) string {
	shown, _ := json.Marshal([]any{ // what a store keeps has a JSON form
		result, req.links.query(req.filter, req.cursor), req.clock.day(req.clock.now), assetNames,
	})
	sum := sha256.Sum256(shown)
	return `W/"` + hex.EncodeToString(sum[:16]) + `"`
}

func newList(req request, result store.Page) listPage {
	p := req.page()
	p.Days = days(req, result.Events)
	p.Live = req.cursor == ""
	if result.Next != "" {
		p.Older = req.links.list(req.filter, result.Next)
	}
	if req.cursor != "" {
		p.Newest = req.links.list(req.filter, "")
	}
	return p
}

// page returns the list without events.
func (req request) page() listPage {
	return listPage{
		page:    newPage("Activity", req.links, req.clock, req.filter, req.cursor),
		Query:   req.filter.String(),
		Chips:   chips(req),
		Clear:   req.links.list(filter{}, ""),
		Presets: presets(req),
		Form:    newForm(req),
		Help:    query.Keys(),
	}
}

func days(req request, events []activitylog.Event) []day {
	var out []day
	for i := range events {
		name := req.clock.day(events[i].Time)
		if len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, day{Name: name})
		}
		last := &out[len(out)-1]
		last.Rows = append(last.Rows, newRow(req, &events[i]))
	}
	return out
}

func newRow(req request, e *activitylog.Event) row {
	out := row{
		ID:       e.ID,
		Href:     req.links.event(e.ID, req.filter),
		Time:     req.clock.moment(e.Time),
		Face:     faceOf(e),
		Sentence: sentence(e),
		Outcome:  endingOf(e),
		Code:     codeOf(e.Code, req.links),
		Tenant:   e.Tenant,
	}
	out.CodeOnly, _ = req.links.narrow(req.filter, query.Event, query.Value{Text: string(e.Code)})
	if t := e.Target(); t != (activitylog.Target{}) {
		out.Target = &targetCell{cmp.Or(t.ID, t.Name, t.Type), len(e.Targets) - 1}
	}
	v := values{req: req}
	v.add("Actor", query.Actor, e.Actor.ID)
	v.add("Event", query.Event, string(e.Code))
	v.add("Target", query.Target, e.Target().ID)
	v.add("Type", query.TargetType, e.Target().Type)
	v.add("Tenant", query.Tenant, e.Tenant)
	v.add("Outcome", query.Outcome, string(e.Outcome))
	v.add("Address", query.Address, e.Source.ClientAddress)
	out.Values = v.list
	return out
}

// A value is one field of an event, with links to the events that have it and
// to those that have not.
type value struct {
	Label, Text   string
	Mono          bool
	Only, Exclude string
}

// values collects the fields of an event that are not empty.
type values struct {
	req  request
	list []value
}

// add adds a field that can be asked for by key. Of a foreign sender's odd or
// endless value no query can be made; it is only shown.
func (v *values) add(label string, key query.Key, text string) {
	odd := key == query.Outcome && !slices.Contains(activitylog.Outcomes(), activitylog.Outcome(text))
	if text == "" || odd || len(text) > query.MaxText/4 {
		v.show(label, text)
		return
	}
	only, exclude := v.req.links.narrow(v.req.filter, key, query.Value{Text: text})
	v.list = append(v.list, value{Label: label, Text: text, Mono: true, Only: only, Exclude: exclude})
}

// show adds a field that is only shown.
func (v *values) show(label, text string) {
	if text != "" {
		v.list = append(v.list, value{Label: label, Text: text})
	}
}
