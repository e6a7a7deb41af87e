// Package company makes up events for the tests and benchmarks of stores: the
// activity of a payments company, as skewed as real activity is.
//
// There are few codes, a thousand tenants of which few are large, a hundred
// thousand actors of which few are busy, and ever new targets. An event has
// about 1.2 KB as a row, and one in fifty was denied.
package company

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
)

// A Company makes events. Two that were made alike make the same events. It
// is not safe for concurrent use: give each goroutine one of its own, with
// another seed.
type Company struct {
	// Now is the time of the last event, or where the first one starts from.
	Now time.Time

	*rand.Rand
	pace    time.Duration
	tenants *rand.Zipf
	actors  *rand.Zipf
}

// New returns a company whose events follow start, each less than pace, and
// half of that in the mean, after the one before it.
func New(seed uint64, start time.Time, pace time.Duration) *Company {
	r := rand.New(rand.NewPCG(1, seed))
	return &Company{
		Now:     start,
		Rand:    r,
		pace:    pace,
		tenants: rand.NewZipf(r, 1.05, 1, 999),
		actors:  rand.NewZipf(r, 1.05, 4, 99_999),
	}
}

// Events returns the next n events.
func (c *Company) Events(n int) []activitylog.Event {
	events := make([]activitylog.Event, n)
	for i := range events {
		events[i] = c.Event()
	}
	return events
}

// Event returns the next event.
func (c *Company) Event() activitylog.Event {
	c.Now = c.Now.Add(time.Duration(c.Int64N(int64(c.pace))))
	tenant, actor, code := c.tenants.Uint64(), c.actors.Uint64(), c.IntN(35)
	member := fmt.Sprintf("mem_%08x", c.Uint32())
	outcome, status := activitylog.Success, 200
	if c.IntN(50) == 0 {
		outcome, status = activitylog.Denied, 403
	}
	return activitylog.Event{
		ID: c.IDAt(c.Now), Time: c.Now, Observed: c.Now.Add(time.Microsecond),
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
		HTTP:    activitylog.HTTP{Method: "PATCH", Route: fmt.Sprintf("/orgs/{org}/resource_%d/{id}", code), Path: "/orgs/acme/resource/" + member, Status: status},
		TraceID: fmt.Sprintf("%016x%016x", c.Uint64(), c.Uint64()),
		SpanID:  fmt.Sprintf("%016x", c.Uint64()),
		Service: "payments-api",
		Stream:  "payments-api-1", Seq: c.Uint64() >> 1,
		Salt: fmt.Sprintf("%016x", c.Uint64()),
	}
}

// IDAt returns a new id of an event, a UUIDv7 that was made at t.
func (c *Company) IDAt(t time.Time) string {
	var id uuid.UUID
	ms := t.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	for i := 6; i < 16; i++ {
		id[i] = byte(c.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id.String()
}
