package mapping

import (
	"hash/maphash"
	"maps"
	"sync"
	"sync/atomic"
)

const (
	// maxCached bounds how many decisions a mapping keeps besides those on the
	// routes that it names; of these it is how many more may be kept than there
	// are, should a router spell one in several ways.
	maxCached = 10_000

	cacheShards = 64
)

type cacheKey struct{ method, route string }

// A decision is what becomes of the requests of one method and route.
type decision struct {
	rule    *Rule // nil: no event
	ignored bool  // no event on purpose
	named   bool  // the mapping names the route
}

// A cache keeps decisions. Reading takes no lock and allocates nothing;
// writing copies a map, which happens once per route of a router. There are
// several maps, so that filling the cache does not copy all of it each time.
// A sync.Map, which would be simpler, takes twice as long to find one of
// 10,000 routes. The zero cache has
// no room.
type cache struct {
	shards [cacheShards]cacheShard
	named  room
	others room
}

// room is for so many decisions.
type room struct {
	kept  atomic.Int64
	limit int64
}

// take reports whether there was room for one more.
func (r *room) take() bool {
	if r.kept.Add(1) > r.limit {
		r.kept.Add(-1)
		return false
	}
	return true
}

type cacheShard struct {
	decisions atomic.Pointer[map[cacheKey]*decision]
	write     sync.Mutex
}

var cacheSeed = maphash.MakeSeed()

func (c *cache) shard(key cacheKey) *cacheShard {
	return &c.shards[maphash.String(cacheSeed, key.route)%cacheShards]
}

// get returns the decision on key, or nil.
func (c *cache) get(key cacheKey) *decision { return c.shard(key).get(key) }

// put keeps d if there is room, and returns the decision to use: the one that
// another goroutine may have put there meanwhile, so that there is one rule
// per key.
func (c *cache) put(key cacheKey, d *decision) *decision {
	s := c.shard(key)
	s.write.Lock()
	defer s.write.Unlock()
	if have := s.get(key); have != nil {
		return have
	}
	room := &c.others
	if d.named {
		room = &c.named
	}
	if !room.take() {
		return d
	}
	kept := make(map[cacheKey]*decision)
	if old := s.decisions.Load(); old != nil {
		kept = maps.Clone(*old)
	}
	kept[key] = d
	s.decisions.Store(&kept)
	return d
}

func (s *cacheShard) get(key cacheKey) *decision {
	if kept := s.decisions.Load(); kept != nil {
		return (*kept)[key]
	}
	return nil
}
