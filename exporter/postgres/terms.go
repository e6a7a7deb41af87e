package postgres

import (
	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/posting"
	"github.com/activitylog-go/activitylog/query"
)

// behalf is a key that the query language does not have: an erasure asks for
// those on whose behalf somebody acted.
const behalf query.Key = "behalf"

func term(key query.Key, text string) posting.Term { return posting.Text(string(key), text) }

func statusTerm(status int) posting.Term { return posting.Number(string(query.Status), status) }

// termsOf calls yield with the terms of e, with some of them twice.
func termsOf(e *activitylog.Event, yield func(posting.Term)) {
	yield(term(query.Event, string(e.Code)))
	yield(term(query.Actor, e.Actor.ID))
	yield(term(query.ActorType, string(e.Actor.Type)))
	yield(term(behalf, e.Actor.OnBehalfOf.ID))
	yield(term(query.Tenant, e.Tenant))
	yield(term(query.Outcome, string(e.Outcome)))
	yield(statusTerm(e.HTTP.Status))
	yield(term(query.Method, e.HTTP.Method))
	yield(term(query.Address, e.Source.ClientAddress))
	yield(term(query.Session, e.Source.SessionID))
	yield(term(query.Request, e.Source.RequestID))
	yield(term(query.Trace, e.TraceID))
	yield(term(query.Service, e.Service))
	for _, t := range e.Targets {
		yield(term(query.Target, t.ID))
		yield(term(query.TargetType, t.Type))
	}
	for _, c := range e.Changes {
		yield(term(query.Changed, c.Path))
	}
}

// isErasable says of which keys an erasure removes the text. The blocks go on
// having the old one, so that they cannot tell who has none.
var isErasable = map[query.Key]bool{query.Address: true, query.Session: true}
