package middleware

import (
	"net/http"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/trace"

	"github.com/activitylog-go/activitylog"
)

// maxID is the length in bytes of the longest id that is taken from a header.
const maxID = 128

// FromHeader returns a function for [WithRequestID] that answers with a header
// of the request: "X-Request-ID". Whoever sends the request chooses what it
// says, unless a proxy replaces it, so it may serve to find events and proves
// nothing; it must not be the session.
//
// What is longer than 128 bytes or has a character that is not visible ASCII
// counts as missing: an id that is cut or mended is not the one that somebody
// will look for.
func FromHeader(name string) func(*http.Request) string {
	name = http.CanonicalHeaderKey(name)
	return func(r *http.Request) string {
		if values := r.Header[name]; len(values) > 0 && isID(values[0]) {
			return values[0]
		}
		return ""
	}
}

func isID(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) <= maxID
}

// TraceID is a function for [WithRequestID] that answers with the id of the
// request's trace, in hexadecimal digits, where there is one: a middleware such
// as otelhttp's must have begun it.
func TraceID(r *http.Request) string {
	if span := trace.SpanContextFromContext(r.Context()); span.HasTraceID() {
		return span.TraceID().String()
	}
	return ""
}

// FromBaggage returns a function for [WithSession], [WithRequestID] or
// [WithTenant] that answers with a member of the request's OpenTelemetry
// baggage. Baggage is a header: if clients can send it, they choose what it
// says. Believe it only behind something that drops what comes from outside.
func FromBaggage(member string) func(*http.Request) string {
	return func(r *http.Request) string {
		if value := baggage.FromContext(r.Context()).Member(member).Value(); isID(value) {
			return value
		}
		return ""
	}
}

// ActorFromBaggage returns a function for [WithActor]: the actor is a user
// whose id is a member of the request's OpenTelemetry baggage. The same holds
// as for [FromBaggage]: between services that trust each other it carries the
// actor on, at the edge it lets everybody be anybody.
func ActorFromBaggage(member string) func(*http.Request) activitylog.Actor {
	id := FromBaggage(member)
	return func(r *http.Request) activitylog.Actor { return activitylog.Actor{ID: id(r)} }
}
