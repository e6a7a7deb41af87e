package postgres

import (
	"strconv"
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

// and adds a condition, in which each ? stands for the next of args.
func (w *where) and(condition string, args ...any) {
	for range args {
		condition = strings.Replace(condition, "?", w.param(), 1)
		w.args = append(w.args, args[0])
		args = args[1:]
	}
	w.conditions = append(w.conditions, condition)
}

func (w *where) param() string { return "$" + strconv.Itoa(len(w.args)+1) }

// with returns the parameters with one more behind them, and its name.
func (w *where) with(arg any) ([]any, string) {
	return append(w.args[:len(w.args):len(w.args)], arg), w.param()
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

// times bounds the time. No event is outside of minTime and maxTime, so a
// bound that lies there says the same as the next one within.
func (w *where) times(column string, q query.Query) {
	if q.Since.After(minTime) {
		w.and(column+" >= ?", nanoseconds(q.Since))
	}
	if !q.Until.IsZero() && q.Until.Before(maxTime) {
		w.and(column+" < ?", nanoseconds(q.Until))
	}
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

// What holds the texts of a field. What an erasure has removed is empty.
var (
	textColumns = map[query.Key]string{
		query.Event:     "code",
		query.Tenant:    "tenant",
		query.Actor:     "actor",
		query.ActorType: "actor_type",
		query.Outcome:   "outcome",
		query.Method:    "method",
		query.Service:   "service",
		query.Address:   "coalesce(client_address, '')",
		query.Session:   "coalesce(session, '')",
		query.Request:   "request",
		query.Trace:     "trace",
		behalf:          "behalf",
	}
	listColumns = map[query.Key]struct{ column, field string }{
		query.Target:     {"targets", "id"},
		query.TargetType: {"targets", "type"},
		query.Changed:    {"changes", "path"},
	}
)

// term adds the condition of t.
func (w *where) term(t query.Term) {
	condition, args := termSQL(t)
	condition = "(" + condition + ")"
	if t.Negate {
		condition = "NOT " + condition
	}
	w.and(condition, args...)
}

func termSQL(t query.Term) (string, []any) {
	if column, ok := textColumns[t.Key]; ok {
		return textSQL(column, t.Values)
	}
	if list, ok := listColumns[t.Key]; ok {
		condition, args := textSQL(`(item ->> '`+list.field+`') COLLATE "C"`, t.Values)
		return "EXISTS (SELECT FROM json_array_elements(" + list.column + "::json) item WHERE " + condition + ")", args
	}
	if t.Key == query.Status {
		return statusSQL(t.Values)
	}
	return "false", nil // no event has such a field
}

// textSQL compares a text with values: exactly those, or a pattern.
func textSQL(column string, values []query.Value) (string, []any) {
	var exact, patterns []string
	for _, v := range values {
		if v.Glob {
			patterns = append(patterns, likePattern(v.Text))
		} else {
			exact = append(exact, v.Text)
		}
	}
	var either []string
	var args []any
	if len(exact) > 0 {
		either, args = append(either, column+" = ANY (?::text[])"), append(args, exact)
	}
	if len(patterns) > 0 {
		either, args = append(either, column+" LIKE ANY (?::text[])"), append(args, patterns)
	}
	if len(either) == 0 {
		return "false", nil
	}
	return strings.Join(either, " OR "), args
}

// likePattern writes a glob in the language of LIKE.
var likePattern = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, `*`, `%`).Replace

func statusSQL(values []query.Value) (string, []any) {
	var either []string
	var args []any
	for _, v := range values {
		either = append(either, "status BETWEEN ?::bigint AND ?::bigint")
		args = append(args, v.Low, v.High)
	}
	if len(either) == 0 {
		return "false", nil
	}
	return strings.Join(either, " OR "), args
}
