package activitylog

import (
	"encoding/json"
	"time"

	"go.opentelemetry.io/otel/log"
)

// An Event is one thing that somebody did, or tried to do. Its JSON form, with
// the words of this package as field names, is that of the API, the command
// line and exports.
type Event struct {
	// ID is a UUID, version 7, made once where the event happened. It is the
	// key by which every store recognises a delivery that it already has.
	ID string `json:"id"`

	// Time is when the action ended, by the clock of the application.
	Time time.Time `json:"time"`

	// Observed is when the OpenTelemetry SDK saw the event. It is set by the
	// SDK and read back by the decoder; [Emit] does not look at it.
	Observed time.Time `json:"observed,omitzero"`

	Code Code `json:"code"`

	// EventName replaces Code as the EventName of the log record, for tools
	// that refuse colons. The code is then only in the attribute [KeyEventName].
	EventName string `json:"-"`

	// Summary is the event as an English sentence, for people; it is never parsed.
	Summary string `json:"summary"`

	Outcome   Outcome `json:"outcome"`
	Reason    string  `json:"reason,omitempty"`     // why it failed or was denied, or a person's comment
	ErrorType string  `json:"error_type,omitempty"` // class of a failure: "500", "panic"

	// Severity is the least severity of the log record, for an event that
	// weighs more than its outcome says; 0 leaves it to the outcome. Stores do
	// not keep it.
	Severity log.Severity `json:"-"`

	Tenant  string   `json:"tenant"` // the organisation whose log this event belongs to
	Actor   Actor    `json:"actor"`
	Targets []Target `json:"targets"` // the first is the primary one
	Changes []Change `json:"changes"`

	Source Source `json:"source"`
	HTTP   HTTP   `json:"http,omitzero"`

	TraceID string `json:"trace_id,omitempty"` // 32 hex digits
	SpanID  string `json:"span_id,omitempty"`  // 16 hex digits
	Service string `json:"service,omitempty"`  // service.name of the sending process

	// Attributes is what the application adds, under names of its own.
	Attributes Attributes `json:"attributes,omitempty"`

	// Truncated says that a string was cut or dropped to keep the event
	// within [MaxString] and [MaxEvent].
	Truncated bool `json:"truncated,omitempty"`

	// Ingested is when the store took the event, by its own clock; Erased, when
	// its personal part was removed. Both are the store's to set.
	Ingested time.Time `json:"ingested,omitzero"`
	Erased   time.Time `json:"erased,omitzero"`

	// Stream and Seq are the producer's spool and its gapless counter, Salt
	// the key of the commitment to the personal part. They are empty unless
	// the producer keeps a spool.
	Stream string `json:"stream,omitempty"`
	Seq    uint64 `json:"seq,omitempty"`
	Salt   string `json:"-"`
}

// MarshalJSON encodes e. Targets and changes are arrays even when there are none,
// and an event that is [Event.Skewed] says so.
func (e Event) MarshalJSON() ([]byte, error) {
	type plain Event // without this method
	if e.Targets == nil {
		e.Targets = []Target{}
	}
	if e.Changes == nil {
		e.Changes = []Change{}
	}
	return json.Marshal(struct {
		plain
		Skewed bool `json:"skewed,omitempty"`
	}{plain(e), e.Skewed()})
}

// MaxSkew is how far the time of an event may be from that of its arrival before
// one of the two clocks is suspected to be wrong.
const MaxSkew = 24 * time.Hour

// Skewed reports whether the store took e more than [MaxSkew] after its time, or
// before it: the sender's clock was wrong, or e waited that long to be sent.
func (e *Event) Skewed() bool {
	return !e.Ingested.IsZero() && e.Ingested.Sub(e.Time).Abs() > MaxSkew
}

// Target returns the primary target, or the zero Target.
func (e *Event) Target() Target {
	if len(e.Targets) == 0 {
		return Target{}
	}
	return e.Targets[0]
}

// An Outcome says how an action ended.
type Outcome string

// The outcomes.
const (
	Success Outcome = "success" // it was done
	Denied  Outcome = "denied"  // the actor was not allowed to: 401, 403, 429, or the application's word
	Failure Outcome = "failure" // it was tried and failed: other 4xx, 5xx, a panic
	Unknown Outcome = "unknown" // it was begun and its end was never seen
)

// Outcomes lists every outcome.
func Outcomes() []Outcome { return []Outcome{Success, Denied, Failure, Unknown} }

// OutcomeOf returns the outcome that an HTTP response status stands for. It is
// unknown for 207: such a response has a status for each part of the request.
func OutcomeOf(status int) Outcome {
	switch {
	case status == 401 || status == 403 || status == 429:
		return Denied
	case status >= 400:
		return Failure
	case status == 207:
		return Unknown
	default:
		return Success
	}
}

// An ActorType says what kind of being an actor is.
type ActorType string

// The types of actors.
const (
	User      ActorType = "user"      // a person
	Service   ActorType = "service"   // a program with credentials of its own
	System    ActorType = "system"    // the application itself
	Anonymous ActorType = "anonymous" // nobody that the application knows
)

// An Actor is who did it.
type Actor struct {
	ID    string    `json:"id"`
	Type  ActorType `json:"type"` // [User] if empty and there is an ID, else [Anonymous]
	Name  string    `json:"name,omitempty"`
	Email string    `json:"email,omitempty"`

	// OnBehalfOf is whom the actor acted as, if not as itself.
	OnBehalfOf Party `json:"on_behalf_of,omitzero"`
}

// A Party is somebody on whose behalf an actor acts.
type Party struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// A Target is what an action was done to.
type Target struct {
	Type string `json:"type"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// A Source is from where an action came.
type Source struct {
	ClientAddress string `json:"client_address,omitempty"` // behind trusted proxies, else the peer
	PeerAddress   string `json:"peer_address,omitempty"`   // the other end of the connection
	UserAgent     string `json:"user_agent,omitempty"`     // at most MaxUserAgent bytes
	SessionID     string `json:"session_id,omitempty"`
	RequestID     string `json:"request_id,omitempty"`
}

// HTTP is the request by which an action was asked for.
type HTTP struct {
	Method string `json:"method"`
	Route  string `json:"route,omitempty"` // the template: /orgs/{org}
	Path   string `json:"path,omitempty"`  // what the client sent: /orgs/acme
	Status int    `json:"status,omitempty"`
}
