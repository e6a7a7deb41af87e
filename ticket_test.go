package activitylog_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/activitylogtest"
	"github.com/activitylog-go/activitylog/internal/secret/secrettest"
)

// describer is a middleware that knows what its event says.
type describer struct {
	event activitylog.Event
	none  bool
}

func (d describer) Describe(set activitylog.Fields) (activitylog.Event, bool) {
	e := d.event
	e.Actor = set.Actor
	e.Targets = append(e.Targets, set.Targets...)
	return e, !d.none
}

var accepted = activitylog.Event{
	Code:    "payout:made",
	Tenant:  "acme",
	Summary: "a sentence",
	Source:  activitylog.Source{ClientAddress: "192.0.2.1", PeerAddress: "192.0.2.2", UserAgent: "curl", SessionID: "ses_1"},
	HTTP:    activitylog.HTTP{Method: "POST", Route: "/payouts", Path: "/payouts", Status: 202},
	Changes: []activitylog.Change{activitylog.NewChange("/amount", nil, "hunter2")},
}

// ticketOf returns the ticket of a request that has said something.
func ticketOf(t testing.TB, d describer, say func(*activitylog.Draft)) (activitylog.Ticket, activitylog.Fields) {
	t.Helper()
	ctx, draft := activitylog.Begin(t.Context())
	draft.DescribedBy(d)
	say(activitylog.From(ctx))
	ticket := activitylog.From(ctx).Defer()
	set, _ := draft.Close()
	return ticket, set
}

func sayAnn(d *activitylog.Draft) {
	d.SetActor(activitylog.Actor{ID: "usr_1", Name: "Ann Lee"})
	d.AddTarget(activitylog.Target{Type: "payout", ID: "po_1"})
	d.AddChange("/token", "hunter2", nil)
	d.Set("password", "hunter2")
}

func TestTicket(t *testing.T) {
	ticket, set := ticketOf(t, describer{event: accepted}, sayAnn)
	if !json.Valid([]byte(ticket)) || strings.Contains(string(ticket), "hunter2") || strings.Contains(string(ticket), "curl") {
		t.Errorf("the ticket is %s", ticket)
	}
	own := activitylog.Event{Outcome: activitylog.Success}
	set.NoteDeferred(&own)
	if own.Outcome != activitylog.Unknown || own.Source.RequestID != set.Operation {
		t.Errorf("the request's own event: %+v", own)
	}

	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	end, err := ticket.Event(activitylog.Event{Outcome: activitylog.Failure, Reason: "no such bank", Time: at})
	if err != nil {
		t.Fatal(err)
	}
	operation, _ := end.Attributes.Get(activitylog.AttrOperation)
	want := activitylog.Event{
		ID: end.ID, Time: at, Code: "payout:made", Tenant: "acme", Outcome: activitylog.Failure, Reason: "no such bank",
		Actor:      activitylog.Actor{ID: "usr_1", Name: "Ann Lee"},
		Targets:    []activitylog.Target{{Type: "payout", ID: "po_1"}},
		Source:     activitylog.Source{ClientAddress: "192.0.2.1", SessionID: "ses_1", RequestID: set.Operation},
		HTTP:       activitylog.HTTP{Method: "POST", Route: "/payouts", Path: "/payouts"},
		Attributes: own.Attributes,
	}
	if !reflect.DeepEqual(end, want) || operation.AsString() != set.Operation {
		t.Errorf("got  %+v\nwant %+v", end, want)
	}
	if id, err := uuid.Parse(end.ID); err != nil || id.Version() != 7 || id.Variant() != uuid.RFC4122 {
		t.Errorf("the id %q is no UUID of version 7: %v", end.ID, err)
	}
}

// TestTicketSource checks that a worker's own address does not cost the event
// the id by which it is found.
func TestTicketSource(t *testing.T) {
	began := accepted
	began.Source.RequestID = "req_1"
	ticket, _ := ticketOf(t, describer{event: began}, sayAnn)
	for own, want := range map[activitylog.Source]string{{ClientAddress: "192.0.2.9"}: "req_1", {RequestID: "req_2"}: "req_2"} {
		end, err := ticket.Event(activitylog.Event{Source: own})
		if got := end.Source; err != nil || got.RequestID != want || got.ClientAddress != own.ClientAddress || got.SessionID != "" {
			t.Errorf("%+v becomes %+v, %v", own, got, err)
		}
	}
}

// TestTicketSecrets checks that a queue keeps no secret that an event does not.
func TestTicketSecrets(t *testing.T) {
	for _, f := range secrettest.Fakes(1) {
		x := f.Text
		ticket, _ := ticketOf(t, describer{event: activitylog.Event{
			Code: "payout:made", Tenant: x, Targets: []activitylog.Target{{Type: x, ID: x, Name: x}},
			Actor:  activitylog.Actor{ID: x, Type: activitylog.ActorType(x), Name: x, Email: x, OnBehalfOf: activitylog.Party{ID: x, Name: x}},
			Source: activitylog.Source{ClientAddress: x, SessionID: x, RequestID: x},
			HTTP:   activitylog.HTTP{Method: x, Route: x, Path: x},
		}}, func(*activitylog.Draft) {})
		escaped, _ := json.Marshal(f.Secret)
		if text := string(ticket); strings.Contains(text, f.Secret) || strings.Contains(text, string(escaped[1:len(escaped)-1])) || !strings.Contains(text, "[redacted]") {
			t.Errorf("%s: the ticket is %s", f.Kind, text)
		}
	}
}

// TestTicketTwice checks which ends of an operation are the same event.
func TestTicketTwice(t *testing.T) {
	ticket, _ := ticketOf(t, describer{event: accepted}, sayAnn)
	other, _ := ticketOf(t, describer{event: accepted}, sayAnn)
	id := func(ticket activitylog.Ticket, e activitylog.Event) string {
		end, err := ticket.Event(e)
		if err != nil {
			t.Fatal(err)
		}
		return end.ID
	}
	first := id(ticket, activitylog.Event{})
	if again := id(ticket, activitylog.Event{Outcome: activitylog.Success, Reason: "later", Time: time.Now()}); again != first {
		t.Errorf("delivered twice: %s and %s", first, again)
	}
	seen := map[string]string{first: "a success"}
	for name, got := range map[string]string{
		"a failure":              id(ticket, activitylog.Event{Outcome: activitylog.Failure}),
		"another code":           id(ticket, activitylog.Event{Code: "payout:settled"}),
		"another target":         id(ticket, activitylog.Event{Targets: []activitylog.Target{{Type: "payout", ID: "po_2"}}}),
		"another operation":      id(other, activitylog.Event{}),
		"an id of the caller's":  id(ticket, activitylog.Event{ID: "01890000-0000-7000-8000-000000000000"}),
		"a target of other type": id(ticket, activitylog.Event{Targets: []activitylog.Target{{Type: "refund", ID: "po_1"}}}),
	} {
		if same, taken := seen[got]; taken {
			t.Errorf("%s has the id of %s", name, same)
		}
		seen[got] = name
	}
}

// TestTicketOfNoEvent checks that a handler and a worker need not ask whether
// a request is an event.
func TestTicketOfNoEvent(t *testing.T) {
	nothing := func(*activitylog.Draft) {}
	for name, made := range map[string]func() activitylog.Ticket{
		"no middleware": func() activitylog.Ticket { return activitylog.From(t.Context()).Defer() },
		"no rule":       func() activitylog.Ticket { ticket, _ := ticketOf(t, describer{none: true}, nothing); return ticket },
		"suppressed": func() activitylog.Ticket {
			ticket, _ := ticketOf(t, describer{event: accepted}, func(d *activitylog.Draft) { d.Suppress("") })
			return ticket
		},
		"a replay": func() activitylog.Ticket {
			ticket, _ := ticketOf(t, describer{event: accepted}, (*activitylog.Draft).MarkReplay)
			return ticket
		},
		"too late": func() activitylog.Ticket {
			_, draft := activitylog.Begin(t.Context())
			draft.Close()
			return draft.Defer()
		},
	} {
		rec := new(activitylogtest.Recorder)
		ticket := made()
		if err := activitylog.Complete(t.Context(), rec.Logger("test"), ticket, activitylog.Event{}); ticket != "" || err != nil || len(rec.Events()) != 0 {
			t.Errorf("%s: ticket %q, error %v, %d events", name, ticket, err, len(rec.Events()))
		}
	}
}

// TestTicketBounds checks that no request makes a ticket that a queue would refuse.
func TestTicketBounds(t *testing.T) {
	long := strings.Repeat("ü\x00\xff", 20_000)
	for name, e := range map[string]activitylog.Event{
		"long path":    {Code: "a:made", HTTP: activitylog.HTTP{Path: long}},
		"long names":   {Code: "a:made", Tenant: "acme", Targets: slicesOf(2, activitylog.Target{Type: "a", ID: "1", Name: long})},
		"many targets": {Code: "a:made", Tenant: "acme", Targets: slicesOf(1000, activitylog.Target{Type: "a", ID: "1"})},
		"long ids":     {Code: "a:made", Tenant: long, Targets: slicesOf(2, activitylog.Target{Type: "a", ID: long})},
		"long code":    {Code: activitylog.Code("a:" + strings.Repeat("m", 60_000))},
	} {
		ticket, _ := ticketOf(t, describer{event: e}, func(*activitylog.Draft) {})
		if len(ticket) > activitylog.MaxTicket || !json.Valid([]byte(ticket)) {
			t.Errorf("%s: %d bytes", name, len(ticket))
		}
		end, err := ticket.Event(activitylog.Event{Code: "b:made"})
		if err != nil || end.Code != "b:made" {
			t.Errorf("%s: %v, %v", name, end, err)
		}
	}
}

func slicesOf(n int, t activitylog.Target) []activitylog.Target {
	all := make([]activitylog.Target, n)
	for i := range all {
		all[i] = t
	}
	return all
}

func TestTicketErrors(t *testing.T) {
	for ticket, want := range map[string]string{
		"x":       "ticket: it is none that Defer has made: invalid character",
		`{}`:      "ticket: version 0, this program knows 1: update",
		`{"v":2}`: "ticket: version 2",
		`{"v":1}`: "ticket: its operation is no UUID",
		`{"v":1,"operation":"urn:uuid:01890000-0000-7000-8000-000000000000"}`:          "ticket: its operation is no UUID",
		`{"v":1,"operation":"01890000-0000-7000-8000-000000000000"}`:                   "ticket: it knows no code",
		`{"v":1,"operation":"01890000-0000-7000-8000-000000000000","code":"x"}`:        "ticket: ",
		strings.Repeat(" ", activitylog.MaxTicket) + `{"v":1,"operation":"x"}`:         "ticket: it is 4119 bytes long",
		`{"v":1,"operation":"01890000-0000-7000-8000-000000000000","code":["a:made"]}`: "ticket: it is none that Defer has made: json",
	} {
		rec := new(activitylogtest.Recorder)
		err := activitylog.Complete(t.Context(), rec.Logger("test"), activitylog.Ticket(ticket), activitylog.Event{})
		if err == nil || !strings.HasPrefix(err.Error(), want) || len(rec.Events()) != 0 {
			t.Errorf("%.60s: %v, want %q", ticket, err, want)
		}
	}
}

// FuzzTicket checks that no text makes a panic or an event that is out of
// bounds, and that what is taken is taken alike each time.
func FuzzTicket(f *testing.F) {
	for _, seed := range []string{
		`{"v":1,"operation":"01890000-0000-7000-8000-000000000000","code":"a:made"}`,
		`{"v":1,"operation":"01890000-0000-7000-8000-000000000000","code":"a:made","tenant":"\u0000","actor":{"id":"x","type":"user"},"targets":[{"type":"a"},{}],"source":{"session_id":"s"},"http":{"method":"POST","status":-1}}`,
		`{"v":1`, ``, `null`, `[]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := activitylog.Ticket(text).Event(activitylog.Event{})
		if err != nil || text == "" {
			return
		}
		b, err := activitylog.Ticket(text).Event(activitylog.Event{})
		if err != nil || a.ID != b.ID {
			t.Errorf("taken twice: %v, %q and %q", err, a.ID, b.ID)
		}
		a.Record()
		if _, err := uuid.Parse(a.ID); err != nil || a.Outcome != activitylog.Success {
			t.Errorf("%+v", a)
		}
	})
}
