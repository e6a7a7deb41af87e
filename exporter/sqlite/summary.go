package sqlite

import (
	"context"
	"database/sql"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// Count counts events as [store.Store] says.
func (s *Store) Count(ctx context.Context, filter query.Query, limit int) (n int, err error) {
	err = s.reading(ctx, func(tx *sql.Tx) error {
		l := s.newList(ctx, tx, filter, 0)
		sets, err := l.termSets()
		if err != nil {
			return err
		}
		enough := func(int64) bool { return n >= limit }
		return l.each(sets, enough, func(from string, w where) error {
			var more int
			row := tx.QueryRowContext(ctx, countSQL(from, w), append(w.args, max(0, limit-n))...)
			err := row.Scan(&more)
			n += more
			return err
		})
	})
	return n, err
}

func countSQL(from string, w where) string {
	return "SELECT count(*) FROM (SELECT 1" + from + w.String() + " LIMIT ?)"
}

// Facet counts the values of a field as [store.Store] says.
func (s *Store) Facet(ctx context.Context, q store.FacetQuery) (store.Facet, error) {
	if err := q.Check(); err != nil {
		return store.Facet{}, err
	}
	var f store.Facet
	err := s.reading(ctx, func(tx *sql.Tx) error {
		found, err := s.newList(ctx, tx, q.Filter, store.FacetScope+1).firstPlaces()
		if err != nil {
			return err
		}
		f.Events, f.Capped = min(len(found), store.FacetScope), len(found) > store.FacetScope
		f.Values, err = facetValues(ctx, tx, q, found[:f.Events])
		return err
	})
	if err != nil {
		return store.Facet{}, err
	}
	return f, nil
}

func facetValues(ctx context.Context, tx *sql.Tx, q store.FacetQuery, found []place) ([]store.FacetValue, error) {
	rows, err := tx.QueryContext(ctx, facetSQL(q.Key), jsonText(positions(found)), q.Size())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []store.FacetValue
	for rows.Next() {
		var v store.FacetValue
		if err := rows.Scan(&v.Value, &v.Events); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

func facetSQL(key query.Key) string {
	var values string
	switch {
	case key == query.Status:
		values = "SELECT nullif(status, 0) AS text" + byPos
	case refColumns[key].column != "":
		values = "SELECT (SELECT text FROM names WHERE ref = " + refColumns[key].column + ") AS text" + byPos
	case listFields[key].column != "": // an event counts once for a value that it has twice
		values = "SELECT DISTINCT pos, " + listFields[key].field + " AS text" + byPos + ", json_each(" + listFields[key].column + ")"
	default:
		values = "SELECT " + textColumns[key] + " AS text" + byPos
	}
	return "SELECT text, count(*) AS n FROM (" + values + " WHERE " + posIn + ") WHERE text <> '' GROUP BY text ORDER BY n DESC, text LIMIT ?"
}
