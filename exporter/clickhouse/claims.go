package clickhouse

import (
	"context"
	"sync"
)

// claims are the ids that this process is adding. Between looking for an id and
// adding it there is no lock in ClickHouse: two Appends of this process that
// share an id come one after the other, all others at once.
type claims struct {
	mu       sync.Mutex
	ids      map[string]struct{}
	released chan struct{} // closed when some are given back
}

// claim waits until nobody else has one of the ids.
func (c *claims) claim(ctx context.Context, rows []row) (release func(), err error) {
	for {
		wait := c.tryClaim(rows)
		if wait == nil {
			return func() { c.release(rows) }, nil
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (c *claims) tryClaim(rows []row) (wait <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ids == nil {
		c.ids, c.released = map[string]struct{}{}, make(chan struct{})
	}
	for i := range rows {
		if _, taken := c.ids[rows[i].id]; taken {
			return c.released
		}
	}
	for i := range rows {
		c.ids[rows[i].id] = struct{}{}
	}
	return nil
}

func (c *claims) release(rows []row) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range rows {
		delete(c.ids, rows[i].id)
	}
	close(c.released)
	c.released = make(chan struct{})
}
