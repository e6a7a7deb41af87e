package clickhouse_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/store"
)

// TestDiskFull fills the disk of the server: an Append fails, what is there can
// be read, and when there is room again, nothing is missing.
func TestDiskFull(t *testing.T) {
	const megabytes = 64
	server := chtest.StartSmall(t, megabytes)
	s := mustOpen(t, chtest.NewDatabase(t, server.DSN("")))
	defer s.Close()
	c := newCompany()
	all := c.Events(500)
	appendAll(t, s, rand.New(rand.NewPCG(1, 1)), all)
	ballast := filepath.Join(server.Data(), "ballast")
	for range 2 {
		if err := os.WriteFile(ballast, make([]byte, megabytes<<20), 0o666); err == nil {
			t.Fatal("the disk is not full")
		}
		more := c.Events(500)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if r, err := s.Append(ctx, more); err == nil || errors.Is(err, store.ErrEvent) || r != (store.Result{}) {
			t.Errorf("Append to a full disk = %+v, %v", r, err)
		} else {
			t.Log(err)
		}
		cancel()
		checkOnce(t, s, all)
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		appendAll(t, s, rand.New(rand.NewPCG(2, 2)), more)
		all = append(all, more...)
		checkOnce(t, s, all)
	}
}
