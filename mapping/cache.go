package mapping

import (
	"maps"
	"sync"
	"sync/atomic"
)

// maxCached bounds how many decisions a mapping keeps.
const maxCached = 10_000

type cacheKey struct{ method, route string }

// A cache keeps decisions. Reading takes no lock and allocates nothing;
// writing copies the whole map, which happens once per route of a router.
// The zero cache is empty.
type cache struct {
	rules atomic.Pointer[map[cacheKey]*Rule]
	write sync.Mutex
}

func (c *cache) get(key cacheKey) (r *Rule, ok bool) {
	rules := c.rules.Load()
	if rules == nil {
		return nil, false
	}
	r, ok = (*rules)[key]
	return r, ok
}

// put keeps r unless the cache is full, and returns the rule to use: the one
// that another goroutine may have put there meanwhile, so that there is one
// rule per key.
func (c *cache) put(key cacheKey, r *Rule) *Rule {
	c.write.Lock()
	defer c.write.Unlock()
	if have, ok := c.get(key); ok {
		return have
	}
	old := c.rules.Load()
	if old == nil {
		old = &map[cacheKey]*Rule{}
	}
	if len(*old) >= maxCached {
		return r
	}
	rules := maps.Clone(*old)
	rules[key] = r
	c.rules.Store(&rules)
	return r
}
