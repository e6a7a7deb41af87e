package activitylog_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/activitylog-go/activitylog"
)

func TestDraft(t *testing.T) {
	ctx, draft := activitylog.Begin(t.Context())
	type key struct{}
	derived, cancel := context.WithCancel(context.WithValue(ctx, key{}, "x"))
	cancel()

	d := activitylog.From(derived)
	d.SetActor(activitylog.Actor{ID: "eve"})
	d.SetActor(activitylog.Actor{ID: "ann"})
	d.SetTenant("acme")
	d.AddTarget(activitylog.Target{Type: "member", ID: "1"})
	d.AddTarget(activitylog.Target{Type: "member", ID: "2"})
	d.AddChange("/role", "viewer", "admin")
	d.AddChanges(activitylog.Diff(map[string]int{"a": 1, "b": 2}, map[string]int{"a": 2, "b": 3})...)
	d.SetOutcome(activitylog.Denied)
	d.SetReason("no")
	d.Set("plan", "gold")
	d.Suppress("")

	set, ok := draft.Close()
	if !ok {
		t.Fatal("Close says that the draft was closed before")
	}
	if set.Actor.ID != "ann" || set.Tenant != "acme" || len(set.Targets) != 2 || set.Targets[0].ID != "1" ||
		len(set.Changes) != 3 || string(set.Changes[0].New) != `"admin"` || set.Outcome != activitylog.Denied ||
		set.Reason != "no" || len(set.Attributes) != 1 || set.Suppressed == "" {
		t.Errorf("Close returned %+v", set)
	}
}

func TestDraftAfterClose(t *testing.T) {
	_, draft := activitylog.Begin(t.Context())
	draft.SetReason("before")
	set, _ := draft.Close()
	draft.SetReason("after")
	draft.AddTarget(activitylog.Target{Type: "late"})
	if set.Reason != "before" || len(set.Targets) != 0 {
		t.Errorf("what was said after Close got into %+v", set)
	}
	if again, ok := draft.Close(); ok {
		t.Errorf("second Close returned %+v, true", again)
	}
}

// TestDraftNil checks that a handler need not ask whether its request may be
// an event.
func TestDraftNil(t *testing.T) {
	d := activitylog.From(t.Context())
	if d != nil {
		t.Fatalf("From found the draft %v outside of a request", d)
	}
	d.SetActor(activitylog.Actor{ID: "ann"})
	d.SetTenant("acme")
	d.AddTarget(activitylog.Target{})
	d.AddChange("/a", 1, 2)
	d.SetOutcome(activitylog.Denied)
	d.SetReason("no")
	d.Set("k", 1)
	d.Suppress("no")
	if set, ok := d.Close(); ok {
		t.Errorf("Close of nil returned %+v, true", set)
	}
}

// TestDraftChangeIsEncodedAtOnce checks that a caller may go on using a value.
func TestDraftChangeIsEncodedAtOnce(t *testing.T) {
	_, draft := activitylog.Begin(t.Context())
	roles := []string{"viewer"}
	draft.AddChange("/roles", nil, roles)
	draft.Set("roles", roles)
	roles[0] = "admin"
	set, _ := draft.Close()
	got, _ := set.Attributes.Get("roles")
	if string(set.Changes[0].New) != `["viewer"]` || got.AsString() != `["viewer"]` {
		t.Errorf("change is %s and attribute %s, want the values before", set.Changes[0].New, got.AsString())
	}
}

// TestDraftConcurrent is for the race detector, and checks that each target
// that was added before the end is in the event, and none after it.
func TestDraftConcurrent(t *testing.T) {
	ctx, draft := activitylog.Begin(t.Context())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 100 {
				d := activitylog.From(ctx)
				d.SetActor(activitylog.Actor{ID: fmt.Sprint(i)})
				d.AddTarget(activitylog.Target{Type: "t", ID: fmt.Sprint(i, j)})
				d.Set(fmt.Sprint(i), j)
			}
		})
	}
	wg.Wait()
	var late sync.WaitGroup
	late.Go(func() { activitylog.From(ctx).AddTarget(activitylog.Target{ID: "late"}) })
	set, _ := draft.Close()
	late.Wait()
	if n := len(set.Targets); n < 800 || n > 801 || len(set.Attributes) != 8 {
		t.Errorf("draft has %d targets and %d attributes, want 800 or 801 and 8", n, len(set.Attributes))
	}
}

// TestNameForPointer checks that a handler that names a field says what it means.
func TestNameForPointer(t *testing.T) {
	for path, want := range map[string]string{"role": "/role", "/role": "/role", "address/city": "/address/city", "": ""} {
		if c := activitylog.NewChange(path, 1, 2); c.Path != want {
			t.Errorf("%q: path %q, want %q", path, c.Path, want)
		}
	}
}
