// Package storetest checks that a store keeps the contract of package store.
// A store's own test calls [Run]:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) store.Store { return memory.New() }, storetest.Options{})
//	}
package storetest

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

// Options say what a store can do beside the contract.
type Options struct {
	// Reopen closes s and opens what it left behind. It is nil for a store
	// that ends with the process.
	Reopen func(t *testing.T, s store.Store) store.Store
}

// Run runs the conformance tests. Each of them opens an empty store, which must
// be a [store.Quarantiner] and a [store.Custodian] too, and Run closes it; open
// must not.
func Run(t *testing.T, open func(t *testing.T) store.Store, opts Options) {
	tests := []struct {
		name string
		run  func(t *testing.T, s store.Store)
	}{
		{"AppendTwice", testAppendTwice},
		{"AppendDuplicatesInBatch", testAppendDuplicatesInBatch},
		{"AppendConflict", testAppendConflict},
		{"AppendAllOrNone", testAppendAllOrNone},
		{"AppendNothing", testAppendNothing},
		{"AppendLarge", testAppendLarge},
		{"Quarantine", testQuarantine},
		{"Deferred", testDeferred},
		{"QuarantinePages", testQuarantinePages},
		{"Discard", testDiscard},
		{"Get", testGet},
		{"Content", testContent},
		{"Order", testOrder},
		{"Times", testTimes},
		{"Limits", testLimits},
		{"PagesWhileAppending", testPagesWhileAppending},
		{"PagesOfLast", testPagesOfLast},
		{"Cursors", testCursors},
		{"EveryKey", testEveryKey},
		{"Wildcards", testWildcards},
		{"FieldHistory", testFieldHistory},
		{"RandomQueries", testRandomQueries},
		{"Count", testCount},
		{"Facet", testFacet},
		{"FacetScope", testFacetScope},
		{"FacetErrors", testFacetErrors},
		{"Histogram", testHistogram},
		{"HistogramErrors", testHistogramErrors},
		{"PruneByTime", testPruneByTime},
		{"PruneByFilter", testPruneByFilter},
		{"PruneHeld", testPruneHeld},
		{"PruneErrors", testPruneErrors},
		{"PruneLarge", testPruneLarge},
		{"Holds", testHolds},
		{"HoldErrors", testHoldErrors},
		{"Erase", testErase},
		{"EraseContent", testEraseContent},
		{"EraseHeld", testEraseHeld},
		{"EraseSentAgain", testEraseSentAgain},
		{"EraseQuarantine", testEraseQuarantine},
		{"EraseErrors", testEraseErrors},
		{"Deeds", testDeeds},
		{"Concurrent", testConcurrent},
		{"PruneWhileAppending", testPruneWhileAppending},
		{"EraseWhileAppending", testEraseWhileAppending},
		{"Context", testContext},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t)
			defer closeStore(t, s)
			tt.run(t, s)
		})
	}
	if opts.Reopen != nil {
		t.Run("Reopen", func(t *testing.T) { testReopen(t, open(t), opts.Reopen) })
		t.Run("ReopenCustody", func(t *testing.T) { testReopenCustody(t, open(t), opts.Reopen) })
	}
}

func closeStore(t *testing.T, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// mustAppend appends events and checks what became of them.
func mustAppend(t *testing.T, s store.Store, want store.Result, events ...activitylog.Event) {
	t.Helper()
	got, err := s.Append(t.Context(), events)
	if err != nil {
		t.Fatalf("Append: %v", err)
	}
	if got != want {
		t.Fatalf("Append = %+v, want %+v", got, want)
	}
}

func added(n int) store.Result { return store.Result{Added: n} }

// walk returns what filter selects by following the pages to the end. Between
// two pages it calls between, if that is not nil.
func walk(t *testing.T, s store.Store, filter query.Query, limit int, between func()) []activitylog.Event {
	t.Helper()
	var all []activitylog.Event
	q := store.Query{Filter: filter, Limit: limit}
	for {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatalf("List of %q after %d events: %v", filter, len(all), err)
		}
		if size := q.PageSize(); len(page.Events) > size || page.Next != "" && len(page.Events) != size {
			t.Fatalf("List of %q: %d events on a page of %d, next %q", filter, len(page.Events), size, page.Next)
		}
		all = append(all, page.Events...)
		if page.Next == "" {
			return all
		}
		q.Cursor = page.Next
		if between != nil {
			between()
		}
	}
}

// checkList checks that filter selects want, in the order of List.
func checkList(t *testing.T, s store.Store, filter query.Query, limit int, want []activitylog.Event) {
	t.Helper()
	checkEvents(t, filter.String(), walk(t, s, filter, limit, nil), inOrder(want))
}

func checkEvents(t *testing.T, what string, got, want []activitylog.Event) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if got[i].ID != want[i].ID {
			t.Fatalf("%q: event %d is %s at %v, want %s at %v", what, i, got[i].ID, got[i].Time, want[i].ID, want[i].Time)
		}
		checkEvent(t, got[i], want[i])
	}
	if len(got) != len(want) {
		t.Fatalf("%q: got %d events, want %d", what, len(got), len(want))
	}
}

// checkEvent checks that got is want in every byte, and when it was stored.
func checkEvent(t *testing.T, got, want activitylog.Event) {
	t.Helper()
	if got.Ingested.IsZero() || got.Ingested.Location() != time.UTC {
		t.Fatalf("event %s was ingested at %v, want a time in UTC", got.ID, got.Ingested)
	}
	if got.Erased.IsZero() != want.Erased.IsZero() {
		t.Fatalf("event %s was erased at %v, want %v", got.ID, got.Erased, want.Erased)
	}
	got.Ingested, got.Erased = time.Time{}, time.Time{}
	if want = store.Kept(want); !reflect.DeepEqual(got, want) {
		t.Fatalf("event came back as\n%+v\nwant\n%+v", got, want)
	}
}

// inOrder returns a copy of events in the order of List.
func inOrder(events []activitylog.Event) []activitylog.Event {
	events = slices.Clone(events)
	slices.SortFunc(events, func(a, b activitylog.Event) int {
		if c := b.Time.Compare(a.Time); c != 0 {
			return c
		}
		if a.ID > b.ID {
			return -1
		}
		return 1
	})
	return events
}

func mustParse(t *testing.T, text string) query.Query {
	t.Helper()
	q, err := query.Parse(text, query.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// cancelled returns a context that is done.
func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
