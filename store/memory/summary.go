package memory

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// errEnough ends a visit before its end.
var errEnough = errors.New("enough")

// visit calls do with each event that filter selects, newest first.
func (s *Store) visit(ctx context.Context, filter query.Query, do func(*activitylog.Event) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for i, e := range s.sorted {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !filter.Match(e) {
			continue
		}
		if err := do(e); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Count counts events as [store.Store] says.
func (s *Store) Count(ctx context.Context, filter query.Query, limit int) (int, error) {
	n := 0
	err := s.visit(ctx, filter, func(*activitylog.Event) error {
		if n >= limit {
			return errEnough
		}
		n++
		return nil
	})
	if err != nil && err != errEnough {
		return 0, err
	}
	return n, nil
}

// Facet counts the values of a field as [store.Store] says.
func (s *Store) Facet(ctx context.Context, q store.FacetQuery) (store.Facet, error) {
	if err := q.Check(); err != nil {
		return store.Facet{}, err
	}
	var f store.Facet
	counts := map[string]int{}
	err := s.visit(ctx, q.Filter, func(e *activitylog.Event) error {
		if f.Events == store.FacetScope {
			f.Capped = true
			return errEnough
		}
		f.Events++
		for _, text := range q.Key.Texts(e) {
			counts[text]++
		}
		return nil
	})
	if err != nil && err != errEnough {
		return store.Facet{}, err
	}
	delete(counts, "")
	for value, n := range counts {
		f.Values = append(f.Values, store.FacetValue{Value: value, Events: n})
	}
	slices.SortFunc(f.Values, func(a, b store.FacetValue) int {
		return cmp.Or(b.Events-a.Events, cmp.Compare(a.Value, b.Value))
	})
	f.Values = f.Values[:min(len(f.Values), q.Size())]
	return f, nil
}

// Histogram counts events over time as [store.Store] says.
func (s *Store) Histogram(ctx context.Context, q store.HistogramQuery) ([]store.Bar, error) {
	bars, err := q.Bars()
	if err != nil {
		return nil, err
	}
	err = s.visit(ctx, q.Filter, func(e *activitylog.Event) error {
		bar := &bars[e.Time.Sub(q.Filter.Since)/q.Width]
		bar.Events++
		if store.Bad(e.Outcome) {
			bar.Bad++
		}
		return nil
	})
	return bars, err
}
