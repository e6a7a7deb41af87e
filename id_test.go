package activitylog_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
)

func TestNewID(t *testing.T) {
	last := ""
	for range 10_000 {
		before := time.Now()
		s := activitylog.NewID()
		id, err := uuid.Parse(s)
		if err != nil || id.Version() != 7 || id.Variant() != uuid.RFC4122 || id.String() != s {
			t.Fatalf("NewID() = %q, want a UUID of version 7: %v", s, err)
		}
		if s <= last {
			t.Fatalf("id %q follows %q", s, last)
		}
		sec, ns := id.Time().UnixTime()
		if made := time.Unix(sec, ns); made.Before(before.Add(-time.Second)) || made.After(time.Now().Add(time.Second)) {
			t.Fatalf("id %q says %v, want %v", s, made, before)
		}
		last = s
	}
}

func TestNewIDConcurrent(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1000 {
				id := activitylog.NewID()
				mu.Lock()
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != 8000 {
		t.Errorf("%d of 8000 ids differ", len(seen))
	}
}
