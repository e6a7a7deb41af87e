package backend

import (
	"sync"

	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/memory"
)

// shared holds the stores in memory that have a name, so that an exporter and
// a viewer in one process see the same events.
var shared = registry{stores: map[string]*entry{}}

type registry struct {
	mu     sync.Mutex
	stores map[string]*entry
}

type entry struct {
	store *memory.Store
	users int
}

// A handle is one opener's share of a store; the last one that is closed
// takes the events with it.
type handle struct {
	*memory.Store
	close func()
}

var _ interface {
	store.Store
	store.Quarantiner
	store.Custodian
} = (*handle)(nil)

func (r *registry) open(name string) store.Store {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.stores[name]
	if e == nil {
		e = &entry{store: memory.New()}
		r.stores[name] = e
	}
	e.users++
	return &handle{Store: e.store, close: sync.OnceFunc(func() { r.release(name) })}
}

func (r *registry) release(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stores[name].users--; r.stores[name].users == 0 {
		delete(r.stores, name)
	}
}

// Close gives up this opener's share.
func (h *handle) Close() error {
	h.close()
	return nil
}
