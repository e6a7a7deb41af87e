package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

var (
	ann = store.Authority{By: "usr_ann", Reason: "it's \"due\" – § 17; --"}

	// farFuture is after everything was stored.
	farFuture = time.Date(2260, 1, 1, 0, 0, 0, 0, time.UTC)
)

func custodian(t *testing.T, s store.Store) store.Custodian {
	t.Helper()
	c, ok := s.(store.Custodian)
	if !ok {
		t.Fatalf("%T is no store.Custodian", s)
	}
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustHold(t *testing.T, s store.Store, name, filter string) {
	t.Helper()
	must(t, custodian(t, s).Hold(t.Context(), store.Hold{Name: name, Filter: mustParse(t, filter), Authority: ann}))
}

func mustPrune(t *testing.T, s store.Store, p store.Prune) int {
	t.Helper()
	p.Authority = ann
	n, err := custodian(t, s).Prune(t.Context(), p)
	must(t, err)
	return n
}

func mustErase(t *testing.T, s store.Store, person string, erased, held int) {
	t.Helper()
	gotErased, gotHeld, err := custodian(t, s).Erase(t.Context(), store.Erasure{Person: person, Authority: ann})
	if err != nil || gotErased != erased || gotHeld != held {
		t.Fatalf("Erase(%q) = %d, %d, %v, want %d, %d", person, gotErased, gotHeld, err, erased, held)
	}
}

func deeds(t *testing.T, c store.Custodian) []store.Deed {
	t.Helper()
	all, err := c.Deeds(t.Context())
	must(t, err)
	return all
}

// checkDeeds checks what was done, steps of one deed taken together.
func checkDeeds(t *testing.T, s store.Store, want ...store.Deed) {
	t.Helper()
	var got []store.Deed
	var last time.Time
	for _, d := range deeds(t, custodian(t, s)) {
		if d.Time.Before(last) || d.Time.IsZero() || d.Time.Location() != time.UTC {
			t.Errorf("deed %+v follows one of %v", d, last)
		}
		last, d.Time = d.Time, time.Time{}
		step := d
		step.Events = 0
		if n := len(got); n > 0 && (d.Kind == store.DeedPruned || d.Kind == store.DeedErased) {
			before := got[n-1]
			before.Events = 0
			if before == step {
				got[n-1].Events += d.Events
				continue
			}
		}
		got = append(got, d)
	}
	if !slices.Equal(got, want) {
		t.Errorf("deeds are\n%+v\nwant\n%+v", got, want)
	}
}

func holdNames(t *testing.T, c store.Custodian) []string {
	t.Helper()
	holds, err := c.Holds(t.Context())
	must(t, err)
	var names []string
	for _, h := range holds {
		names = append(names, h.Name)
	}
	return names
}

func testHolds(t *testing.T, s store.Store) {
	c := custodian(t, s)
	filters := map[string]string{
		"matter 7": `tenant:acme target:"usr ann",usr_* AND target:*x -outcome:denied after:2026-01-01`,
		"Ärger":    `actor:"quoted, (1)" status:4xx changed:"/a~1b"`,
		"all":      "",
		"'; --":    "address:10.*",
	}
	for name, text := range filters {
		mustHold(t, s, name, text)
	}
	began := time.Now()
	mustHold(t, s, "all", "tenant:other") // replaced
	filters["all"] = "tenant:other"

	holds, err := c.Holds(t.Context())
	must(t, err)
	if names := holdNames(t, c); !slices.Equal(names, []string{"'; --", "all", "matter 7", "Ärger"}) {
		t.Fatalf("holds %q are not all, or not in order", names)
	}
	for _, h := range holds {
		if want := mustParse(t, filters[h.Name]).String(); h.Filter.String() != want || h.Authority != ann || h.Since.Location() != time.UTC {
			t.Errorf("hold came back as %+v, want filter %q", h, want)
		}
	}
	if since := holds[1].Since; since.Before(began.Add(-time.Minute)) || since.Before(holds[0].Since) {
		t.Errorf("the hold that was replaced is since %v, want %v", since, began)
	}
	must(t, c.Release(t.Context(), "all", ann))
	if err := c.Release(t.Context(), "all", ann); !errors.Is(err, store.ErrNoHold) {
		t.Errorf("a second Release: %v, want ErrNoHold", err)
	}
	if n := len(holdNames(t, c)); n != 3 {
		t.Errorf("%d holds are left, want 3", n)
	}
}

func testHoldErrors(t *testing.T, s store.Store) {
	for name, h := range map[string]store.Hold{
		"no name":  {},
		"no text":  {Name: "x", Filter: one("no.such.key", false, query.Value{Text: "x"})},
		"negative": {Name: "x", Filter: one(query.Status, false, query.Value{Low: -5, High: -1})},
	} {
		if err := custodian(t, s).Hold(t.Context(), h); !errors.Is(err, store.ErrQuery) {
			t.Errorf("Hold with %s: %v, want ErrQuery", name, err)
		}
	}
	for _, name := range []string{"", "x"} {
		if err := custodian(t, s).Release(t.Context(), name, ann); !errors.Is(err, store.ErrNoHold) {
			t.Errorf("Release(%q): %v, want ErrNoHold", name, err)
		}
	}
	checkDeeds(t, s)
}

func testDeeds(t *testing.T, s store.Store) {
	checkDeeds(t, s)
	events := newGenerator(70).numbered(10)
	mustAppend(t, s, added(10), events...)
	mustHold(t, s, "matter", "actor:usr_1,usr_2")
	mustHold(t, s, "matter", "actor:usr_1")
	mustErase(t, s, "usr_1", 0, 1)
	mustErase(t, s, "usr_2", 1, 0)
	mustErase(t, s, "nobody", 0, 0)
	for _, text := range []string{"actor:usr_1,usr_3", "actor:nobody"} { // which leaves no deed
		mustPrune(t, s, store.Prune{Filter: mustParse(t, text), Before: farFuture})
	}
	must(t, custodian(t, s).Release(t.Context(), "matter", ann))
	mustPrune(t, s, store.Prune{Before: farFuture})
	checkDeeds(t, s,
		store.Deed{Kind: store.DeedHeld, What: "matter: actor:usr_1,usr_2", Authority: ann},
		store.Deed{Kind: store.DeedHeld, What: "matter: actor:usr_1", Authority: ann},
		store.Deed{Kind: store.DeedErased, What: "usr_1", Authority: ann},
		store.Deed{Kind: store.DeedErased, What: "usr_2", Events: 1, Authority: ann},
		store.Deed{Kind: store.DeedErased, What: "nobody", Authority: ann},
		store.Deed{Kind: store.DeedPruned, What: "actor:usr_1,usr_3 stored before 2260-01-01T00:00:00Z", Events: 1, Authority: ann},
		store.Deed{Kind: store.DeedReleased, What: "matter", Authority: ann},
		store.Deed{Kind: store.DeedPruned, What: "stored before 2260-01-01T00:00:00Z", Events: 9, Authority: ann},
	)
}

// checkAll checks that all is what the store has, however it is asked.
func checkAll(t *testing.T, s store.Store, g *generator, all []activitylog.Event) {
	t.Helper()
	checkList(t, s, query.Query{}, store.MaxLimit, all)
	checkSummary(t, s, g, query.Query{}, all)
	for _, text := range []string{"tenant:acme", "outcome:denied", "actor:usr_*", "changed:/role", `target:usr_ann,"usr%ann"`, "address:203.*"} {
		filter := mustParse(t, text)
		checkList(t, s, filter, store.MaxLimit, matching(filter, all))
		checkSummary(t, s, g, filter, all)
	}
}
