package api

import "time"

// WithClock sets what the parameters of time take for now.
func WithClock(now func() time.Time) Option {
	return optionFunc(func(c config) config {
		c.now = now
		return c
	})
}

// The bodies of answers.
type (
	Count      = count
	Facet      = facet
	FacetValue = facetValue
)
