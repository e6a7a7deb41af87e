package query

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// And returns the query that selects what both a and b select. It is how a
// scope is put around what somebody asks for: no text can undo it.
func And(a, b Query) Query {
	return Query{
		Terms: slices.Concat(a.Terms, b.Terms),
		Since: later(a.Since, b.Since),
		Until: earlier(a.Until, b.Until),
	}.normal()
}

// later returns the later one of two bounds, of which zero is none.
func later(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.After(a) {
		return b
	}
	return a
}

// earlier returns the earlier one of two bounds, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (q Query) isZero() bool {
	return len(q.Terms) == 0 && q.Since.IsZero() && q.Until.IsZero()
}

// normal returns the one form of all queries that say the same in another
// order: sorted, nothing twice, what is excluded per key in one term.
func (q Query) normal() Query {
	n := Query{Since: plainTime(q.Since), Until: plainTime(q.Until)}
	for _, t := range q.Terms {
		n.join(t)
	}
	for i := range n.Terms {
		values := n.Terms[i].Values
		slices.SortFunc(values, compareValues)
		n.Terms[i].Values = slices.Compact(values)
	}
	slices.SortFunc(n.Terms, compareTerms)
	n.Terms = slices.CompactFunc(n.Terms, func(a, b Term) bool { return compareTerms(a, b) == 0 })
	return n
}

// join adds t. Two lists of what must not hold are one list; two lists of
// which one value each must hold are not.
func (q *Query) join(t Term) {
	if t.Negate {
		for _, v := range t.Values {
			q.add(t.Key, true, v)
		}
		return
	}
	t.Values = slices.Clone(t.Values)
	q.Terms = append(q.Terms, t)
}

// plainTime returns t in UTC without the reading of the monotonic clock.
func plainTime(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}

func compareTerms(a, b Term) int {
	return cmp.Or(
		strings.Compare(string(a.Key), string(b.Key)),
		compareBools(a.Negate, b.Negate),
		slices.CompareFunc(a.Values, b.Values, compareValues))
}

func compareValues(a, b Value) int {
	return cmp.Or(
		cmp.Compare(a.Low, b.Low),
		cmp.Compare(a.High, b.High),
		strings.Compare(a.Text, b.Text),
		compareBools(a.Glob, b.Glob))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}
