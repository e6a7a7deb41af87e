package clickhouse

import (
	"strings"
	"time"

	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// A where is a WHERE clause and its parameters. No text of a query becomes
// part of the statement but as a quoted parameter.
type where struct {
	conditions []string
	args       []any
}

func (w *where) and(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.args = append(w.args, args...)
}

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

// filter returns the conditions of q.
func filter(q query.Query) where {
	var w where
	if q.Since.After(minTime) {
		w.and("time >= ?", nanoseconds(q.Since))
	}
	if !q.Until.IsZero() && q.Until.Before(maxTime) {
		w.and("time < ?", nanoseconds(q.Until))
	}
	for _, t := range q.Terms {
		condition, args := termSQL(t)
		if condition = "(" + condition + ")"; t.Negate {
			condition = "NOT " + condition
		}
		w.and(condition, args...)
	}
	return w
}

// after adds that events come behind p in the order of List.
func (w *where) after(p store.Position) {
	at := p.Time.UnixNano()
	w.and("time <= ? AND (time < ? OR id < unhex(?))", at, at, hexID(p.ID))
}

func nanoseconds(t time.Time) int64 {
	if t.Before(minTime) {
		t = minTime
	}
	if t.After(maxTime) {
		t = maxTime
	}
	return t.UnixNano()
}

// The columns that have what a key asks for.
var (
	textColumns = map[query.Key]string{
		query.Event:     "code",
		query.Actor:     "actor",
		query.ActorType: "actor_type",
		query.Tenant:    "tenant",
		query.Outcome:   "outcome",
		query.Method:    "method",
		query.Address:   "client_address",
		query.Session:   "session",
		query.Request:   "request",
		query.Trace:     "trace",
		query.Service:   "service",
	}
	listColumns = map[query.Key]string{
		query.Target:     "target_ids",
		query.TargetType: "target_types",
		query.Changed:    "change_paths",
	}
)

func termSQL(t query.Term) (string, []any) {
	if column, ok := textColumns[t.Key]; ok {
		return either(t.Values, func(v query.Value) (string, []any) {
			if v.Glob {
				return column + " LIKE ?", []any{likePattern(v.Text)}
			}
			return column + " = ?", []any{v.Text}
		})
	}
	if column, ok := listColumns[t.Key]; ok {
		return either(t.Values, func(v query.Value) (string, []any) {
			if v.Glob {
				return "arrayExists(x -> x LIKE ?, " + column + ")", []any{likePattern(v.Text)}
			}
			return "hasAny(" + column + ", [?])", []any{v.Text} // has never finds '' in a list of LowCardinality
		})
	}
	if t.Key == query.Status {
		return either(t.Values, func(v query.Value) (string, []any) { return "status BETWEEN ? AND ?", []any{v.Low, v.High} })
	}
	return "0", nil // no event has such a field
}

func either(values []query.Value, one func(query.Value) (string, []any)) (string, []any) {
	var conditions []string
	var args []any
	for _, v := range values {
		condition, more := one(v)
		conditions = append(conditions, condition)
		args = append(args, more...)
	}
	if len(conditions) == 0 {
		return "0", nil
	}
	return strings.Join(conditions, " OR "), args
}

// likePattern writes a glob as a pattern of LIKE.
var likePattern = strings.NewReplacer("*", "%", "%", `\%`, "_", `\_`, `\`, `\\`).Replace
