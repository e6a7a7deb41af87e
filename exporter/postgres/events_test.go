package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// A company makes the events of a payments company: few codes, a thousand
// tenants of which few are large, many actors, ever new targets.
type company struct {
	*rand.Rand
	at      time.Time
	tenants *rand.Zipf
	actors  *rand.Zipf
}

// newCompany returns one whose events begin at a time.
func newCompany(at time.Time) *company {
	r := rand.New(rand.NewPCG(1, uint64(at.UnixNano())))
	return &company{Rand: r, at: at, tenants: rand.NewZipf(r, 1.05, 1, 999), actors: rand.NewZipf(r, 1.05, 4, 99_999)}
}

// idAt returns a new id that says that it was made at a time.
func (c *company) idAt(at time.Time) string {
	var id uuid.UUID
	ms := at.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	for i := 6; i < 16; i++ {
		id[i] = byte(c.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id.String()
}

func (c *company) event() activitylog.Event {
	c.at = c.at.Add(time.Duration(c.Int64N(int64(2 * time.Millisecond))))
	tenant, actor, code := c.tenants.Uint64(), c.actors.Uint64(), c.IntN(35)
	member := fmt.Sprintf("mem_%08x", c.Uint32())
	outcome, status := activitylog.Success, 200
	if c.IntN(50) == 0 {
		outcome, status = activitylog.Denied, 403
	}
	return activitylog.Event{
		ID: c.idAt(c.at), Time: c.at, Observed: c.at.Add(time.Microsecond),
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

func (c *company) events(n int) []activitylog.Event {
	events := make([]activitylog.Event, n)
	for i := range events {
		events[i] = c.event()
	}
	return events
}

func mustAppend(t testing.TB, s store.Store, events []activitylog.Event) {
	t.Helper()
	if r, err := s.Append(t.Context(), events); err != nil || r.Added != len(events) {
		t.Fatalf("Append = %+v, %v, want %d added", r, err, len(events))
	}
}

func parse(t testing.TB, text string) query.Query {
	t.Helper()
	q, err := query.Parse(text, query.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func mustCount(t testing.TB, s store.Store, text string) int {
	t.Helper()
	n, err := s.Count(t.Context(), parse(t, text), 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// checkStored checks that each of events is stored, and nothing twice.
func checkStored(t *testing.T, s store.Store, events []activitylog.Event) {
	t.Helper()
	stored := map[string]activitylog.Event{}
	q := store.Query{Limit: store.MaxLimit}
	for {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			if _, twice := stored[e.ID]; twice {
				t.Fatalf("event %s is stored twice", e.ID)
			}
			stored[e.ID] = e
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	for _, e := range events {
		if got, ok := stored[e.ID]; !ok || !store.Same(got, e) {
			t.Fatalf("event %s was acknowledged and is %+v, %v", e.ID, got, ok)
		}
	}
}

func connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	return conn
}

// scanOne runs a statement that returns one value.
func scanOne[T any](t testing.TB, dsn, sql string, args ...any) (v T) {
	t.Helper()
	if err := connect(t, dsn).QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func mustOpenReader(t testing.TB, dsn string) *postgres.Store {
	t.Helper()
	s, err := postgres.OpenReader(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
