package activitylog

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/log"
)

// A Ticket stands for work that a request has begun and that ends later, in
// another goroutine or process: see [Draft.Defer]. It is JSON text of at most
// [MaxTicket] bytes, to be put in a queue or a job's row beside the work, and is
// complete by itself: it does not matter whether the mapping has changed, or
// the program that made it is gone. The empty Ticket is that of a request that
// is no event.
//
// A ticket holds the actor, the address and the session of the request, so it
// is as personal as the event, and no secret. It is not signed: whoever can
// write to the queue can say who it was.
type Ticket string

// MaxTicket is the length in bytes of the longest ticket. Of a request that
// tells more, the names are left out, and then all targets but the first.
const MaxTicket = 4 << 10

// AttrOperation is the name of the attribute that the event of a request that
// deferred its work has in common with those of the work's end, and with no
// others.
const AttrOperation = "operation.id"

// content is what is in a ticket.
type content struct {
	Version   int      `json:"v"`
	Operation string   `json:"operation"`
	Code      Code     `json:"code,omitempty"`
	Tenant    string   `json:"tenant,omitempty"`
	Actor     Actor    `json:"actor,omitzero"`
	Targets   []Target `json:"targets,omitempty"`
	Source    Source   `json:"source,omitzero"`
	HTTP      HTTP     `json:"http,omitzero"`
}

const ticketVersion = 1

// newTicket returns the ticket of an operation; e is what is known of its event.
func newTicket(operation string, e Event) Ticket {
	e.Targets = slices.Clone(e.Targets)
	e.Changes, e.Attributes, e.Summary, e.Reason = nil, nil, "", ""
	e.Clean()
	c := content{ticketVersion, operation, e.Code, e.Tenant, e.Actor, e.Targets, e.Source, e.HTTP}
	c.HTTP.Status, c.Source.UserAgent, c.Source.PeerAddress = 0, "", ""
	text := c.encode()
	for _, shorten := range []func(){
		func() { c.HTTP.Path, c.Actor.Name, c.Actor.Email, c.Actor.OnBehalfOf.Name = "", "", "", "" },
		func() {
			for i := range c.Targets {
				c.Targets[i].Name = ""
			}
		},
		func() { c.Targets = c.Targets[:min(1, len(c.Targets))] },
		func() { // ids of which no part would serve
			for _, id := range []*string{&c.Tenant, &c.Actor.ID, &c.Actor.OnBehalfOf.ID, &c.Source.SessionID, &c.Source.RequestID} {
				if len(*id) > 256 {
					*id = ""
				}
			}
			if len(c.Targets) > 0 && len(c.Targets[0].ID) > 256 {
				c.Targets[0].ID = ""
			}
		},
		func() { c = content{Version: ticketVersion, Operation: operation} },
	} {
		if len(text) <= MaxTicket {
			break
		}
		shorten()
		text = c.encode()
	}
	return Ticket(text)
}

func (c *content) encode() []byte {
	text, _ := json.Marshal(c) // strings and numbers always have a JSON form
	return text
}

// decode reads a ticket, which may come from anywhere.
func (t Ticket) decode() (content, error) {
	var c content
	if len(t) > MaxTicket {
		return c, fmt.Errorf("ticket: it is %d bytes long, the longest may be %d: it is none that Defer has made", len(t), MaxTicket)
	}
	if err := json.Unmarshal([]byte(t), &c); err != nil {
		return c, fmt.Errorf("ticket: it is none that Defer has made: %w", err)
	}
	if c.Version != ticketVersion {
		return c, fmt.Errorf("ticket: version %d, this program knows %d: update what ends the work before what begins it", c.Version, ticketVersion)
	}
	if id, err := uuid.Parse(c.Operation); err != nil || id.String() != c.Operation {
		return c, errors.New("ticket: its operation is no UUID: it is none that Defer has made")
	}
	if _, err := ParseCode(string(c.Code)); c.Code != "" && err != nil {
		return c, fmt.Errorf("ticket: %w", err)
	}
	return c, nil
}

// Event returns the event of the work's end: end, with what the ticket knows
// where end is silent. Its request id, if end has none, is that of the request
// that began the work, or of the operation if that had none, so that a search
// for it finds the events of both.
//
// The event's ID, if end has none, depends on nothing but the operation, the
// outcome, the code and the first target. A queue that delivers the work twice
// therefore does not make two events of one end: stores recognise the second.
// They absorb it if it is the same, down to Time and the trace; let end have the
// time that the job's row says, then. Otherwise they keep the first and put the
// second aside as a conflict, where it is counted. Work that has failed and then
// succeeds in another attempt has two events; that of a ticket that stands for
// several things has one for each, by its target.
//
// The error is that of a text that is no ticket, or of one that knows no code
// when end has none. The empty Ticket gives the zero Event, which is none
// to emit: see [Complete].
func (t Ticket) Event(end Event) (Event, error) {
	if t == "" {
		return Event{}, nil
	}
	c, err := t.decode()
	if err != nil {
		return Event{}, err
	}
	e := end
	e.Code = cmp.Or(end.Code, c.Code)
	if e.Code == "" {
		return Event{}, errors.New("ticket: it knows no code, as no case of the request's rule held when its work was deferred: set Event.Code")
	}
	e.Tenant = cmp.Or(end.Tenant, c.Tenant)
	e.Actor = cmp.Or(end.Actor, c.Actor)
	e.Source = cmp.Or(end.Source, c.Source)
	e.Source.RequestID = cmp.Or(e.Source.RequestID, c.Source.RequestID)
	e.HTTP = cmp.Or(end.HTTP, c.HTTP)
	if len(end.Targets) == 0 {
		e.Targets = c.Targets
	}
	e.Outcome = cmp.Or(end.Outcome, Success)
	e.Attributes = slices.Clone(end.Attributes)
	e.JoinOperation(c.Operation)
	if e.ID == "" {
		e.ID = endID(&e, c.Operation)
	}
	return e, nil
}

// JoinOperation notes in e what it has in common with the other events of an
// operation: the attribute operation.id and, where the request has none, the id
// of the request.
func (e *Event) JoinOperation(id string) {
	e.Attributes.Set(AttrOperation, id)
	e.Source.RequestID = cmp.Or(e.Source.RequestID, id)
}

// endID returns the id of the event of an operation's end: a UUID, version 7,
// with the time of the operation's own.
func endID(e *Event, operation string) string {
	of, _ := uuid.Parse(operation) // decode has seen that it is one
	target := e.Target()
	parts := []string{operation, string(e.Code), string(e.Outcome), target.Type, target.ID}
	hash := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	id := of
	copy(id[8:], hash[:])
	id[6] = 0x70 | id[6]&0x0f
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// Complete emits the event of the end of work that a request has deferred: end
// says how it ended (Outcome, [Success] if empty; Reason, ErrorType, Changes,
// Attributes), the ticket all else: see [Ticket.Event] for that, for the
// error, and for what becomes of work that is delivered twice. Of the empty
// Ticket there is no event and no error. Otherwise it is as [Emit], whose
// method Complete of a mapping.Mapping makes the sentence.
func Complete(ctx context.Context, logger log.Logger, t Ticket, end Event) error {
	e, err := t.Event(end)
	if err != nil || t == "" {
		return err
	}
	Emit(ctx, logger, e)
	return nil
}
