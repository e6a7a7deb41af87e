package memory_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/memory"
	"github.com/activitylog-go/activitylog/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Store { return memory.New() }, storetest.Options{})
}

// TestSharesNothing checks that neither what was given nor what is returned
// leads into the store.
func TestSharesNothing(t *testing.T) {
	var s memory.Store
	e := activitylog.Event{ID: activitylog.NewID(), Time: time.Now(), Targets: []activitylog.Target{{ID: "a"}}}
	if _, err := s.Append(t.Context(), []activitylog.Event{e}); err != nil {
		t.Fatal(err)
	}
	e.Targets[0].ID = "b"
	for range 2 {
		page, err := s.List(t.Context(), store.Query{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Get(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		if page.Events[0].Targets[0].ID != "a" || got.Targets[0].ID != "a" {
			t.Fatalf("the store was changed from outside: %+v", got)
		}
		page.Events[0].Targets[0].ID, got.Targets[0].ID = "c", "d"
	}
}

func Example() {
	ctx := context.Background()
	s := memory.New()
	event := activitylog.Event{
		ID:    "0192e4a0-0000-7000-8000-0123456789ab",
		Time:  time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC),
		Code:  "org.member:invited",
		Actor: activitylog.Actor{ID: "usr_ann"},
	}
	result, err := s.Append(ctx, []activitylog.Event{event, event})
	fmt.Printf("%+v %v\n", result, err)

	filter, _ := query.Parse("event:org.member:*", query.Options{})
	page, err := s.List(ctx, store.Query{Filter: filter})
	for _, e := range page.Events {
		fmt.Println(e.Actor.ID, e.Code, err)
	}
	// Output:
	// {Added:1 Duplicates:1 Conflicts:0} <nil>
	// usr_ann org.member:invited <nil>
}
