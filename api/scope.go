package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// A Scope is what a reader may see. The zero Scope is nothing.
type Scope struct {
	All     bool     // the events of every tenant, also those without a tenant
	Tenants []string // else the events of these tenants
}

// Everything is the scope of who may see all events.
var Everything = Scope{All: true}

// ErrScope is wrapped by the errors of [NewReader].
var ErrScope = errors.New("not allowed to read this log")

// timeout ends a read whose store does not answer.
const timeout = 10 * time.Second

// A Reader reads what a scope allows of a store. Whatever is served of a
// store over HTTP is read through it: the scope is part of no query and no
// query gets around it.
type Reader struct {
	store store.Store
	scope Scope
}

// NewReader returns a reader of s for the sender of r, whose scope is what
// scope returns. Its error is an [ErrScope].
func NewReader(s store.Store, r *http.Request, scope func(*http.Request) (Scope, error)) (Reader, error) {
	sc, err := scope(r)
	if err != nil {
		return Reader{}, fmt.Errorf("%w: %w", ErrScope, err)
	}
	return Reader{store: s, scope: sc}, nil
}

// List returns the page of the events that q asks for, as [store.Store] does.
// It waits ten seconds at most.
func (r Reader) List(ctx context.Context, q store.Query) (store.Page, error) {
	filter, ok := r.scope.narrow(q.Filter)
	if !ok {
		return store.Page{}, nil
	}
	q.Filter = filter
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return r.store.List(ctx, q)
}

// Count returns how many events filter selects, as [store.Store] does. It waits
// ten seconds at most.
func (r Reader) Count(ctx context.Context, filter query.Query, limit int) (int, error) {
	filter, ok := r.scope.narrow(filter)
	if !ok {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return r.store.Count(ctx, filter, limit)
}

// Facet returns the values of a field, as [store.Store] does. It waits ten
// seconds at most.
func (r Reader) Facet(ctx context.Context, q store.FacetQuery) (store.Facet, error) {
	filter, ok := r.scope.narrow(q.Filter)
	if !ok {
		return store.Facet{}, nil
	}
	q.Filter = filter
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return r.store.Facet(ctx, q)
}

// Get returns the event with the given ID. An event outside of the scope is
// not told from one that does not exist: the error is [store.ErrNotFound].
func (r Reader) Get(ctx context.Context, id string) (activitylog.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	e, err := r.store.Get(ctx, id)
	if err != nil {
		return activitylog.Event{}, err
	}
	if !r.scope.All && !slices.Contains(r.scope.Tenants, e.Tenant) {
		return activitylog.Event{}, store.ErrNotFound
	}
	return e, nil
}

// narrow returns filter with the scope's tenants as a further condition, and
// false if no event can meet it.
func (s Scope) narrow(filter query.Query) (query.Query, bool) {
	if s.All {
		return filter, true
	}
	if len(s.Tenants) == 0 {
		return query.Query{}, false
	}
	allowed := query.Term{Key: query.Tenant}
	for _, tenant := range s.Tenants {
		allowed.Values = append(allowed.Values, query.Value{Text: tenant})
	}
	return query.And(filter, query.Query{Terms: []query.Term{allowed}}), true
}
