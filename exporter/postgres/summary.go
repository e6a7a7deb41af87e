package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// countStep is how many events are counted at once.
const countStep = 10_000

// Count counts events as [store.Store] says.
func (s *Store) Count(ctx context.Context, filter query.Query, limit int) (int, error) {
	n := 0
	err := s.reading(ctx, func(tx pgx.Tx) error {
		l := list{filter: filter}.in(ctx, tx)
		for n < limit {
			step := min(limit-n, countStep)
			found, err := l.find(step)
			n += len(found)
			if err != nil || len(found) < step {
				return err
			}
			l.after = found[step-1].position()
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// Facet counts the values of a field as [store.Store] says.
func (s *Store) Facet(ctx context.Context, q store.FacetQuery) (store.Facet, error) {
	var f store.Facet
	if err := q.Check(); err != nil {
		return f, err
	}
	err := s.reading(ctx, func(tx pgx.Tx) error {
		found, err := list{filter: q.Filter}.in(ctx, tx).find(store.FacetScope + 1)
		if err != nil || len(found) == 0 {
			return err
		}
		f.Capped = len(found) > store.FacetScope
		found = found[:min(len(found), store.FacetScope)]
		f.Events = len(found)
		f.Values, err = facet(ctx, tx, q, found)
		return err
	})
	return f, err
}

func facet(ctx context.Context, tx pgx.Tx, q store.FacetQuery, found []place) ([]store.FacetValue, error) {
	rows, err := tx.Query(ctx, "SELECT value, count(*) FROM ("+facetSQL(q.Key)+" WHERE id = ANY ($1::uuid[])) v"+
		" WHERE value <> '' GROUP BY value ORDER BY count(*) DESC, value LIMIT $2", ids(found), q.Size())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[store.FacetValue])
}

// facetSQL returns a SELECT of the values of a field, those of one event each once.
func facetSQL(key query.Key) string {
	if list, ok := listColumns[key]; ok {
		return "SELECT DISTINCT id, (item ->> '" + list.field + `') COLLATE "C" AS value
			FROM activitylog.events, json_array_elements(` + list.column + "::json) item"
	}
	if key == query.Status {
		return `SELECT coalesce(nullif(status, 0)::text, '') COLLATE "C" AS value FROM activitylog.events`
	}
	return "SELECT " + textColumns[key] + " AS value FROM activitylog.events"
}

// Histogram counts events over time as [store.Store] says.
func (s *Store) Histogram(ctx context.Context, q store.HistogramQuery) ([]store.Bar, error) {
	bars, err := q.Bars()
	if err != nil || len(bars) == 0 {
		return bars, err
	}
	err = s.reading(ctx, func(tx pgx.Tx) error {
		h := histogram{list{filter: q.Filter}.in(ctx, tx), bars, q.Width}
		return h.fill()
	})
	return bars, err
}

type histogram struct {
	*list
	bars  []store.Bar
	width time.Duration
}

// fill counts along the index of time, unless the blocks know better because
// few events are wanted.
func (h *histogram) fill() error {
	sets, err := h.termSets()
	if err != nil {
		return err
	}
	isRare, err := h.isRare()
	if err != nil {
		return err
	}
	if len(sets) == 0 || !isRare {
		return h.add(h.where("time"))
	}
	return h.candidates(sets, h.add, func(int64) bool { return false })
}

// add adds the events that w holds for.
func (h *histogram) add(w where) error {
	args := append(w.args, h.filter.Since.UnixNano(), int64(h.width))
	bar := fmt.Sprintf("(time - $%d::bigint) / $%d::bigint", len(args)-1, len(args))
	rows, err := h.tx.Query(h.ctx, "SELECT "+bar+", count(*), count(*) FILTER (WHERE outcome IN ('denied', 'failure')) FROM activitylog.events"+
		w.String()+" GROUP BY 1", args...)
	if err != nil {
		return err
	}
	var i, events, bad int
	_, err = pgx.ForEachRow(rows, []any{&i, &events, &bad}, func() error {
		h.bars[i].Events += events
		h.bars[i].Bad += bad
		return nil
	})
	return err
}
