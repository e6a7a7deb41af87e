package engine

import (
	"cmp"
	"context"
	"hash/maphash"
	"net/http"
	"sync"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/mapping"
)

// The bounds of what is remembered of accesses.
const (
	accessWindow = 24 * time.Hour
	maxAccesses  = 10_000
)

// Access returns the rule for the event that a request accessed the tenant of
// its route, or nil if the application does not ask for that, or the method
// accesses nothing.
func (e *Engine) Access(m *mapping.Mapping, method, route string) *mapping.Rule {
	if !e.WatchesAccess(method) {
		return nil
	}
	return m.Access(route, e.AccessCode)
}

// WatchesAccess reports whether requests with this method may be accesses.
func (e *Engine) WatchesAccess(method string) bool {
	return e.accesses != nil && mayAccess(method)
}

// Watcher returns a function that reports whether requests with a method may
// be events or accesses, for a middleware that stands in front of that for
// net/http with the same options.
func Watcher[Option ~func(*Config)](source mapping.Source, opts []Option) func(method string) bool {
	e := &Engine{source: source, Config: Configure(opts)}
	if source == nil {
		e.source = mapping.Default()
	}
	return func(method string) bool {
		return e.Mapping().Watches(method) || e.AccessEvents && mayAccess(method)
	}
}

// mayAccess reports whether requests with a method access anything: a browser
// sends OPTIONS by itself.
func mayAccess(method string) bool {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE":
		return true
	}
	return false
}

// Accessed reports whether it is known before the handler runs that the access
// by a request is no news; inPath is the tenant that its path names.
func (e *Engine) Accessed(r *http.Request, inPath string) bool {
	if e.Session == nil {
		return false
	}
	session := call("WithSession", e.Session, r)
	tenant := inPath
	if e.Tenant != nil {
		tenant = cmp.Or(call("WithTenant", e.Tenant, r), inPath)
	}
	return session != "" && tenant != "" && e.accesses.knows(e.accesses.key(true, session, "", tenant), e.Clock())
}

// noteAccess emits an event that the tenant was accessed if the request is the
// first of its session to do so. The event of the request, as far as it is
// known, is common.
func (e *Engine) noteAccess(ctx context.Context, common *activitylog.Event, x *mapping.Exchange, origin *Origin, end *End) {
	if end.Access == nil || common.Actor.ID == "" || !isAccess(common, end) {
		return
	}
	tenant := tenantOf(common, x, end)
	if tenant == "" {
		return
	}
	a := e.accesses
	key := a.key(false, common.Actor.ID, common.Actor.OnBehalfOf.ID, tenant)
	if session := common.Source.SessionID; session != "" {
		key = a.key(true, session, "", tenant)
	}
	if a.first(key, common.Time) {
		e.emitAccess(ctx, common, origin, end, tenant)
	}
}

// tenantOf returns the tenant of a request whose event is not complete.
func tenantOf(common *activitylog.Event, x *mapping.Exchange, end *End) string {
	tenant := common.Tenant
	if tenant == "" && end.Rule != nil {
		tenant = end.Rule.Tenant(x)
	}
	if tenant == "" {
		tenant = end.Access.Tenant(x)
	}
	return tenant
}

func (e *Engine) emitAccess(ctx context.Context, common *activitylog.Event, origin *Origin, end *End, tenant string) {
	event := *common
	event.Tenant, event.Targets, event.Changes, event.Attributes, event.Reason = tenant, nil, nil, nil, ""
	event.Outcome, event.ErrorType = activitylog.Success, ""
	end.Access.Complete(&event, &mapping.Exchange{Params: end.Exchange.Params})
	event.Targets[0].ID = tenant
	e.emit(ctx, &event, origin)
}

// isAccess reports whether a request was let in: a redirection, to the log-in
// page say, lets nobody in. One that failed after it was answered was let in.
func isAccess(event *activitylog.Event, end *End) bool {
	if end.Answered {
		return event.Outcome != activitylog.Denied
	}
	status := event.HTTP.Status
	tried := event.Outcome == activitylog.Denied || event.Outcome == activitylog.Failure
	return !tried && (status < 300 || status == http.StatusNotModified)
}

// accesses remember who has accessed what. They keep no name: a hash of it,
// with a seed that no client knows, takes the place of a session that may be
// long.
type accesses struct {
	window time.Duration
	seed   maphash.Seed

	mu    sync.RWMutex
	since map[uint64]int64 // when, in nanoseconds
	order []access         // the oldest is at next, once there are maxAccesses
	next  int
}

type access struct {
	key uint64
	at  int64
}

func newAccesses(window time.Duration) *accesses {
	return &accesses{window: window, seed: maphash.MakeSeed(), since: make(map[uint64]int64)}
}

// key returns the key of a session, or of an actor and whom it acts for, in a tenant.
func (a *accesses) key(session bool, who, onBehalfOf, tenant string) uint64 {
	var h maphash.Hash
	h.SetSeed(a.seed)
	if session {
		h.WriteByte('s')
	}
	for _, text := range [...]string{who, onBehalfOf, tenant} {
		h.WriteByte(0)
		h.WriteString(text)
	}
	return h.Sum64()
}

func (a *accesses) knows(key uint64, now time.Time) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.fresh(key, now.UnixNano())
}

// fresh reports whether there was an access within the window. a.mu is held.
func (a *accesses) fresh(key uint64, now int64) bool {
	at, ok := a.since[key]
	return ok && now-at < int64(a.window)
}

// first notes an access and reports whether it is the first of the window.
func (a *accesses) first(key uint64, now time.Time) bool {
	if a.knows(key, now) {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	at := now.UnixNano()
	if a.fresh(key, at) {
		return false // another request was faster
	}
	a.since[key] = at
	if len(a.order) < maxAccesses {
		a.order = append(a.order, access{key, at})
		return true
	}
	oldest := &a.order[a.next]
	if a.since[oldest.key] == oldest.at { // else it came again since
		delete(a.since, oldest.key)
	}
	*oldest = access{key, at}
	a.next = (a.next + 1) % maxAccesses
	return true
}
