package storetest

import (
	"math"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

func matching(q query.Query, events []activitylog.Event) []activitylog.Event {
	var found []activitylog.Event
	for _, e := range events {
		if q.Match(&e) {
			found = append(found, e)
		}
	}
	return found
}

// textKeys are the keys of text, in a fixed order.
func textKeys() []query.Key {
	var keys []query.Key
	for _, info := range query.Keys() {
		if info.Kind == query.KindText || info.Kind == query.KindWord {
			keys = append(keys, query.Key(info.Name))
		}
	}
	return keys
}

func one(key query.Key, negate bool, values ...query.Value) query.Query {
	return query.Query{Terms: []query.Term{{Key: key, Negate: negate, Values: values}}}
}

// testEveryKey asks for each value of each key, exactly, by its beginning, by
// its end and by its middle, and for all but it.
func testEveryKey(t *testing.T, s store.Store) {
	g := newGenerator(30)
	events := g.events(30)
	mustAppend(t, s, added(30), events...)
	asked := map[string]bool{}
	ask := func(q query.Query) {
		if text := q.String(); !asked[text] {
			asked[text] = true
			checkList(t, s, q, 5+g.IntN(60), matching(q, events))
		}
	}
	for i := range events {
		for _, key := range textKeys() {
			for _, text := range key.Texts(&events[i]) {
				for _, negate := range []bool{false, true} {
					ask(one(key, negate, query.Value{Text: text}))
					ask(one(key, negate, query.Value{Text: g.glob(text), Glob: true}))
				}
			}
		}
	}
	for _, negate := range []bool{false, true} {
		for _, bounds := range [][2]int{{0, 0}, {403, 403}, {400, 499}, {499, 500}, {1, math.MaxInt}, {-5, -1}, {500, 400}} {
			ask(one(query.Status, negate, query.Value{Low: bounds[0], High: bounds[1]}))
		}
		ask(one("no.such.key", negate, query.Value{Text: "x"}))
	}
	ask(mustParse(t, "target:usr_ann AND target:usr%ann"))
	ask(mustParse(t, "tenant:acme AND tenant:other"))
}

// glob puts a * in place of a piece of text, or somewhere between its letters.
func (g *generator) glob(text string) string {
	runes := []rune(text)
	from := g.IntN(len(runes) + 1)
	to := from + g.IntN(len(runes)-from+1)
	return string(runes[:from]) + "*" + string(runes[to:])
}

// testWildcards asks with the characters that SQL and shells give a meaning.
func testWildcards(t *testing.T, s store.Store) {
	g := newGenerator(31)
	events := g.numbered(len(ids))
	for i, id := range ids {
		events[i].Actor.ID = id
		events[i].Targets = []activitylog.Target{{Type: id, ID: id}}
	}
	mustAppend(t, s, added(len(events)), events...)
	for _, glob := range []string{
		"*", "usr%*", "usr_*", "usr[a*", "usr[*", `usr\*`, "usr?*", "*%*", "*_*", "*[a]*", "*]*", "usr*", "USR*", "*'*", `*"*`,
		"*ä*", "*👩*", "a*a", "*a*a*", "**", "%*", "_*", "-*", "* *",
	} {
		for _, key := range []query.Key{query.Actor, query.Target, query.TargetType} {
			for _, negate := range []bool{false, true} {
				q := one(key, negate, query.Value{Text: glob, Glob: true})
				checkList(t, s, q, 0, matching(q, events))
				q = one(key, negate, query.Value{Text: glob}) // a star that is one
				checkList(t, s, q, 0, matching(q, events))
			}
		}
	}
}

func testRandomQueries(t *testing.T, s store.Store) { Compare(t, s, 32, 500, 150) }

// Compare fills s, which must be empty, with so many random events and asks it
// random queries, their pages, numbers, facets and histograms, comparing the
// answers with those of [query.Query.Match]. Run does it with 500 events; a
// store whose ways part later needs more of them.
func Compare(t *testing.T, s store.Store, seed uint64, events, queries int) {
	t.Helper()
	g := newGenerator(seed)
	var all []activitylog.Event
	found := 0
	for step := range 5 {
		batch := g.events((step+1)*events/5 - len(all))
		mustAppend(t, s, added(len(batch)), batch...)
		all = append(all, batch...)
		for range queries / 5 {
			q := g.query(&all[g.IntN(len(all))])
			want := matching(q, all)
			found += min(1, len(want))
			checkList(t, s, q, events/20+g.IntN(events/4), want)
			checkSummary(t, s, g, q, all)
		}
	}
	if found < queries/3 {
		t.Errorf("only %d of %d queries select anything", found, queries)
	}
}

// query returns a query of up to four terms, most of which hold for like.
func (g *generator) query(like *activitylog.Event) query.Query {
	var q query.Query
	for range g.IntN(4) {
		key := pick(g, textKeys())
		text := pick(g, append(key.Texts(like), ""))
		values := []query.Value{{Text: text}}
		if g.IntN(3) == 0 {
			values[0] = query.Value{Text: g.glob(text), Glob: true}
		}
		for range g.IntN(3) {
			values = append(values, query.Value{Text: pick(g, ids)})
		}
		q = query.And(q, one(key, g.IntN(5) == 0, values...))
	}
	if g.IntN(4) == 0 {
		q = query.And(q, one(query.Status, g.IntN(2) == 0, query.Value{Low: like.HTTP.Status, High: like.HTTP.Status + 99}))
	}
	if g.IntN(3) == 0 {
		q.Since = like.Time.Add(-time.Duration(g.IntN(3)) * time.Microsecond)
	}
	if g.IntN(3) == 0 {
		q.Until = like.Time.Add(time.Duration(g.IntN(3)) * time.Microsecond)
	}
	return q
}

// testFieldHistory asks which changes touched a field of one thing.
func testFieldHistory(t *testing.T, s store.Store) {
	g := newGenerator(33)
	var events []activitylog.Event
	for _, target := range ids {
		for _, path := range paths {
			e := g.event()
			e.Targets = []activitylog.Target{{Type: "member", ID: "usr_other"}, {Type: "member", ID: target}}
			e.Changes = []activitylog.Change{{Path: "/other", Redacted: true}, activitylog.NewChange(path, 1, 2)}
			e.Changes[1].Path = path // also without a slash in front
			events = append(events, e)
		}
	}
	mustAppend(t, s, added(len(events)), events...)
	for _, text := range []string{
		"target:usr_ann changed:/role", "target:usr_ann changed:/role*", `target:"usr%ann" changed:/role,/roles`, "changed:*",
		`changed:"/x*"`, "changed:/x*", "changed:/address/*", "changed:*city", `changed:"/%"`, "changed:/_", `changed:""`, `changed:"/\"q\""`,
		"target:usr_ann -changed:/role", "target:usr_ann -changed:/other", "changed:/role AND changed:/other", "changed:/ü target:usr_änn",
	} {
		filter := mustParse(t, text)
		checkList(t, s, filter, 3, matching(filter, events))
		checkSummary(t, s, g, filter, events)
	}
}
