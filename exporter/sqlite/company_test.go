package sqlite_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
)

// A company makes the events of a payments company: few codes, a thousand
// tenants of which few are large, many actors, ever new targets.
type company struct {
	*rand.Rand
	at      time.Time
	tenants *rand.Zipf
	actors  *rand.Zipf
}

func newCompany() *company {
	r := rand.New(rand.NewPCG(1, 1))
	return &company{
		Rand:    r,
		at:      time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		tenants: rand.NewZipf(r, 1.05, 1, 999),
		actors:  rand.NewZipf(r, 1.05, 4, 99_999),
	}
}

func (c *company) event() activitylog.Event {
	c.at = c.at.Add(time.Duration(c.Int64N(int64(2 * time.Millisecond))))
	var id uuid.UUID
	ms := c.at.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	for i := 6; i < 16; i++ {
		id[i] = byte(c.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	tenant, actor, code := c.tenants.Uint64(), c.actors.Uint64(), c.IntN(35)
	member := fmt.Sprintf("mem_%08x", c.Uint32())
	outcome, status := activitylog.Success, 200
	if c.IntN(50) == 0 {
		outcome, status = activitylog.Denied, 403
	}
	return activitylog.Event{
		ID: id.String(), Time: c.at, Observed: c.at.Add(time.Microsecond),
		Code:    activitylog.Code(fmt.Sprintf("org.resource_%d:updated", code)),
		Summary: "Ann Lee changed role of Bob Ito from viewer to admin",
		Outcome: outcome,
		Tenant:  fmt.Sprintf("org_%d", tenant),
		Actor:   activitylog.Actor{ID: fmt.Sprintf("usr_%d", actor), Type: activitylog.User, Name: "Ann Lee", Email: "ann.lee@example.com"},
		Targets: []activitylog.Target{{Type: "member", ID: member, Name: "Bob Ito"}},
		Changes: []activitylog.Change{activitylog.NewChange("/role", "viewer", "admin")},
		Source: activitylog.Source{
			ClientAddress: fmt.Sprintf("10.%d.%d.%d", c.IntN(16), c.IntN(256), c.IntN(256)),
			PeerAddress:   "10.0.0.1",
			UserAgent:     fmt.Sprintf("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/%d Safari/537.36", c.IntN(300)),
			SessionID:     fmt.Sprintf("ses_%x", actor*4+c.Uint64N(4)),
			RequestID:     fmt.Sprintf("req_%016x", c.Uint64()),
		},
		HTTP:       activitylog.HTTP{Method: "PATCH", Route: fmt.Sprintf("/orgs/{org}/resource_%d/{id}", code), Path: "/orgs/acme/resource/" + member, Status: status},
		TraceID:    fmt.Sprintf("%016x%016x", c.Uint64(), c.Uint64()),
		SpanID:     fmt.Sprintf("%016x", c.Uint64()),
		Service:    "payments-api",
		Attributes: activitylog.Attributes{},
		Stream:     "payments-api-1", Seq: c.Uint64() >> 1,
		Salt: fmt.Sprintf("%016x", c.Uint64()),
	}
}

func (c *company) events(n int) []activitylog.Event {
	events := make([]activitylog.Event, n)
	for i := range events {
		events[i] = c.event()
	}
	return events
}
