package sqlite

import (
	"strconv"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
	"github.com/activitylog-go/activitylog/query"
)

// behalf is the key of the one on whose behalf somebody acts. The query
// language has no such key; an erasure looks for it.
const behalf query.Key = "behalf"

// textTerm is the term of a field that is kept as text.
func textTerm(key query.Key, text string) posting.Term { return posting.Text(string(key), text) }

// refTerm is the term of a field that is kept as the ref of a name.
func refTerm(key query.Key, ref int64) posting.Term {
	return textTerm(key, strconv.FormatInt(ref, 10))
}

// statusTerm is the term of a status.
func statusTerm(status int) posting.Term { return posting.Number(string(query.Status), status) }

// terms returns the terms of r, some of them twice.
func (r *row) terms() []posting.Term {
	e := &r.event
	terms := []posting.Term{
		refTerm(query.Event, r.code),
		textTerm(query.Actor, e.Actor.ID),
		refTerm(query.ActorType, r.actorType),
		refTerm(query.Tenant, r.tenant),
		refTerm(query.Outcome, r.outcome),
		statusTerm(e.HTTP.Status),
		refTerm(query.Method, r.method),
		textTerm(query.Address, e.Source.ClientAddress),
		textTerm(query.Session, e.Source.SessionID),
		textTerm(query.Request, e.Source.RequestID),
		textTerm(query.Trace, e.TraceID),
		refTerm(query.Service, r.service),
	}
	for _, t := range e.Targets {
		terms = append(terms, textTerm(query.Target, t.ID), textTerm(query.TargetType, t.Type))
	}
	for _, c := range e.Changes {
		terms = append(terms, textTerm(query.Changed, c.Path))
	}
	if id := e.Actor.OnBehalfOf.ID; id != "" {
		terms = append(terms, textTerm(behalf, id))
	}
	return terms
}
