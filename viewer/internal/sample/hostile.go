package sample

import (
	"fmt"
	"time"

	"github.com/activitylog-go/activitylog"
)

// polyglots are texts that do harm where they are not shown as text.
var polyglots = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`javascript:alert(1)//' onmouseover=alert(1) x='`,
	`</title></textarea></style></script><svg/onload=alert(1)>`,
	"{{.}}${alert(1)}`<!--]]>",
	"Ann \u202eeeL nnA\u2066 \x1b[31m\r\nSet-Cookie: a=b\u200b",
}

// Hostile returns one event for each polyglot, which stands in all its fields.
func Hostile(now time.Time) []activitylog.Event {
	var events []activitylog.Event
	for i, p := range polyglots {
		e := activitylog.Event{
			ID:      fmt.Sprintf("00000000-0000-7000-8000-%012x", i+1),
			Time:    now.Add(-time.Duration(i) * time.Minute),
			Code:    activitylog.Code(p),
			Summary: p, Outcome: activitylog.Outcome(p), Reason: p, ErrorType: p, Tenant: p,
			Actor:   activitylog.Actor{ID: p, Type: activitylog.ActorType(p), Name: p, Email: p, OnBehalfOf: activitylog.Party{ID: p, Name: p}},
			Targets: []activitylog.Target{{Type: p, ID: p, Name: p}, {Type: p, ID: p, Name: p}},
			Changes: []activitylog.Change{activitylog.NewChange(p, p, p), {Path: p, Redacted: true}},
			Source:  activitylog.Source{ClientAddress: p, PeerAddress: p, UserAgent: p, SessionID: p, RequestID: p},
			HTTP:    activitylog.HTTP{Method: p, Route: p, Path: p, Status: 500},
			TraceID: p, SpanID: p, Service: p, Stream: p,
		}
		e.Attributes.Set(p, p)
		e.Clean()
		events = append(events, e)
	}
	return events
}
