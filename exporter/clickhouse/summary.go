package clickhouse

import (
	"cmp"
	"context"
	"slices"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// Facet returns the values of a field as [store.Store] says. The server finds
// the events and sends what they have under the key; they are added up here.
func (s *Store) Facet(ctx context.Context, q store.FacetQuery) (store.Facet, error) {
	if err := q.Check(); err != nil {
		return store.Facet{}, err
	}
	rows, err := s.newest(ctx, facetColumns(q.Key), q.Filter, nil, store.FacetScope+1)
	if err != nil {
		return store.Facet{}, s.wrap(ctx, err)
	}
	f := store.Facet{Capped: len(rows) > store.FacetScope}
	rows = rows[:min(len(rows), store.FacetScope)]
	f.Events = len(rows)
	counts := map[string]int{}
	for i := range rows {
		e, err := rows[i].decode()
		if err != nil {
			return store.Facet{}, s.wrap(ctx, err)
		}
		for _, text := range q.Key.Texts(&e) {
			counts[text]++
		}
	}
	delete(counts, "")
	for value, n := range counts {
		f.Values = append(f.Values, store.FacetValue{Value: value, Events: n})
	}
	slices.SortFunc(f.Values, func(a, b store.FacetValue) int {
		return cmp.Or(cmp.Compare(b.Events, a.Events), cmp.Compare(a.Value, b.Value))
	})
	f.Values = f.Values[:min(len(f.Values), q.Size())]
	return f, nil
}

// facetColumns are the place of an event and what it has under key.
func facetColumns(key query.Key) []column {
	return columnsNamed("id", "time", cmp.Or(textColumns[key], listColumns[key], string(query.Status)))
}

// Histogram returns how many events there are over time as [store.Store] says.
func (s *Store) Histogram(ctx context.Context, q store.HistogramQuery) ([]store.Bar, error) {
	bars, err := q.Bars()
	if err != nil {
		return nil, err
	}
	w := filter(q.Filter)
	args := append([]any{q.Filter.Since.UnixNano(), int64(q.Width)}, w.args...)
	rows, err := s.conn.Query(ctx, `SELECT intDiv(time - ?, ?) AS bar, uniqExact(id), uniqExactIf(id, outcome IN ('denied', 'failure'))
		FROM events`+w.String()+" GROUP BY bar", args...)
	if err != nil {
		return nil, s.wrap(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var bar int64
		var events, bad uint64
		if err := rows.Scan(&bar, &events, &bad); err != nil {
			return nil, s.wrap(ctx, err)
		}
		bars[bar].Events, bars[bar].Bad = int(events), int(bad)
	}
	return bars, s.wrap(ctx, rows.Err())
}
