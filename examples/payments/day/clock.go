package day

import (
	"sync"
	"time"
)

// A Clock shows the time of the story while [Play] plays it and the real time
// before and after. The zero Clock is ready for use, by several goroutines.
type Clock struct {
	mu  sync.Mutex
	set time.Time
}

// Now returns the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.set.IsZero() {
		return time.Now()
	}
	return c.set
}

// Set stops the clock at a time. The zero time lets it run again.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set = t
}
