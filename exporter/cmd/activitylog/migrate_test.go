package main

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/activitylog-go/activitylog/exporter/backend"
	"github.com/activitylog-go/activitylog/exporter/internal/chtest"
	"github.com/activitylog-go/activitylog/exporter/internal/pgtest"
)

// execute runs a statement past the store.
func execute(t *testing.T, dsn, statement string) {
	t.Helper()
	ctx, err := context.Background(), error(nil)
	switch kind, file, _ := strings.Cut(dsn, ":"); kind {
	case "sqlite":
		var db *sql.DB
		if db, err = sql.Open("sqlite", file); err == nil {
			defer db.Close()
			_, err = db.ExecContext(ctx, statement)
		}
	case "postgres":
		var conn *pgx.Conn
		if conn, err = pgx.Connect(ctx, dsn); err == nil {
			defer conn.Close(ctx)
			_, err = conn.Exec(ctx, statement)
		}
	default:
		conn, e := chtest.Connect(dsn)
		if err = e; err == nil {
			defer conn.Close()
			err = conn.Exec(ctx, statement)
		}
	}
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// migrates checks that the schema is made once, told, and the same that is printed.
func migrates(t *testing.T, dsn string) {
	printed, _ := mustRun(t, 0, "migrate", "--store", dsn, "--print")
	if !strings.Contains(printed, "CREATE TABLE") || !strings.Contains(printed, "quarantine") {
		t.Errorf("printed %.200s", printed)
	}
	versions, err := backend.Version(t.Context(), dsn)
	if err != nil || versions.Found != 0 || versions.Newest == 0 {
		t.Fatalf("versions %+v, %v", versions, err)
	}
	switch {
	case strings.HasPrefix(dsn, "postgres"):
		execute(t, dsn, printed)
		if stdout, _ := mustRun(t, 0, "migrate", "--store", dsn); !strings.Contains(stdout, "the newest") {
			t.Errorf("after the statements were run: %s", stdout)
		}
		execute(t, dsn, "DROP SCHEMA activitylog CASCADE")
	case strings.HasPrefix(dsn, "clickhouse"):
		for statement := range strings.SplitSeq(printed, ";\n") {
			if !strings.HasPrefix(strings.TrimSpace(statement), "USE") && strings.TrimSpace(statement) != "" {
				execute(t, dsn, statement)
			}
		}
		if stdout, _ := mustRun(t, 0, "migrate", "--store", dsn); !strings.Contains(stdout, "the newest") {
			t.Errorf("after the statements were run: %s", stdout)
		}
		return
	}
	if stdout, _ := mustRun(t, 0, "migrate", "--store", dsn); !strings.Contains(stdout, "created the schema, version ") {
		t.Errorf("got %s", stdout)
	}
	if stdout, _ := mustRun(t, 0, "migrate", "--store", dsn, "--output", "ndjson"); !strings.Contains(stdout, `"found":`) || !strings.Contains(stdout, `"now":`) {
		t.Errorf("got %s", stdout)
	}
	fillStore(t, dsn, 1) // without a right to create
}

func migratesAtOnce(t *testing.T, dsn string) {
	for _, stdout := range atOnce(t, "migrate", "--store", dsn) {
		if !strings.Contains(stdout, "created the schema") && !strings.Contains(stdout, "the newest") {
			t.Errorf("got %s", stdout)
		}
	}
	fillStore(t, dsn, 1)
}

// refusesNewer checks that a store of a later program is left alone.
func refusesNewer(t *testing.T, dsn string) {
	fillStore(t, dsn, 1)
	statement := "INSERT INTO schema_version (version_id, is_applied) VALUES (99, true)"
	switch {
	case strings.HasPrefix(dsn, "postgres"):
		statement = strings.Replace(statement, "schema_version", "activitylog.schema_version", 1)
	case strings.HasPrefix(dsn, "clickhouse"):
		statement = "INSERT INTO schema_version (version) VALUES (99)"
	}
	execute(t, dsn, statement)
	for _, args := range [][]string{
		{"migrate"}, {"hold", "list"}, {"hold", "add", "x", "*", "--by", "a", "--reason", "r"}, {"deeds"},
		{"erase", "usr_1", "--yes", "--by", "a", "--reason", "r"}, {"retention", "--rule", "{keep: 1d}", "--yes", "--by", "a"},
	} {
		if stdout, stderr := mustRun(t, 2, append(args, "--store", dsn)...); stdout != "" || !strings.Contains(stderr, "version 99") || !strings.Contains(stderr, "use a newer program") {
			t.Errorf("%q: %s%s", args, stdout, stderr)
		}
	}
}

// TestMigrateRoles checks that an owner who may not make roles is told which to
// ask for, that they have their rights afterwards, and what becomes of each
// command without them.
func TestMigrateRoles(t *testing.T) {
	server := pgtest.Start(t)
	server.Exec(t, "postgres", "CREATE ROLE owner LOGIN")
	server.Exec(t, "postgres", "CREATE DATABASE log OWNER owner")
	dsn := server.DSNOf("owner", "log")
	stdout, _ := mustRun(t, 0, "migrate", "--store", dsn)
	want := "CREATE ROLE activitylog_writer; CREATE ROLE activitylog_reader; CREATE ROLE activitylog_tenant; CREATE ROLE activitylog_custodian;"
	if !strings.Contains(stdout, want) || strings.Contains(stdout, "owner@") {
		t.Errorf("want %s in\n%s", want, stdout)
	}
	server.Exec(t, "log", want+`
		CREATE ROLE w LOGIN IN ROLE activitylog_writer;
		CREATE ROLE r LOGIN IN ROLE activitylog_reader;
		CREATE ROLE c LOGIN IN ROLE activitylog_custodian`)
	if stdout, _ := mustRun(t, 0, "migrate", "--store", dsn); strings.Contains(stdout, "ROLE") || !strings.Contains(stdout, "the newest") {
		t.Errorf("with all roles:\n%s", stdout)
	}
	fillStore(t, dsn, 2)

	for role, status := range map[string]int{"w": 2, "r": 2, "c": 0} {
		as := server.DSNOf(role, "log")
		for _, args := range [][]string{
			{"hold", "add", "x", "target:mem_0", "--by", role, "--reason", "r"}, {"hold", "release", "x", "--by", role},
			{"erase", "mem_1", "--by", role, "--reason", "r", "--yes"}, {"retention", "--rule", "{keep: 1s}", "--by", role, "--yes"},
		} {
			if args[1] == "release" && status == 2 {
				mustRun(t, 0, "hold", "add", "x", "target:mem_0", "--by", "c", "--reason", "r", "--store", server.DSNOf("c", "log"))
			}
			_, stderr := mustRun(t, status, append(args, "--store", as)...)
			if status == 2 && !strings.Contains(stderr, "the role lacks a right") {
				t.Errorf("%s: %q: %s", role, args, stderr)
			}
			if args[1] == "release" && status == 2 {
				mustRun(t, 0, "hold", "release", "x", "--by", "c", "--store", server.DSNOf("c", "log"))
			}
		}
		if role != "c" {
			mustRun(t, 0, "deeds", "--store", as)
		}
		if _, stderr := mustRun(t, 2, "migrate", "--store", as); !strings.Contains(stderr, "must be owner") {
			t.Errorf("%s: migrate: %s", role, stderr)
		}
	}
}
