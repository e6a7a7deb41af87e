// Package api serves the events of a store over HTTP, for programs.
//
//	GET /v1/events?q=actor:usr_ann -outcome:success&limit=20
//	GET /v1/events?actor=usr_ann&event=org.member:*&after=2026-01-01
//	GET /v1/events/{id}
//	GET /v1/events:count?q=actor:usr_ann
//	GET /v1/facets?key=event&q=actor:usr_ann
//	GET /v1/openapi.json
//
// A list is {"events": […], "next": "…"}, newest first; the cursor next, given
// back as the parameter cursor, asks for the page after, and is empty on the
// last one. Events are in the JSON form of [activitylog.Event]. A query is one
// text in the language of package query, or one parameter a key, or both.
//
// A count is {"events": 1284, "capped": false}; it looks at 10,000 events at
// most and is capped if there are more. A facet is the most frequent values of
// a key in the newest 10,000 events that the query selects:
// {"values": [{"value": "org:created", "events": 7}, …], "events": 12, "capped": false}.
//
// What cannot be understood is an error and never an empty list: an error is
// {"error": "…"} with, where they are known, the parameter, the bytes of it
// that are wrong ("at": [from, to]) and what may have been meant
// ("did_you_mean").
//
// The package knows nobody: an application that mounts [New] authenticates
// its users in front of it and says with [WithScope] what each may see.
package api
