package clickhouse_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/clickhouse"
	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/query"
	"github.com/activitylog-go/activitylog/store"
)

const shard = "<shard><replica><host>127.0.0.1</host><port>%d</port></replica></shard>"

// startCluster starts a cluster of two shards and makes the tables that the
// migrations make on it. libchdb has no Keeper, so each server is told alone.
func startCluster(t *testing.T) (servers []*chtest.Server, dsns []string) {
	t.Helper()
	ports := chtest.FreePorts(t, 2)
	config := fmt.Sprintf("<remote_servers><main>"+shard+shard+"</main></remote_servers>", ports[0], ports[1])
	statements, err := clickhouse.Statements("activity", "main")
	if err != nil {
		t.Fatal(err)
	}
	for _, port := range ports {
		s := chtest.StartWith(t, port, config)
		servers, dsns = append(servers, s), append(dsns, s.DSN("activity")+"?cluster=main")
		conn, err := chtest.Connect(s.DSN(""))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.Exec(t.Context(), "CREATE DATABASE activity ENGINE = Atomic"); err != nil {
			t.Fatal(err)
		}
		conn, err = chtest.Connect(s.DSN("activity"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for _, statement := range append(statements, "INSERT INTO schema_version_local (version) VALUES (1)") {
			if err := conn.Exec(t.Context(), clickhouse.Alone(statement, "main")); err != nil {
				t.Fatalf("%v: %s", err, statement)
			}
		}
	}
	return servers, dsns
}

func mustOpenExisting(t *testing.T, dsn string) *clickhouse.Store {
	t.Helper()
	s, err := clickhouse.OpenExisting(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestCluster adds events over both servers of a cluster, kills one of them and
// starts it again.
func TestCluster(t *testing.T) {
	servers, dsns := startCluster(t)
	a, b := mustOpenExisting(t, dsns[0]), mustOpenExisting(t, dsns[1])
	c := newCompany()
	all := c.Events(2000)
	appendAll(t, a, rand.New(rand.NewPCG(1, 1)), all[:1200])
	appendAll(t, b, rand.New(rand.NewPCG(2, 2)), all[800:]) // some that are there
	for _, s := range []*clickhouse.Store{a, b} {
		checkOnce(t, s, all)
		var n uint64
		if err := s.Conn().QueryRow(t.Context(), "SELECT count() FROM events_local").Scan(&n); err != nil || n < 800 || n > 1200 {
			t.Errorf("a shard has %d of 2000 events, %v", n, err)
		}
	}
	forged := all[0]
	forged.Reason = "forged"
	if r, err := b.Append(t.Context(), []activitylog.Event{forged}); err != nil || r.Conflicts != 1 {
		t.Errorf("a forged event: %+v, %v", r, err)
	}
	if page, err := b.List(t.Context(), store.Query{Filter: parse(t, "tenant:"+all[7].Tenant)}); err != nil || len(page.Events) == 0 {
		t.Errorf("events of a tenant: %d, %v", len(page.Events), err)
	}

	servers[1].Kill()
	more := c.Events(300)
	if r, err := a.Append(t.Context(), more); err == nil || r != (store.Result{}) || !strings.Contains(err.Error(), "shard") {
		t.Errorf("Append without one of the shards = %+v, %v", r, err)
	}
	if _, err := a.List(t.Context(), store.Query{}); err == nil {
		t.Error("a list without one of the shards does not say that it is not whole")
	}
	servers[1].Restart(t)
	appendAll(t, a, rand.New(rand.NewPCG(3, 3)), more)
	checkOnce(t, a, append(all, more...))
	checkOnce(t, b, append(all, more...))
}

func parse(t testing.TB, text string) query.Query {
	t.Helper()
	q, err := query.Parse(text, query.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return q
}
