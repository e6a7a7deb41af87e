package mapping

import (
	"hash/maphash"
	"maps"
	"sync"
	"sync/atomic"
)

// maxCached bounds how many decisions a mapping keeps.
const (
	maxCached   = 10_000
	cacheShards = 64
)

type cacheKey struct{ method, route string }

// A cache keeps decisions. Reading takes no lock and allocates nothing;
// writing copies a map, which happens once per route of a router. There are
// several maps, so that filling the cache does not copy all of it each time.
// The zero cache is empty.
type cache struct {
	shards [cacheShards]cacheShard
}

type cacheShard struct {
	rules atomic.Pointer[map[cacheKey]*Rule]
	write sync.Mutex
}

var cacheSeed = maphash.MakeSeed()

func (c *cache) shard(key cacheKey) *cacheShard {
	return &c.shards[maphash.String(cacheSeed, key.route)%cacheShards]
}

func (c *cache) get(key cacheKey) (r *Rule, ok bool) { return c.shard(key).get(key) }

// put keeps r if there is room, and returns the rule to use: the one that
// another goroutine may have put there meanwhile, so that there is one rule
// per key.
func (c *cache) put(key cacheKey, r *Rule) *Rule { return c.shard(key).put(key, r) }

func (s *cacheShard) get(key cacheKey) (r *Rule, ok bool) {
	rules := s.rules.Load()
	if rules == nil {
		return nil, false
	}
	r, ok = (*rules)[key]
	return r, ok
}

func (s *cacheShard) put(key cacheKey, r *Rule) *Rule {
	s.write.Lock()
	defer s.write.Unlock()
	if have, ok := s.get(key); ok {
		return have
	}
	rules := make(map[cacheKey]*Rule)
	if old := s.rules.Load(); old != nil {
		if len(*old) >= maxCached/cacheShards {
			return r
		}
		rules = maps.Clone(*old)
	}
	rules[key] = r
	s.rules.Store(&rules)
	return r
}
