package middleware

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/middleware/internal/engine"
)

// An Option configures [New], here and in packages ginactivity, echoactivity and
// grpcactivity.
//
// The functions that options take are called after the handler with the request
// as the router saw it; those of [WithRoute] and, with [WithAccess],
// [WithSession] and [WithTenant] at other times too, and those that tell of the
// event once more for each [activitylog.Draft.Defer]. They may be called by
// several goroutines at once; one that panics is reported to otel.Handle and
// answers nothing. An Option that is nil sets nothing.
type Option func(*engine.Config)

// WithLoggerProvider sets where events go. The default is
// [go.opentelemetry.io/otel.GetLoggerProvider].
func WithLoggerProvider(p log.LoggerProvider) Option {
	return func(c *engine.Config) { c.LoggerProvider = p }
}

// WithMeterProvider sets where the middleware's own metrics go. The default is
// [go.opentelemetry.io/otel.GetMeterProvider].
func WithMeterProvider(p metric.MeterProvider) Option {
	return func(c *engine.Config) { c.MeterProvider = p }
}

// WithActor sets the function that says who made a request, where the
// application did not say so with [activitylog.Draft.SetActor]. The default
// leaves the actor anonymous: no header is believed. [ActorFromClaims],
// [BasicAuthActor], [CertificateActor], [ActorFromBaggage] and [Always] are such
// functions, or make one; [First] and [Impersonation] put several together.
func WithActor(f func(*http.Request) activitylog.Actor) Option {
	return func(c *engine.Config) { c.Actor = f }
}

// WithFloodLimit sets how many events of a kind are emitted in a window of
// time; of the others of that kind one event tells when the window ends. The
// default is 100 in a minute; 0 events switch the limit off.
//
// It concerns requests that changed nothing and that anybody can send in any
// number: those that are denied (401, 403, 429, or where the application says
// so) and those for what is not there (404, 405, 410). Events of other requests
// are always emitted. Events are of a kind if they have the code, the outcome,
// the status and the actor in common; where there is no actor or the status is
// 401, the client's address, or its network of 64 bits with IPv6.
//
// The event that stands for the others has what they have in common, and the
// attributes coalesced.count, coalesced.first and coalesced.last; there is one
// for each tenant. A window tells 1,024 kinds apart, and as many of those
// without an actor, however many addresses they have. Of the others an event
// with the code request:coalesced tells, which belongs to no tenant.
//
// The limit is on by default because the log is part of what an attacker may
// attack: whoever can send requests without being let in could otherwise fill
// the store and bury what he does in what he is refused. Who he is, what he
// tries, since when and how often is kept, and the first events of each kind
// with all that they tell: more than a person makes, so that only programs meet
// the limit. Switch it off where every refused request must be an event of its
// own and something in front of the server limits them.
//
// What is counted is lost if the process is killed before the window ends;
// call [Flush] where the program ends.
func WithFloodLimit(events int, window time.Duration) Option {
	if events <= 0 {
		events = -1
	}
	return func(c *engine.Config) { c.FloodLimit, c.FloodWindow = events, window }
}

// WithAccess makes an event of the first request of a session to a tenant that
// was let in, also if it only reads: who accessed the organisation. Its code is
// code or, if that is empty, "accessed" with what the routes call the tenant:
// org:accessed. A session that goes on for longer than window is an access
// again; the default is 24 hours.
//
// The request must have a tenant, from the mapping, [WithTenant] or the
// application, and an actor. Its session is that of [WithSession]; without one,
// the actor's requests in the window are a session. 10,000 sessions are
// remembered, in this process alone: one that is forgotten, or that another
// process serves too, is told of again. A stream is an access when it has ended,
// and with gRPC, where it has no status of its own, if it was answered.
//
// A request that only reads passes through the recorder for it, which costs it
// as much as an event does, unless WithSession and the route or WithTenant tell
// before the handler that it is no news; they are called then too.
func WithAccess(code activitylog.Code, window time.Duration) Option {
	return func(c *engine.Config) { c.AccessEvents, c.AccessCode, c.AccessWindow = true, code, window }
}

// WithAsync takes the cost of delivery off the requests: when one has ended,
// its event is put down, and a goroutine encodes it and hands it to the logger
// within a few milliseconds. For what that saves see docs/performance.md.
//
// It has a price. Up to 1,024 events of a middleware that wait are lost, and not
// counted, if the process is killed or exits without [Flush]; what the
// LoggerProvider holds would be lost then too, but its Shutdown does not know of
// those that wait. Processors find of a request's context only the trace and the
// baggage.
//
// Events keep the order in which they were put down. If 1,024 wait, because a
// processor is slow, requests deliver their events themselves, ahead of those,
// until there is room: nothing is dropped, no request waits for another, and
// activitylog.events.inline counts them.
func WithAsync() Option {
	return func(c *engine.Config) { c.Async = true }
}

// Flush delivers at once, for all middlewares of the program, the events that
// stand for others, see [WithFloodLimit], and those that wait, see [WithAsync].
// Call it when the server has shut down and before the LoggerProvider does. It
// returns when they are delivered, or with an error when ctx is done before,
// because a processor stands still: delivery then goes on meanwhile.
func Flush(ctx context.Context) error { return engine.Flush(ctx) }

// WithReplayHeader names the header by which a response says that it is one
// that was given before, to a request with the same Idempotency-Key:
// "Idempotent-Replayed: true". Such a request is no event but counted, as with
// [activitylog.Draft.MarkReplay]. By default no header says so: whoever answers
// for the handler, such as a server behind a reverse proxy, would have a say in
// what is logged.
func WithReplayHeader(name string) Option {
	return func(c *engine.Config) { c.ReplayHeader = name }
}

// WithTenant sets the function that says whose log a request belongs to,
// where the application did not. It overrules the mapping.
func WithTenant(f func(*http.Request) string) Option {
	return func(c *engine.Config) { c.Tenant = f }
}

// WithRequestID sets the function that returns the id of a request:
// [FromHeader] makes one, [TraceID] is one.
func WithRequestID(f func(*http.Request) string) Option {
	return func(c *engine.Config) { c.RequestID = f }
}

// WithSession sets the function that returns the id of a request's session.
// It must not be the secret that proves the session: the event keeps it.
func WithSession(f func(*http.Request) string) Option {
	return func(c *engine.Config) { c.Session = f }
}

// WithTrustedProxies names the addresses of the proxies in front of the
// server. If the peer is one of them, the client's address is the right-most
// one in X-Forwarded-For that is not. The default trusts none: the client's
// address is the peer's, and the header is ignored.
func WithTrustedProxies(prefixes ...netip.Prefix) Option {
	prefixes = slices.Clone(prefixes)
	return func(c *engine.Config) { c.TrustedProxies = prefixes }
}

// WithServeMux names the mux that routes the requests, so that their route is
// found whatever middleware stands in between. gin does without.
func WithServeMux(mux *http.ServeMux) Option {
	return func(c *engine.Config) { c.ServeMux = mux }
}

// WithRoute sets the function that returns the template of a request's route
// from where a router of another kind keeps it, or "" if it is not known. It
// is called before the handler and, if the route is not known by then or ends
// where another router may go on, again after it, and when the first byte of a
// body passes that a rule may ask for. gin does without.
func WithRoute(f func(*http.Request) string) Option {
	return func(c *engine.Config) { c.Route = f }
}

// WithClock sets the clock that events are timed by, for tests and
// demonstrations. The default is [time.Now].
func WithClock(now func() time.Time) Option {
	return func(c *engine.Config) { c.Clock = now }
}
