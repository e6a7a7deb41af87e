package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// A trace is what a log has of a person.
type trace struct {
	Person  string         `json:"person"`
	Names   []string       `json:"names,omitempty"`   // and addresses of email, a few of them
	Tenants map[string]int `json:"tenants,omitempty"` // how many events each has
	As      map[string]int `json:"as,omitempty"`      // actor, target TYPE
	Events  int            `json:"events"`            // that say who it is and are not on hold
	Before  int            `json:"erased_before"`
	First   time.Time      `json:"first,omitzero"` // of those that are not erased yet
	Last    time.Time      `json:"last,omitzero"`
	Held    int            `json:"held"`
	Holds   []string       `json:"holds,omitempty"` // that keep them

	Conflicts     int      `json:"conflicts"` // in quarantine, which go
	HeldConflicts int      `json:"held_conflicts"`
	Raw           []string `json:"raw,omitempty"` // records in quarantine that stay

	Done *erasure `json:"done,omitempty"`
}

// An erasure is what was done, conflicts included.
type erasure struct {
	Erased int `json:"erased"`
	Held   int `json:"held"`
}

// maxNames is how many names of a person are shown, and records in quarantine.
const maxNames = 10

// traceOf returns what a store has of the person of an erasure.
func traceOf(ctx context.Context, s operable, e store.Erasure) (trace, error) {
	t := trace{Person: e.Person, Tenants: map[string]int{}, As: map[string]int{}}
	holds, err := s.Holds(ctx)
	if err != nil {
		return t, err
	}
	actor, target := withID(query.Actor, e.Person), withID(query.Target, e.Person)
	for event, err := range allEvents(ctx, s, actor) {
		if err != nil {
			return t, err
		}
		t.add(event, holding(holds, event))
	}
	for event, err := range allEvents(ctx, s, target) {
		if err != nil {
			return t, err
		}
		if !actor.Match(event) {
			t.add(event, holding(holds, event))
		}
	}
	return t, t.addQuarantine(ctx, s, e, holds)
}

// withID returns the query for the events that have an id under key.
func withID(key query.Key, id string) query.Query {
	return query.Query{Terms: []query.Term{{Key: key, Values: []query.Value{{Text: id}}}}}
}

// add counts an event.
func (t *trace) add(e *activitylog.Event, holds []string) {
	t.Tenants[e.Tenant]++
	for _, role := range t.roles(e) {
		t.As[role]++
	}
	switch {
	case !e.Erased.IsZero():
		t.Before++
		return
	case len(holds) > 0:
		t.Held++
		t.Holds = appendNew(t.Holds, holds...)
	default:
		t.Events++
	}
	if t.First.IsZero() || e.Time.Before(t.First) {
		t.First = e.Time
	}
	if e.Time.After(t.Last) {
		t.Last = e.Time
	}
}

// roles returns what the person is in an event, and notes how they are called.
func (t *trace) roles(e *activitylog.Event) (roles []string) {
	if e.Actor.ID == t.Person {
		roles = append(roles, "actor")
		t.name(e.Actor.Name, e.Actor.Email)
	}
	for _, target := range e.Targets {
		if target.ID == t.Person {
			roles = appendNew(roles, strings.TrimSpace("target "+target.Type))
			t.name(target.Name)
		}
	}
	return roles
}

func (t *trace) name(names ...string) {
	for _, name := range names {
		if name != "" && len(t.Names) < maxNames {
			t.Names = appendNew(t.Names, name)
		}
	}
}

// addQuarantine counts the records in quarantine. One that is no conflict stays,
// and is named if the person's id occurs in it.
func (t *trace) addQuarantine(ctx context.Context, s operable, e store.Erasure, holds []store.Hold) error {
	for record, err := range (quarantineStore{s}).records(ctx) {
		switch {
		case err != nil:
			return err
		case record.Raw != nil && bytes.Contains(record.Raw, []byte(e.Person)):
			t.Raw = append(t.Raw, record.ID)
		case record.Raw != nil || !e.Concerns(&record.Event):
		case len(holding(holds, &record.Event)) > 0:
			t.HeldConflicts++
			t.Holds = appendNew(t.Holds, holding(holds, &record.Event)...)
		default:
			t.Conflicts++
		}
	}
	return nil
}

func (t *trace) stays() bool {
	return t.held() > 0 || len(t.Raw) > 0
}

func (t *trace) isNothing() bool {
	return len(t.Tenants) == 0 && t.Conflicts == 0 && !t.stays() && (t.Done == nil || t.Done.Erased == 0)
}

func (t *trace) print(w io.Writer, format string) error {
	switch format {
	case "json":
		return writeJSON(w, t)
	case "ndjson":
		return printList(w, format, []*trace{t}, nil, nil)
	case "tsv":
		return printList(w, format, t.rows(), nil, func(row []string) []string { return row })
	}
	for _, row := range t.rows() {
		fmt.Fprintf(w, "%-18s  %s\n", row[0], printable(row[1]))
	}
	return nil
}

// rows returns the names and values of t that there are.
func (t *trace) rows() [][]string {
	between := ""
	if !t.First.IsZero() {
		between = tableTime(t.First) + " and " + tableTime(t.Last)
	}
	rows := [][]string{
		{"person", t.Person},
		{"known as", strings.Join(t.Names, ", ")},
		{"as", counts(t.As)},
		{"tenants", counts(t.Tenants)},
		{"between", between},
		{"erased before", positive(t.Before)},
	}
	if t.Done == nil {
		rows = append(rows, []string{"events to erase", strconv.Itoa(t.Events)},
			[]string{"conflicts to erase", positive(t.Conflicts)})
	} else {
		rows = append(rows, []string{"erased", strconv.Itoa(t.Done.Erased)})
	}
	rows = append(rows,
		[]string{"stay on hold", positive(t.held())},
		[]string{"held by", strings.Join(t.Holds, ", ")},
		[]string{"stay in quarantine", t.rawText()},
	)
	return slices.DeleteFunc(rows, func(row []string) bool { return row[1] == "" })
}

// rawText returns how many records stay and the first of them, by short ids.
func (t *trace) rawText() string {
	if len(t.Raw) == 0 {
		return ""
	}
	ids := []string{}
	for _, id := range t.Raw[:min(len(t.Raw), maxNames)] {
		ids = append(ids, id[:shortID])
	}
	return fmt.Sprintf("%d: %s", len(t.Raw), strings.Join(ids, ", "))
}

// held returns how many events and conflicts are on hold.
func (t *trace) held() int {
	if t.Done != nil {
		return t.Done.Held
	}
	return t.Held + t.HeldConflicts
}

// positive returns a number, "" for none.
func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// counts returns what there is how often, the most frequent first.
func counts(m map[string]int) string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if m[a] != m[b] {
			return m[b] - m[a]
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		n := m[name]
		if name == "" {
			name = "none"
		}
		names[i] = fmt.Sprintf("%s (%d)", name, n)
	}
	return strings.Join(names, ", ")
}

// appendNew appends those of more that are not in list.
func appendNew(list []string, more ...string) []string {
	for _, text := range more {
		if !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}
