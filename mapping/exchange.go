package mapping

import (
	"net/http"
	"net/url"
	"strconv"

	activitylog "github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping/internal/body"
)

// An Exchange is what a rule may look at of a request and its response
// besides the event. Nothing of it is kept once [Rule.Complete] or
// [Rule.Split] has returned.
type Exchange struct {
	Params   Params      // values of the path parameters; may be nil
	Query    string      // the raw query of the request's URL
	Header   http.Header // of the request
	Request  Body
	Response Body
}

// Params gives a rule the values of the path parameters of a request.
type Params interface {
	// Param returns the value of the i-th parameter of [Rule.Params], or "".
	Param(i int) string
}

// A Body is what was captured of a JSON body. [Rule.Reads] says which are needed.
type Body struct {
	// JSON is the whole body. It is empty if there is none, or if Problem says
	// why it could not be read.
	JSON []byte

	// Problem is why there is nothing to read, in plain words: "it is longer
	// than 64 KiB". The event tells it.
	Problem string
}

// A view reads an exchange for one event, each part once and only if asked.
type view struct {
	exchange *Exchange
	skipped  int           // as in the rule
	each     *value        // of a bulk request: where its array is
	item     body.Document // the element that the event is about
	result   body.Document // the element's own
	index    int           // of the element
	count    int           // of the elements
	results  *results      // nil until they are asked for
	sides    [2]side
	query    url.Values
	told     bool    // the response has results of elements
	common   *common // nil if the rule makes one event
}

// common is what the events of a bulk request have in common, found once: a
// long body is not to be searched a thousand times.
type common struct {
	texts   map[*value]string
	tests   map[*test]bool
	params  map[int]string
	changes bool // those of the event are what the file makes of them
}

func newCommon() *common {
	return &common{texts: make(map[*value]string), tests: make(map[*test]bool), params: make(map[int]string)}
}

// once returns what find finds, which known keeps.
func once[K comparable, V any](known map[K]V, key K, find func() V) V {
	found, ok := known[key]
	if !ok {
		found = find()
		known[key] = found
	}
	return found
}

// A side is a body, read.
type side struct {
	read    bool
	doc     body.Document
	problem string
}

// lookup returns the value that a rule names. A key on the way to it that comes
// twice is a problem: which of the two the handler took is not known.
func (v *view) lookup(p *value) body.Document {
	side, doc := (*side)(nil), body.Document{}
	switch from := p.origin; {
	case from == fromItem && v.each != nil:
		side, doc = v.sideOf(v.each.origin), v.item
	case from == fromResult:
		side, doc = v.sideOf(fromResponse), v.result
	case isBody(from):
		side = v.sideOf(from)
		doc = side.doc
	default:
		return doc
	}
	found, ambiguous := doc.Lookup(p.pointer)
	if ambiguous {
		side.problem = "a key of " + p.String() + " comes twice, the last one was taken"
	}
	return found
}

// set returns what an event's request has set, and its JSON pointer: of a bulk
// request the element that the event is about.
func (v *view) set() (at string, doc body.Document) {
	if v.item.Exists() && v.each.origin == fromRequest {
		return v.each.pointer.String() + "/" + strconv.Itoa(v.index), v.item
	}
	return "", v.sideOf(fromRequest).doc
}

func (v *view) sideOf(from origin) *side {
	if from == fromResponse {
		return v.side(1)
	}
	return v.side(0)
}

func (v *view) side(i int) *side {
	s := &v.sides[i]
	if s.read || v.exchange == nil {
		return s
	}
	s.read = true
	b, fold := v.exchange.Request, true // the handler takes keys in any case
	if i == 1 {
		b, fold = v.exchange.Response, false
	}
	s.problem = b.Problem
	if s.problem != "" || len(b.JSON) == 0 {
		return s
	}
	var ok bool
	if s.doc, ok = body.Parse(b.JSON, fold); !ok {
		s.problem = "it is not valid JSON"
	}
	return s
}

// unread notes in the event which bodies a rule asks for and could not see, or
// not for certain, so that nobody takes a missing value for one that was not sent.
func (v *view) unread(e *activitylog.Event, r *routeSpec) {
	for i, asked := range []bool{r.readsRequest, r.readsResponse} {
		if asked && v.side(i).problem != "" {
			e.Attributes.Set([]string{"unread.request", "unread.response"}[i], v.side(i).problem)
		}
	}
}

func (v *view) param(i int) string {
	if v.exchange == nil || v.exchange.Params == nil || i < 0 {
		return ""
	}
	if v.common == nil {
		return v.exchange.Params.Param(i)
	}
	return once(v.common.params, i, func() string { return v.exchange.Params.Param(i) })
}

func (v *view) queryValues(name string) []string {
	if v.exchange == nil || v.exchange.Query == "" {
		return nil
	}
	if v.query == nil {
		v.query, _ = url.ParseQuery(v.exchange.Query) // what can be read of it
	}
	return v.query[name]
}

func (v *view) headerValues(name string) []string {
	if v.exchange == nil {
		return nil
	}
	return v.exchange.Header[name]
}
