package postgres_test

import (
	"errors"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/exporter/internal/pgtest"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/store"
)

// guarded returns a log with events and the DSN by which a new role with a right
// of the group reaches it.
func guarded(t *testing.T) (s *postgres.Store, as func(group string) string) {
	dsn := newLog(t)
	s = mustOpen(t, dsn)
	t.Cleanup(func() { s.Close() })
	server := pgtest.Shared(t)
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	database := path.Base(u.Path)
	return s, func(group string) string {
		role := group + "_of_" + database
		server.Exec(t, database, "CREATE ROLE "+role+" LOGIN IN ROLE "+group)
		t.Cleanup(func() { server.Exec(t, "postgres", "DROP ROLE "+role) })
		return server.DSNOf(role, database)
	}
}

// TestGuards tries what nobody may do, as roles that exist for it and as the
// owner of the log.
func TestGuards(t *testing.T) {
	s, as := guarded(t)
	events := newCompany(time.Now()).Events(20)
	mustAppend(t, s, events)
	if err := s.Quarantine(t.Context(), []byte("poison"), "x"); err != nil {
		t.Fatal(err)
	}
	if err := s.Hold(t.Context(), store.Hold{Name: "h", Filter: parse(t, "actor:x")}); err != nil {
		t.Fatal(err)
	}
	partition := "activitylog.events_" + time.Now().UTC().Format("2006_01")
	attempts := []string{
		"UPDATE activitylog.events SET actor = 'x'",
		"UPDATE " + partition + " SET actor = 'x'",
		"DELETE FROM activitylog.events",
		"DELETE FROM " + partition,
		"TRUNCATE activitylog.events",
		"TRUNCATE " + partition,
		"INSERT INTO activitylog.events SELECT * FROM activitylog.events ON CONFLICT (id) DO UPDATE SET actor = 'x'",
		"DELETE FROM activitylog.quarantine",
		"UPDATE activitylog.deeds SET by = 'x'",
		"TRUNCATE activitylog.deeds",
	}
	byGrants := []string{
		"SET activitylog.custody = 'on'; DELETE FROM activitylog.events",
		"SET activitylog.custody = 'on'; UPDATE " + partition + " SET actor = 'x'",
		"DROP TABLE " + partition,
		"ALTER TABLE activitylog.events DISABLE TRIGGER ALL",
		"ALTER TABLE activitylog.events DISABLE ROW LEVEL SECURITY",
		"SET session_replication_role = replica; DELETE FROM activitylog.events",
		"DELETE FROM activitylog.holds",
		"INSERT INTO activitylog.scopes VALUES (current_user, 'org_1')",
		"INSERT INTO activitylog.deeds (kind, what, by, reason) VALUES ('pruned', '', '', '')",
		"CREATE FUNCTION activitylog.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
	}
	custody := []string{
		"SELECT activitylog.remove('', '', '', ARRAY(SELECT id FROM activitylog.events))",
		"SELECT activitylog.erase('', '', '', '{}', '{}')",
		"SELECT activitylog.drop_partition('', '', '', '" + path.Base(partition) + "', now())",
		"SELECT activitylog.lock_partition('" + path.Base(partition) + "', now())",
		"SELECT activitylog.release('h', '', '')",
	}
	owner := newestDSN
	tests := []struct {
		dsn      string
		attempts []string
	}{
		{owner, attempts},
		{as("activitylog_writer"), append(append(attempts, byGrants...), custody...)},
		{as("activitylog_reader"), append(append(append(attempts, byGrants...), custody...), "SELECT activitylog.make_partition(now())",
			"INSERT INTO activitylog.names VALUES ('a', 'b', 'c')", "SELECT nextval('activitylog.positions')")},
		{as("activitylog_tenant"), append(append(append(attempts, byGrants...), custody...), "SELECT * FROM activitylog.quarantine", "SELECT * FROM "+partition)},
		{as("activitylog_custodian"), append(attempts, byGrants...)},
	}
	for _, tt := range tests {
		for _, sql := range tt.attempts {
			conn := connect(t, tt.dsn)
			if _, err := conn.Exec(t.Context(), sql); err == nil {
				t.Errorf("%s may: %s", conn.Config().User, sql)
			}
			conn.Close(t.Context())
		}
	}
	checkStored(t, s, events)
	if deeds, err := s.Deeds(t.Context()); err != nil || len(deeds) != 1 {
		t.Errorf("deeds are %+v, %v", deeds, err)
	}
}

// TestCustodyEnds checks that what a custodian's function may is over with it,
// in the same transaction too.
func TestCustodyEnds(t *testing.T) {
	dsn := newLog(t)
	s := mustOpen(t, dsn)
	defer s.Close()
	mustAppend(t, s, newCompany(time.Now()).Events(3))
	for _, call := range []string{
		"activitylog.remove('', '', '', ARRAY(SELECT id FROM activitylog.events LIMIT 1))",
		"activitylog.erase('', '', '', ARRAY(SELECT id FROM activitylog.events), '{}')",
		"activitylog.discard('', '', '')",
		"activitylog.make_partition(now() - interval '1 year')",
	} {
		conn := connect(t, dsn)
		if _, err := conn.Exec(t.Context(), "BEGIN; SELECT "+call); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "DELETE FROM activitylog.events"); err == nil || !strings.Contains(err.Error(), "only added to") {
			t.Errorf("events are removed after %s: %v", call, err)
		}
		conn.Close(t.Context())
	}
}

// TestHeldMeanwhile prunes while a hold begins, in a database whose transactions
// see only what was committed before they began unless they say otherwise.
func TestHeldMeanwhile(t *testing.T) {
	dsn := newLog(t)
	connect(t, dsn).Exec(t.Context(), "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = %L', current_database(), 'repeatable read'); END $$")
	s := mustOpen(t, dsn)
	defer s.Close()
	events := newCompany(time.Now()).Events(5)
	mustAppend(t, s, events)
	tx, err := connect(t, dsn).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		"SELECT pg_advisory_xact_lock(hashtext('activitylog.custody'))",
		"SELECT activitylog.hold('matter', 'actor:" + events[0].Actor.ID + "', '', '', '')",
	} {
		if _, err := tx.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	var pruning sync.WaitGroup
	pruning.Go(func() {
		if _, err := s.Prune(t.Context(), store.Prune{Before: time.Now().Add(time.Hour)}); err != nil {
			t.Errorf("Prune: %v", err)
		}
	})
	for scanOne[int](t, dsn, "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'") == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	pruning.Wait()
	checkStored(t, s, events[:1])
}

// TestRoles does what each role is for.
func TestRoles(t *testing.T) {
	s, as := guarded(t)
	c := newCompany(time.Now())
	writer, err := postgres.OpenExisting(t.Context(), as("activitylog_writer"))
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	events := c.Events(5000) // and a chunk of them
	mustAppend(t, writer, events)
	if r, err := writer.Append(t.Context(), events[:10]); err != nil || r.Duplicates != 10 {
		t.Errorf("Append again = %+v, %v", r, err)
	}
	forged := events[0]
	forged.Reason = "forged"
	if r, err := writer.Append(t.Context(), append(c.Events(1), forged)); err != nil || r.Added != 1 || r.Conflicts != 1 {
		t.Errorf("Append of a conflict = %+v, %v", r, err)
	}
	old := c.Event()
	old.ID = c.IDAt(time.Now().AddDate(-1, 0, 0))
	if r, err := writer.Append(t.Context(), []activitylog.Event{old}); err != nil || r.Added != 1 {
		t.Errorf("Append of an old event = %+v, %v", r, err)
	}
	waitForChunks(t, s, 1)

	reader := mustOpenReader(t, as("activitylog_reader"))
	if n := mustCount(t, reader, ""); n != 5002 {
		t.Errorf("the reader sees %d events, want 5002", n)
	}
	if n := mustCount(t, reader, "request:"+events[7].Source.RequestID); n != 1 {
		t.Errorf("the reader finds %d events of a request, want 1", n)
	}
	if _, err := reader.Append(t.Context(), events); err == nil {
		t.Error("a reader can append")
	}
	custodian := mustOpenReader(t, as("activitylog_custodian"))
	if n, err := custodian.Prune(t.Context(), store.Prune{Filter: parse(t, "actor:"+events[3].Actor.ID), Before: time.Now().Add(time.Hour)}); err != nil || n == 0 {
		t.Errorf("Prune by the custodian: %d, %v", n, err)
	}
	if n, _, err := custodian.Erase(t.Context(), store.Erasure{Person: old.Actor.ID}); err != nil || n == 0 {
		t.Errorf("Erase by the custodian: %d, %v", n, err)
	}
}

// TestTenants checks that a reader that is opened for a tenant, and a role that
// is given one, see no event of another one whatever they ask.
func TestTenants(t *testing.T) {
	s, as := guarded(t)
	events := newCompany(time.Now()).Events(3000)
	for i := range events {
		events[i].Tenant = []string{"acme", "o'ther", "third"}[i%3]
	}
	mustAppend(t, s, events)
	reader, tenant := as("activitylog_reader"), as("activitylog_tenant")
	narrow := "?activitylog.tenant=" + url.QueryEscape("o'ther")

	for _, tt := range []struct {
		dsn  string
		want map[string]int
	}{
		{reader, map[string]int{"": 3000, "tenant:acme": 1000}},
		{reader + narrow, map[string]int{"": 1000, "tenant:acme": 0, "tenant:o'ther": 1000, "-tenant:x": 1000}},
		{tenant, map[string]int{"": 0, "tenant:acme": 0}},
	} {
		r := mustOpenReader(t, tt.dsn)
		for text, want := range tt.want {
			if n := mustCount(t, r, text); n != want {
				t.Errorf("%s: %q finds %d events, want %d", tt.dsn, text, n, want)
			}
		}
	}
	checkNarrowed(t, s, mustOpenReader(t, reader+narrow))
	role := strings.Split(strings.TrimPrefix(tenant, "postgres://"), "@")[0]
	if _, err := connect(t, newestDSN).Exec(t.Context(), "INSERT INTO activitylog.scopes VALUES ($1, 'acme')", role); err != nil {
		t.Fatal(err)
	}
	r := mustOpenReader(t, tenant)
	if _, err := r.Get(t.Context(), events[1].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Get of another tenant's event: %v", err)
	}
	f, err := r.Facet(t.Context(), store.FacetQuery{Key: "tenant"})
	if err != nil || len(f.Values) != 1 || f.Values[0].Value != "acme" || f.Values[0].Events != 1000 {
		t.Errorf("the tenants are %+v, %v", f, err)
	}
	conn := connect(t, tenant)
	for _, sql := range []string{
		"SELECT count(*) FROM activitylog.events WHERE tenant <> 'acme'",
		"SET activitylog.tenant = 'third'; SELECT count(*) FROM activitylog.events",
		"SELECT count(*) FROM activitylog.names WHERE key = 'tenant' AND value <> 'acme'",
	} {
		results, err := conn.PgConn().Exec(t.Context(), sql).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := string(results[len(results)-1].Rows[0][0]); got != "0" {
			t.Errorf("%s: %s, want 0", sql, got)
		}
	}
	if _, err := postgres.OpenReader(t.Context(), newestDSN+narrow); err == nil || !strings.Contains(err.Error(), "sees all tenants") {
		t.Errorf("OpenReader for a tenant as the owner: %v", err)
	}
	if _, err := postgres.Open(t.Context(), newestDSN+narrow); err == nil || !strings.Contains(err.Error(), "reading only") {
		t.Errorf("Open for a tenant: %v", err)
	}
}

// checkNarrowed checks that a reader for a tenant sees nothing that is of no
// tenant, and changes nothing, although there is something.
func checkNarrowed(t *testing.T, s, narrow *postgres.Store) {
	t.Helper()
	hold := store.Hold{Name: "h", Filter: parse(t, "actor:nobody")}
	if err := s.Hold(t.Context(), hold); err != nil {
		t.Fatal(err)
	}
	if err := s.Quarantine(t.Context(), []byte("raw"), "x"); err != nil {
		t.Fatal(err)
	}
	held, err := narrow.Holds(t.Context())
	if err != nil || len(held) > 0 {
		t.Errorf("holds are %+v, %v", held, err)
	}
	aside, err := narrow.Quarantined(t.Context(), "", 10)
	if err != nil || len(aside) > 0 {
		t.Errorf("in quarantine: %+v, %v", aside, err)
	}
	deeds, err := narrow.Deeds(t.Context())
	if err != nil || len(deeds) > 0 {
		t.Errorf("deeds are %+v, %v", deeds, err)
	}
	_, prune := narrow.Prune(t.Context(), store.Prune{Before: time.Now()})
	_, _, erase := narrow.Erase(t.Context(), store.Erasure{Person: "x"})
	for what, err := range map[string]error{
		"prune": prune, "erase": erase, "hold": narrow.Hold(t.Context(), hold),
		"release": narrow.Release(t.Context(), "h", store.Authority{}),
		"discard": narrow.Discard(t.Context(), store.RecordID([]byte("raw")), store.Authority{}),
	} {
		if err == nil || !strings.Contains(err.Error(), "opened for one tenant") {
			t.Errorf("%s by a reader for a tenant: %v", what, err)
		}
	}
}

// waitForChunks waits until so many chunks are indexed.
func waitForChunks(t *testing.T, s *postgres.Store, want int) {
	t.Helper()
	for range 1000 {
		n, err := s.Chunks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n >= want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("there are no %d chunks", want)
}
