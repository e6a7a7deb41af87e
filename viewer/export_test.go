package viewer

import "time"

// WithClock sets what the pages take for now.
func WithClock(now func() time.Time) Option {
	return optionFunc(func(c config) config {
		c.now = now
		return c
	})
}
