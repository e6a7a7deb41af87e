package store

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
)

// Bounds of what a store adds up.
const (
	FacetScope   = 10_000 // the number of events whose values a facet counts
	DefaultFacet = 20     // the number of values of a facet
	MaxFacet     = 200
	MaxBars      = 1000 // the number of parts of a histogram
)

// ErrQuery is wrapped by errors about a question that no store can answer, or
// a request that no store can fulfil.
var ErrQuery = errors.New("not a request that can be met")

// A FacetQuery asks which values a field has.
type FacetQuery struct {
	Filter query.Query
	Key    query.Key
	Limit  int // of values, at most MaxFacet; 0 means DefaultFacet
}

// Size returns the number of values that a full facet has.
func (q FacetQuery) Size() int {
	if q.Limit <= 0 {
		return DefaultFacet
	}
	return min(q.Limit, MaxFacet)
}

// Check returns an error that wraps [ErrQuery] if no field has q.Key.
func (q FacetQuery) Check() error {
	known := func(k query.KeyInfo) bool { return k.Name == string(q.Key) && k.Kind != query.KindTime }
	if !slices.ContainsFunc(query.Keys(), known) {
		return fmt.Errorf("%w: no field %q has values to count", ErrQuery, q.Key)
	}
	return nil
}

// A Facet is the values of a field, as [query.Key.Texts] returns them. An event
// with several targets or changes counts once for each value that it has; the
// empty value is left out.
type Facet struct {
	Values []FacetValue
	Events int  // that were looked at
	Capped bool // there are more events than that
}

// A FacetValue is one value of a field and the number of events that have it.
type FacetValue struct {
	Value  string
	Events int
}

// A HistogramQuery asks how many events there are over time.
type HistogramQuery struct {
	// Filter must have Since and Until.
	Filter query.Query

	// Width is the length of a part, at least a millisecond. The first part
	// begins with Since; the last one ends with Until and may be shorter.
	Width time.Duration
}

// A Bar is a part of a histogram.
type Bar struct {
	Start  time.Time // in UTC
	Events int
	Bad    int // those of the events that were denied or failed
}

// Bars returns the parts of q without events. The error wraps [ErrQuery] if q
// is unbounded, leaves the years of [Check], spans more than a
// [time.Duration] holds (292 years) or has more than MaxBars parts.
func (q HistogramQuery) Bars() ([]Bar, error) {
	since, until := q.Filter.Since, q.Filter.Until
	switch {
	case since.IsZero() || until.IsZero():
		return nil, fmt.Errorf("%w: a histogram needs a beginning and an end", ErrQuery)
	case !inRange(since) || !inRange(until):
		return nil, fmt.Errorf("%w: a histogram lies between the years 1678 and 2261", ErrQuery)
	case until.Sub(since) == math.MaxInt64:
		return nil, fmt.Errorf("%w: a histogram spans at most 292 years", ErrQuery)
	case q.Width < time.Millisecond:
		return nil, fmt.Errorf("%w: a histogram's parts must be at least a millisecond wide", ErrQuery)
	}
	var bars []Bar
	for at := since; at.Before(until); at = at.Add(q.Width) {
		if len(bars) == MaxBars {
			return nil, fmt.Errorf("%w: a histogram has at most %d parts", ErrQuery, MaxBars)
		}
		bars = append(bars, Bar{Start: at.UTC()})
	}
	return bars, nil
}

// Bad reports whether an outcome counts in [Bar] as bad.
func Bad(o activitylog.Outcome) bool {
	return o == activitylog.Denied || o == activitylog.Failure
}
