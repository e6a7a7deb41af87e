package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

func checkCount(t *testing.T, s store.Store, filter query.Query, limit, want int) {
	t.Helper()
	if got, err := s.Count(t.Context(), filter, limit); err != nil || got != want {
		t.Errorf("Count of %q up to %d = %d, %v, want %d", filter, limit, got, err, want)
	}
}

// checkFacet checks an answer against counting the values of all events.
func checkFacet(t *testing.T, s store.Store, q store.FacetQuery, all []activitylog.Event) {
	t.Helper()
	found := inOrder(matching(q.Filter, all))
	want := store.Facet{Events: min(len(found), store.FacetScope), Capped: len(found) > store.FacetScope}
	counts := map[string]int{}
	for _, e := range found[:want.Events] {
		for _, text := range q.Key.Texts(&e) {
			if text != "" {
				counts[text]++
			}
		}
	}
	for value, n := range counts {
		want.Values = append(want.Values, store.FacetValue{Value: value, Events: n})
	}
	slices.SortFunc(want.Values, func(a, b store.FacetValue) int {
		return cmp.Or(cmp.Compare(b.Events, a.Events), cmp.Compare(a.Value, b.Value))
	})
	want.Values = want.Values[:min(len(want.Values), q.Size())]

	got, err := s.Facet(t.Context(), q)
	if err != nil || got.Events != want.Events || got.Capped != want.Capped || !slices.Equal(got.Values, want.Values) {
		t.Errorf("Facet %s of %q = %+v, %v, want %+v", q.Key, q.Filter, got, err, want)
	}
}

// checkHistogram checks an answer against looking for each event in each bar.
func checkHistogram(t *testing.T, s store.Store, q store.HistogramQuery, all []activitylog.Event) {
	t.Helper()
	var want []store.Bar
	for start := q.Filter.Since; start.Before(q.Filter.Until); start = start.Add(q.Width) {
		part := q.Filter
		part.Since, part.Until = start, start.Add(q.Width)
		if q.Filter.Until.Before(part.Until) {
			part.Until = q.Filter.Until
		}
		bar := store.Bar{Start: start.UTC()}
		for _, e := range matching(part, all) {
			bar.Events++
			if e.Outcome == activitylog.Denied || e.Outcome == activitylog.Failure {
				bar.Bad++
			}
		}
		want = append(want, bar)
	}
	got, err := s.Histogram(t.Context(), q)
	if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("Histogram of %q by %v =\n%+v, %v, want\n%+v", q.Filter, q.Width, got, err, want)
	}
}

// checkSummary adds up what filter selects in every way.
func checkSummary(t *testing.T, s store.Store, g *generator, filter query.Query, all []activitylog.Event) {
	t.Helper()
	n := len(matching(filter, all))
	limit := 1 + g.IntN(2*n+2)
	checkCount(t, s, filter, limit, min(n, limit))
	checkFacet(t, s, store.FacetQuery{Filter: filter, Key: pick(g, textKeys()), Limit: g.IntN(30)}, all)
	split := base.Add(time.Duration(g.IntN(5000)) * time.Nanosecond) // among the events
	span := query.Query{Since: split.Add(-2 * time.Millisecond), Until: split.Add(5 * time.Millisecond / 2)}
	checkHistogram(t, s, store.HistogramQuery{Filter: query.And(filter, span), Width: time.Millisecond}, all)
}

func testCount(t *testing.T, s store.Store) {
	events := newGenerator(60).numbered(30)
	mustAppend(t, s, added(30), events...)
	last := query.Query{Since: base.Add(10 * time.Second)}
	nobody := mustParse(t, "actor:nobody")
	for limit, want := range map[int]int{math.MinInt: 0, -1: 0, 0: 0, 1: 1, 19: 19, 20: 20, 21: 20, math.MaxInt: 20} {
		checkCount(t, s, last, limit, want)
		checkCount(t, s, query.And(last, mustParse(t, "actor:usr_*")), limit, want)
		checkCount(t, s, nobody, limit, 0)
	}
}

func testFacet(t *testing.T, s store.Store) {
	events := newGenerator(61).events(300)
	mustAppend(t, s, added(len(events)), events...)
	for _, key := range append(textKeys(), query.Status) {
		for _, text := range []string{"", "tenant:acme", "target:usr_ann -outcome:failure", "event:org.* changed:/role*", "actor:nobody"} {
			for _, limit := range []int{-1, 0, 1, 3, math.MaxInt} {
				checkFacet(t, s, store.FacetQuery{Filter: mustParse(t, text), Key: key, Limit: limit}, events)
			}
		}
	}
}

// testFacetScope has more events than a facet looks at, and more values than
// it returns.
func testFacetScope(t *testing.T, s store.Store) {
	events := newGenerator(62).numbered(store.FacetScope + 60)
	for i := range events {
		events[i].Actor.ID = fmt.Sprintf("usr_%d", i%(2*store.MaxFacet))
		events[i].Tenant = "acme"
		if i < 50 {
			events[i].Tenant = "the oldest"
		}
	}
	mustAppend(t, s, added(len(events)), events...)
	for _, q := range []store.FacetQuery{
		{Key: query.Tenant},
		{Key: query.Actor, Limit: store.MaxFacet + 1},
		{Key: query.Actor, Filter: mustParse(t, "tenant:acme")},
		{Key: query.Tenant, Filter: mustParse(t, "-actor:usr_1*")},
		{Key: query.Tenant, Filter: query.Query{Since: events[60].Time}}, // as many as it looks at
	} {
		checkFacet(t, s, q, events)
	}
}

func testFacetErrors(t *testing.T, s store.Store) {
	for _, key := range []query.Key{"", "no.such.key", "after", "last", "ip", "actor' --"} {
		if f, err := s.Facet(t.Context(), store.FacetQuery{Key: key}); !errors.Is(err, store.ErrQuery) {
			t.Errorf("Facet of %q = %+v, %v, want ErrQuery", key, f, err)
		}
	}
}

func testHistogram(t *testing.T, s store.Store) {
	g := newGenerator(63)
	events := g.events(400)
	for i := range events {
		events[i].Time = base.Add(time.Duration(g.IntN(int(time.Minute))))
	}
	for i, at := range []time.Duration{0, 10 * time.Second, 10*time.Second - 1, time.Minute, -1} { // on the edges
		events[i].Time = base.Add(at)
	}
	mustAppend(t, s, added(len(events)), events...)
	elsewhere := time.FixedZone("elsewhere", 3600)
	for _, text := range []string{"", "tenant:acme", "outcome:denied,failure", "target:usr_ann", "-actor:usr_*", "actor:nobody"} {
		for _, q := range []store.HistogramQuery{
			{Filter: query.Query{Since: base, Until: base.Add(time.Minute)}, Width: 10 * time.Second},
			{Filter: query.Query{Since: base.In(elsewhere), Until: base.Add(time.Minute).In(elsewhere)}, Width: 7 * time.Second},
			{Filter: query.Query{Since: base.Add(-time.Hour), Until: base.Add(time.Hour)}, Width: 24 * time.Hour},
			{Filter: query.Query{Since: base.Add(time.Second), Until: base.Add(2 * time.Second)}, Width: time.Millisecond},
			{Filter: query.Query{Since: base, Until: base}, Width: time.Second},
			{Filter: query.Query{Since: base.Add(time.Minute), Until: base}, Width: time.Second},
		} {
			q.Filter.Terms = mustParse(t, text).Terms
			checkHistogram(t, s, q, events)
		}
	}
}

func testHistogramErrors(t *testing.T, s store.Store) {
	year := func(n int) time.Time { return time.Date(n, 1, 1, 0, 0, 0, 0, time.UTC) }
	for name, q := range map[string]store.HistogramQuery{
		"zero":           {},
		"no beginning":   {Filter: query.Query{Until: base}, Width: time.Hour},
		"no end":         {Filter: query.Query{Since: base}, Width: time.Hour},
		"no width":       {Filter: query.Query{Since: base, Until: base.Add(1)}},
		"negative width": {Filter: query.Query{Since: base, Until: base.Add(1)}, Width: -time.Hour},
		"thin":           {Filter: query.Query{Since: base, Until: base.Add(1)}, Width: time.Microsecond},
		"too many":       {Filter: query.Query{Since: base, Until: base.Add((store.MaxBars + 1) * time.Hour)}, Width: time.Hour},
		"too early":      {Filter: query.Query{Since: year(1), Until: year(2)}, Width: time.Hour * 1000},
		"too late":       {Filter: query.Query{Since: year(9998), Until: year(9999)}, Width: time.Hour * 1000},
		"too long":       {Filter: query.Query{Since: year(1700), Until: year(2200)}, Width: math.MaxInt64},
	} {
		if bars, err := s.Histogram(t.Context(), q); !errors.Is(err, store.ErrQuery) {
			t.Errorf("%s: Histogram = %d bars, %v, want ErrQuery", name, len(bars), err)
		}
	}
}
