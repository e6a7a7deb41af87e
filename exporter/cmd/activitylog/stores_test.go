package main

import (
	"path/filepath"
	"testing"

	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/exporter/internal/pgtest"
)

// stores are what the program is tried with. The function open starts a server
// and returns what makes databases on it, which go with their test.
var stores = []struct {
	name string
	open func(t *testing.T) func(*testing.T) string
}{
	{"sqlite", func(*testing.T) func(*testing.T) string {
		return func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "activitylog.db") }
	}},
	{"postgres", func(t *testing.T) func(*testing.T) string {
		s := pgtest.Start(t)
		return func(t *testing.T) string { return s.Database(t) }
	}},
	{"clickhouse", func(t *testing.T) func(*testing.T) string {
		s := chtest.Start(t)
		return func(t *testing.T) string { return chtest.NewDatabase(t, s.DSN("")) }
	}},
}
