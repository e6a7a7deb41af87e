package company_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/company"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func Example() {
	c := company.New(1, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Minute)
	for _, e := range c.Events(3) {
		fmt.Println(e.Time.Format(time.TimeOnly), e.Code, e.Tenant, e.Actor.ID, e.Outcome)
	}
	// Output:
	// 00:00:59 org.resource_31:updated org_0 usr_11 success
	// 00:01:10 org.resource_28:updated org_19 usr_4298 success
	// 00:02:02 org.resource_19:updated org_830 usr_38 success
}

// TestEvents checks what tests of stores rely on: new ids, events that are
// valid as they are, and a time that runs at the pace.
func TestEvents(t *testing.T) {
	const n, pace = 2000, time.Second
	last, seen := start, map[string]bool{}
	outcomes := map[activitylog.Outcome]int{}
	for _, e := range company.New(1, start, pace).Events(n) {
		if id, err := uuid.Parse(e.ID); err != nil || id.Version() != 7 || seen[e.ID] {
			t.Fatalf("id %q: version %d, %v, seen before: %v", e.ID, id.Version(), err, seen[e.ID])
		}
		if e.Time.Before(last) || e.Time.Sub(last) >= pace {
			t.Fatalf("an event at %s follows one at %s", e.Time, last)
		}
		cleaned := e
		if cleaned.Clean(); !reflect.DeepEqual(cleaned, e) {
			t.Fatalf("cleaning makes %+v of %+v", cleaned, e)
		}
		last, seen[e.ID] = e.Time, true
		outcomes[e.Outcome]++
	}
	if outcomes[activitylog.Success] == 0 || outcomes[activitylog.Denied] == 0 || len(outcomes) != 2 {
		t.Errorf("outcomes: %v", outcomes)
	}
}

func TestNewIsDeterministic(t *testing.T) {
	events := func(seed uint64) []activitylog.Event { return company.New(seed, start, time.Second).Events(50) }
	if !reflect.DeepEqual(events(7), events(7)) {
		t.Error("two companies of one seed made other events")
	}
	if a, b := events(7), events(8); a[0].ID == b[0].ID {
		t.Errorf("two seeds made the same event %s", a[0].ID)
	}
}
