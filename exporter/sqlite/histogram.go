package sqlite

import (
	"context"
	"database/sql"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/posting"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// bad is the query for what counts as bad in a histogram.
var bad = query.Query{Terms: []query.Term{{Key: query.Outcome, Values: badOutcomes()}}}

func badOutcomes() []query.Value {
	var values []query.Value
	for _, o := range activitylog.Outcomes() {
		if store.Bad(o) {
			values = append(values, query.Value{Text: string(o)})
		}
	}
	return values
}

// Histogram counts events over time as [store.Store] says. What is bad is
// counted apart, for the blocks find it; of all events that happened within a
// time, most lie in chunks that know how many they are.
func (s *Store) Histogram(ctx context.Context, q store.HistogramQuery) ([]store.Bar, error) {
	bars, err := q.Bars()
	if err != nil || len(bars) == 0 {
		return bars, err
	}
	err = s.reading(ctx, func(tx *sql.Tx) error {
		all := tally{s.newList(ctx, tx, q.Filter, 0), q, func(bar, n int64) { bars[bar].Events += int(n) }}
		if err := all.run(); err != nil {
			return err
		}
		filter := query.And(q.Filter, bad)
		return tally{s.newList(ctx, tx, filter, 0), q, func(bar, n int64) { bars[bar].Bad += int(n) }}.run()
	})
	return bars, err
}

// A tally calls add with the number of events in a bar, also more than once.
type tally struct {
	*list
	q   store.HistogramQuery
	add func(bar, n int64)
}

func (t tally) run() error {
	if len(t.filter.Terms) == 0 {
		return t.byChunk()
	}
	sets, err := t.termSets()
	if err != nil {
		return err
	}
	return t.each(sets, func(int64) bool { return false }, t.count)
}

// byChunk counts the events of chunks that lie within one bar without a look
// at them.
func (t tally) byChunk() error {
	chunks, end, err := t.chunks()
	if err != nil {
		return err
	}
	w := t.where()
	w.and("pos >= ?", end)
	if err := t.count(byPos, w); err != nil {
		return err
	}
	since, until := t.q.Filter.Since.UnixNano(), t.q.Filter.Until.UnixNano()
	for _, c := range chunks {
		bar := (c.oldest - since) / int64(t.q.Width)
		if c.oldest >= since && c.newest < until && (c.newest-since)/int64(t.q.Width) == bar {
			t.add(bar, c.events)
			continue
		}
		w := t.where()
		w.and("pos >= ? AND pos < ?", c.number*posting.ChunkSize, (c.number+1)*posting.ChunkSize)
		if err := t.count(byPos, w); err != nil {
			return err
		}
	}
	return nil
}

func (t tally) count(from string, w where) error {
	args := append([]any{t.q.Filter.Since.UnixNano(), int64(t.q.Width)}, w.args...)
	rows, err := t.tx.QueryContext(t.ctx, tallySQL(from, w), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var bar, n int64
		if err := rows.Scan(&bar, &n); err != nil {
			return err
		}
		t.add(bar, n)
	}
	return rows.Err()
}

func tallySQL(from string, w where) string {
	return "SELECT (time - ?) / ? AS bar, count(*)" + from + w.String() + " GROUP BY bar"
}
