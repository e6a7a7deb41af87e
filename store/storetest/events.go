package storetest

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
)

// base is the time of the oldest of the generated events.
var base = time.Date(2026, 1, 31, 23, 59, 59, 999_999_000, time.UTC)

// A generator makes events and queries, the same ones for the same seed.
type generator struct {
	*rand.Rand
	made uint64
}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 0))}
}

// id returns a new id that does not tell the order in which it was made.
func (g *generator) id() string {
	g.made++
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], g.Uint64())
	binary.BigEndian.PutUint64(id[8:], g.made)
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id.String()
}

func pick[T any](g *generator, from []T) T { return from[g.IntN(len(from))] }

// The values of the fields: few, so that queries find something, and nasty.
var (
	ids = []string{
		"", "usr_ann", "usr%ann", "usrXann", "usr*ann", "usr[a]nn", `usr\ann`, "Usr_ann", "usr?ann",
		"a", "aa", "ab", "usr_änn", "👩‍💻", "זו־רונית", `"quoted", (1)`, "O'Hara", "%", "_", "-x", "x y",
	}
	codes = []activitylog.Code{
		"org.member:invited", "org.member:updated", "org.member_key:created", "org:created",
		"payout:processed_manually", "not a code", "",
	}
	types     = []string{"member", "payout", "api_key", "", "m%"}
	tenants   = []string{"acme", "acme_2", "other", ""}
	addresses = []string{"203.0.113.7", "203.0.113.70", "2001:db8::1", ""}
	methods   = []string{"POST", "PATCH", "DELETE", ""}
	statuses  = []int{0, 200, 201, 400, 403, 404, 499, 500, 503}
	services  = []string{"api", "worker", ""}
	paths     = []string{"/role", "/roles", "/address/0/city", "/a~1b", "", "/%", "/_", "/x*", `/"q"`, "/ü"}
)

// event returns an event with random values in every field that can be asked
// for. Many have the same time.
func (g *generator) event() activitylog.Event {
	e := activitylog.Event{
		ID:      g.id(),
		Time:    base.Add(time.Duration(g.IntN(50)) * 100 * time.Nanosecond),
		Code:    pick(g, codes),
		Outcome: pick(g, activitylog.Outcomes()),
		Tenant:  pick(g, tenants),
		Actor: activitylog.Actor{
			ID:   pick(g, ids),
			Type: pick(g, []activitylog.ActorType{activitylog.User, activitylog.Service, "robot", ""}),
			Name: pick(g, shortTexts), Email: pick(g, shortTexts),
		},
		Source: activitylog.Source{
			ClientAddress: pick(g, addresses),
			SessionID:     pick(g, ids),
			RequestID:     pick(g, ids),
		},
		HTTP:    activitylog.HTTP{Method: pick(g, methods), Status: pick(g, statuses)},
		TraceID: pick(g, []string{"", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"}),
		Service: pick(g, services),
	}
	if g.IntN(4) == 0 {
		e.Actor.OnBehalfOf = activitylog.Party{ID: pick(g, ids), Name: pick(g, shortTexts)}
	}
	for range g.IntN(4) {
		e.Targets = append(e.Targets, activitylog.Target{Type: pick(g, types), ID: pick(g, ids), Name: pick(g, shortTexts)})
	}
	for range g.IntN(3) {
		e.Changes = append(e.Changes, activitylog.NewChange(pick(g, paths), pick(g, shortTexts), g.IntN(9)))
	}
	return e
}

func (g *generator) events(n int) []activitylog.Event {
	events := make([]activitylog.Event, n)
	for i := range events {
		events[i] = g.event()
	}
	return events
}

// numbered returns n events a second apart, the oldest first, that are alike
// but for their actors: usr_0, usr_1 and so on.
func (g *generator) numbered(n int) []activitylog.Event {
	events := make([]activitylog.Event, n)
	for i := range events {
		events[i] = activitylog.Event{
			ID:    g.id(),
			Time:  base.Add(time.Duration(i) * time.Second),
			Code:  "org.member:invited",
			Actor: activitylog.Actor{ID: fmt.Sprintf("usr_%d", i), Type: activitylog.User},
		}
	}
	return events
}
