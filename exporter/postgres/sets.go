package postgres

import (
	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
	"github.com/activitylog-go/activitylog/query"
)

// maxTermSet is how many terms are looked for in place of one condition.
const maxTermSet = 128

// A termSet is a condition in the language of the blocks: an event has one of
// the terms.
type termSet = []posting.Term

// termSets returns the conditions of the filter that blocks can answer.
func (l *list) termSets() ([]termSet, error) {
	var sets []termSet
	for _, t := range l.filter.Terms {
		set, ok, err := l.termSet(t)
		if err != nil {
			return nil, err
		}
		if ok {
			sets = append(sets, set)
		}
	}
	return sets, nil
}

func (l *list) termSet(t query.Term) (set termSet, ok bool, err error) {
	for _, v := range t.Values {
		if v.Glob || t.Negate {
			return l.namedTerms(t)
		}
		switch {
		case t.Key == query.Status && v.Low >= 0 && v.High <= 999:
			for status := v.Low; status <= v.High; status++ {
				set = append(set, statusTerm(status))
			}
		case t.Key == query.Status || isErasable[t.Key] && v.Text == "":
			return nil, false, nil
		default:
			set = append(set, term(t.Key, v.Text))
		}
	}
	return set, !t.Negate && len(set) <= maxTermSet, nil
}

// namedTerms returns the terms of the names that t holds for: a pattern stands
// for those that fit, a negation for all others. A field that may have several
// of them, or none, cannot be negated so.
func (l *list) namedTerms(t query.Term) (set termSet, ok bool, err error) {
	if _, isList := listColumns[t.Key]; !isNamed[t.Key] || isList && t.Negate {
		return nil, false, nil
	}
	var w where
	w.and("key = ?", string(t.Key))
	condition, args := textSQL("value", t.Values)
	if t.Negate {
		condition = "NOT (" + condition + ")"
	}
	w.and("("+condition+")", args...)
	params, n := w.with(maxTermSet + 1)
	rows, err := l.tx.Query(l.ctx, "SELECT value FROM activitylog.names"+w.String()+" LIMIT "+n, params...)
	if err != nil {
		return nil, false, err
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, text := range texts {
		set = append(set, term(t.Key, text))
	}
	return set, len(set) <= maxTermSet, err
}
