package sqlite

import (
	"fmt"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog/query"
)

// A where is a WHERE clause and its parameters. No text of a query becomes
// part of the statement.
type where struct {
	conditions []string
	args       []any
}

// How SQLite comes to the rows: left alone, it may take the longer way.
const (
	byTime = " FROM events INDEXED BY events_time"
	byPos  = " FROM events NOT INDEXED"
)

func (w *where) and(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.args = append(w.args, args...)
}

func (w *where) andNot(condition string, args []any) { w.and("NOT "+condition, args...) }

func (w *where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// The moments that 64 bits of nanoseconds can hold, to the year.
var (
	minTime = time.Date(1678, 1, 1, 0, 0, 0, 0, time.UTC)
	maxTime = time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC)
)

// times bounds the time. No event is outside of minTime and maxTime, so a
// bound that lies there says the same as the next one within.
func (w *where) times(q query.Query) {
	if q.Since.After(minTime) {
		w.and("time >= ?", nanoseconds(q.Since))
	}
	if !q.Until.IsZero() && q.Until.Before(maxTime) {
		w.and("time < ?", nanoseconds(q.Until))
	}
}

func fromNanoseconds(n int64) time.Time { return time.Unix(0, n).UTC() }

func nanoseconds(t time.Time) int64 {
	if t.Before(minTime) {
		t = minTime
	}
	if t.After(maxTime) {
		t = maxTime
	}
	return t.UnixNano()
}

// How the texts of a field are stored.
var (
	refColumns = map[query.Key]struct {
		column string
		kind   int
	}{
		query.Event:     {"code", kindCode},
		query.Tenant:    {"tenant", kindTenant},
		query.ActorType: {"actor_type", kindActorType},
		query.Outcome:   {"outcome", kindOutcome},
		query.Method:    {"method", kindMethod},
		query.Service:   {"service", kindService},
	}
	textColumns = map[query.Key]string{
		query.Actor:   "actor",
		query.Address: "coalesce(client_address, '')", // NULL when erased
		query.Session: "coalesce(session, '')",
		query.Request: "request",
		query.Trace:   "trace",
	}
	listFields = map[query.Key]struct{ column, field string }{
		query.Target:     {"targets", "coalesce(value ->> 'id', '')"},
		query.TargetType: {"targets", "value ->> 'type'"},
		query.Changed:    {"changes", "value ->> 'path'"},
	}
)

// term adds the condition of t.
func (w *where) term(t query.Term) {
	condition, args := termSQL(t)
	w.signed(condition, t.Negate, args)
}

// filter adds the conditions of q.
func (w *where) filter(q query.Query) {
	w.times(q)
	for _, t := range q.Terms {
		w.term(t)
	}
}

// text adds the condition of t on a column of text.
func (w *where) text(column string, t query.Term) {
	condition, args := textSQL(column, t.Values)
	w.signed(condition, t.Negate, args)
}

func (w *where) signed(condition string, negate bool, args []any) {
	condition = "(" + condition + ")"
	if negate {
		condition = "NOT " + condition
	}
	w.and(condition, args...)
}

func termSQL(t query.Term) (string, []any) {
	if c, ok := refColumns[t.Key]; ok {
		condition, args := textSQL("text", t.Values)
		return c.column + " IN (SELECT ref FROM names WHERE kind = ? AND (" + condition + "))", append([]any{c.kind}, args...)
	}
	if column, ok := textColumns[t.Key]; ok {
		return textSQL(column, t.Values)
	}
	if list, ok := listFields[t.Key]; ok {
		condition, args := textSQL(list.field, t.Values)
		return "EXISTS (SELECT 1 FROM json_each(" + list.column + ") WHERE " + condition + ")", args
	}
	if t.Key == query.Status {
		return statusSQL(t.Values)
	}
	return "0", nil // no event has such a field
}

// textSQL compares a text with values: exactly those, or a pattern.
func textSQL(column string, values []query.Value) (string, []any) {
	var exact, globs, all []any
	for _, v := range values {
		if v.Glob {
			globs = append(globs, globPattern(v.Text))
		} else {
			exact = append(exact, v.Text)
		}
	}
	var either []string
	if len(exact) > 0 {
		either = append(either, fmt.Sprintf("%s IN (?%s)", column, strings.Repeat(", ?", len(exact)-1)))
	}
	for range globs {
		either = append(either, column+" GLOB ?")
	}
	if len(either) == 0 {
		return "0", nil
	}
	return strings.Join(either, " OR "), append(append(all, exact...), globs...)
}

// globPattern writes a glob in SQLite's language, in which ? and [ have a
// meaning too.
var globPattern = strings.NewReplacer("?", "[?]", "[", "[[]").Replace

func statusSQL(values []query.Value) (string, []any) {
	var either []string
	var args []any
	for _, v := range values {
		either = append(either, "status BETWEEN ? AND ?")
		args = append(args, v.Low, v.High)
	}
	if len(either) == 0 {
		return "0", nil
	}
	return strings.Join(either, " OR "), args
}
