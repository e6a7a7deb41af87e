package storetest

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// erase does to all what an erasure of person does, except to those that keep
// selects, and returns how many it changed and how many it kept.
func erase(all []activitylog.Event, person string, keep query.Query) (erased, held int) {
	for i := range all {
		switch {
		case !all[i].Erased.IsZero() || !slices.Contains(persons(&all[i]), person):
		case keep.Match(&all[i]):
			held++
		default:
			all[i] = store.Erased(all[i])
			all[i].Erased = base
			erased++
		}
	}
	return erased, held
}

// persons are the ids of those whom an event concerns.
func persons(e *activitylog.Event) []string {
	return append(query.Target.Texts(e), e.Actor.ID, e.Actor.OnBehalfOf.ID)
}

// nothing is a query that selects no event.
var nothing = one(query.Actor, false)

// testErase erases persons who act, act as another and are acted upon, one of
// them with an id that is a pattern in SQL, and asks for what is gone.
func testErase(t *testing.T, s store.Store) {
	g := newGenerator(90)
	events := g.events(250)
	all := slices.Clone(events)
	mustAppend(t, s, added(len(all)), all...)
	for _, person := range []string{"usr_ann", "usr%ann", "usr*ann", "O'Hara", "👩‍💻", "nobody"} {
		erased, _ := erase(all, person, nothing)
		if (erased == 0) != (person == "nobody") {
			t.Fatalf("%d events concern %q", erased, person)
		}
		mustErase(t, s, person, erased, 0)
		mustErase(t, s, person, 0, 0)
	}
	checkAll(t, s, g, all)
	asked := map[string]bool{}
	for i, e := range events {
		if all[i].Erased.IsZero() {
			continue
		}
		got, err := s.Get(t.Context(), e.ID)
		must(t, err)
		checkEvent(t, got, all[i])
		for _, key := range []query.Key{query.Address, query.Session, query.Actor, query.Target, query.Request, query.Changed} {
			for _, text := range append(key.Texts(&e), "") {
				for _, glob := range []bool{false, true} {
					filter := one(key, false, query.Value{Text: text, Glob: glob})
					if asked[filter.String()] {
						continue
					}
					asked[filter.String()] = true
					checkList(t, s, filter, 0, matching(filter, all))
					checkCount(t, s, filter, 1000, len(matching(filter, all)))
				}
			}
		}
	}
}

// testEraseContent checks what is left in every byte.
func testEraseContent(t *testing.T, s store.Store) {
	g := newGenerator(91)
	bare := activitylog.Event{ID: g.id(), Time: base}
	all := []activitylog.Event{bare, g.targets(), g.changes(), g.attributes()}
	for _, text := range texts {
		all = append(all, g.full(text))
	}
	for i := range all {
		all[i].Actor.ID = "usr_ann"
	}
	untouched := g.full("other")
	mustAppend(t, s, added(len(all)+1), append(all, untouched)...)
	mustErase(t, s, "usr_ann", len(all), 0)
	erase(all, "usr_ann", nothing)
	checkList(t, s, query.Query{}, 0, append(all, untouched))
}

// testEraseHeld checks that a hold keeps events from being erased, also those
// that came later than it, until it is released.
func testEraseHeld(t *testing.T, s store.Store) {
	g := newGenerator(92)
	all := g.events(100)
	mustAppend(t, s, added(len(all)), all...)
	mustHold(t, s, "address", "address:203.0.113.7")
	more := g.events(100)
	mustAppend(t, s, added(len(more)), more...)
	all = append(all, more...)
	erased, held := erase(all, "usr_ann", mustParse(t, "address:203.0.113.7"))
	if erased == 0 || held == 0 {
		t.Fatalf("%d events to be erased, %d on hold", erased, held)
	}
	mustErase(t, s, "usr_ann", erased, held)
	checkAll(t, s, g, all)
	mustErase(t, s, "usr_ann", 0, held)
	must(t, custodian(t, s).Release(t.Context(), "address", ann))
	mustErase(t, s, "usr_ann", held, 0)
	erase(all, "usr_ann", nothing)
	checkAll(t, s, g, all)
}

// testEraseSentAgain checks that what is sent again after it was erased is a
// duplicate, whatever its personal part says, and brings nothing back.
func testEraseSentAgain(t *testing.T, s store.Store) {
	g := newGenerator(93)
	e := g.full("x")
	e.Actor.ID = "usr_ann"
	mustAppend(t, s, added(1), e)
	mustErase(t, s, "usr_ann", 1, 0)
	otherwise := e
	otherwise.Summary, otherwise.Salt, otherwise.Erased = "otherwise", "", base
	forged := e
	forged.Code, forged.Erased = "org:forged", base // which is the store's to say
	mustAppend(t, s, store.Result{Duplicates: 3, Conflicts: 1}, e, otherwise, e, forged)
	if q := quarantined(t, s, 0); len(q) != 1 || q[0].Event.Code != "org:forged" {
		t.Errorf("in quarantine: %+v, want the event with another code", q)
	}
	all := []activitylog.Event{e}
	erase(all, "usr_ann", nothing)
	checkList(t, s, query.Query{}, 0, all)
}

// testEraseQuarantine checks that a conflict about the person goes too, unless
// it is on hold, and that nothing else does.
func testEraseQuarantine(t *testing.T, s store.Store) {
	g := newGenerator(94)
	events := g.numbered(4)
	forged := slices.Clone(events)
	for i := range forged {
		forged[i].Actor.Email = "forged@example.com"
		forged[i].Targets = []activitylog.Target{{Type: "member", ID: "usr_ann"}}
	}
	forged[2].Targets = nil
	forged[3].Tenant = "held"
	mustAppend(t, s, added(4), events...)
	mustAppend(t, s, store.Result{Conflicts: 4}, forged...)
	must(t, quarantiner(t, s).Quarantine(t.Context(), []byte("usr_ann"), "poison"))
	mustHold(t, s, "matter", "tenant:held")
	mustErase(t, s, "usr_ann", 2, 1)
	left := quarantined(t, s, 0)
	if len(left) != 3 || left[0].Event.ID != events[2].ID || left[1].Event.ID != events[3].ID || string(left[2].Raw) != "usr_ann" {
		t.Errorf("left in quarantine: %+v", left)
	}
	checkList(t, s, query.Query{}, 0, events)
}

func testEraseErrors(t *testing.T, s store.Store) {
	e := newGenerator(95).event()
	mustAppend(t, s, added(1), e)
	if _, _, err := custodian(t, s).Erase(t.Context(), store.Erasure{Authority: ann}); !errors.Is(err, store.ErrQuery) {
		t.Errorf("Erase of nobody: %v, want ErrQuery", err)
	}
	checkList(t, s, query.Query{}, 0, []activitylog.Event{e})
	checkDeeds(t, s)
}

// testEraseWhileAppending erases a person with many events while others are
// added and the person's are sent again.
func testEraseWhileAppending(t *testing.T, s store.Store) {
	g := newGenerator(96)
	events := g.events(5000)
	for i := range events {
		events[i].Actor.ID, events[i].Targets, events[i].Actor.OnBehalfOf.ID = "usr_ann", nil, ""
	}
	mustAppend(t, s, added(len(events)), events...)
	others := g.numbered(2000)
	var appending sync.WaitGroup
	appending.Go(func() {
		for from := 0; from < len(others); from += 50 {
			batch := slices.Concat(others[from:from+50], events[from:from+50])
			want := store.Result{Added: 50, Duplicates: 50}
			if r, err := s.Append(t.Context(), batch); err != nil || r != want {
				t.Errorf("Append while erasing = %+v, %v, want %+v", r, err, want)
			}
		}
	})
	mustErase(t, s, "usr_ann", len(events), 0)
	appending.Wait()
	erase(events, "usr_ann", nothing)
	more := g.events(1500)
	mustAppend(t, s, added(len(more)), more...)
	checkAll(t, s, g, slices.Concat(events, others, more))
}
