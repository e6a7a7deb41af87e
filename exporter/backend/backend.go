// Package backend opens a store by its DSN, the one form in which
// configuration files and command lines name stores:
//
//	sqlite:FILE          a SQLite file; a plain file name means the same
//	postgres://...       a PostgreSQL database, as libpq's URLs name it
//	clickhouse://...     a ClickHouse database, see package clickhouse
//	memory:              in memory, for this one opener
//	memory:NAME          in memory, the same for all openers of this process
package backend

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/activitylog-go/activitylog/exporter/clickhouse"
	"github.com/activitylog-go/activitylog/exporter/postgres"
	"github.com/activitylog-go/activitylog/exporter/sqlite"
	"github.com/activitylog-go/activitylog/store"
	"github.com/activitylog-go/activitylog/store/memory"
)

// Open opens the store that dsn names for reading and writing, and creates it
// if it does not exist. An error never shows a password.
func Open(ctx context.Context, dsn string) (store.Store, error) {
	return resolve(dsn, kinds[store.Store]{
		sqlite:     func(file string) (store.Store, error) { return orNil(sqlite.Open(ctx, file)) },
		postgres:   func(dsn string) (store.Store, error) { return orNil(postgres.Open(ctx, dsn)) },
		clickhouse: func(dsn string) (store.Store, error) { return orNil(clickhouse.Open(ctx, dsn)) },
		memory:     openMemory,
	})
}

// OpenExisting is Open for somebody who may add events to a database and not
// change its schema, which must be there. A file has nobody else to make it.
func OpenExisting(ctx context.Context, dsn string) (store.Store, error) {
	return resolve(dsn, kinds[store.Store]{
		sqlite:     func(file string) (store.Store, error) { return orNil(sqlite.Open(ctx, file)) },
		postgres:   func(dsn string) (store.Store, error) { return orNil(postgres.OpenExisting(ctx, dsn)) },
		clickhouse: func(dsn string) (store.Store, error) { return orNil(clickhouse.OpenExisting(ctx, dsn)) },
		memory:     openMemory,
	})
}

// OpenReader opens the store that dsn names for reading only: nothing is
// created or changed, and a store that does not exist is an error, except in
// memory.
func OpenReader(ctx context.Context, dsn string) (store.Store, error) {
	return resolve(dsn, kinds[store.Store]{
		sqlite:     func(file string) (store.Store, error) { return orNil(sqlite.OpenReader(ctx, file)) },
		postgres:   func(dsn string) (store.Store, error) { return orNil(postgres.OpenReader(ctx, dsn)) },
		clickhouse: func(dsn string) (store.Store, error) { return orNil(clickhouse.OpenReader(ctx, dsn)) },
		memory:     openMemory,
	})
}

// Kind returns the kind of the store that dsn names: "sqlite", "postgres",
// "clickhouse" or "memory". It asks no server. The error never shows a password.
func Kind(dsn string) (string, error) {
	is := func(kind string) func(string) (string, error) {
		return func(string) (string, error) { return kind, nil }
	}
	return resolve(dsn, kinds[string]{
		sqlite: is("sqlite"), postgres: is("postgres"), clickhouse: is("clickhouse"), memory: is("memory"),
	})
}

// kinds are what to do with a store of each kind: with its file, its URL, its
// name in memory.
type kinds[T any] struct {
	sqlite, postgres, clickhouse, memory func(string) (T, error)
}

func openMemory(name string) (store.Store, error) {
	if name == "" {
		return memory.New(), nil
	}
	return shared.open(name), nil
}

// orNil keeps a nil pointer from becoming a store.
func orNil[S store.Store](s S, err error) (store.Store, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// scheme matches what stands before the colon of a DSN. One letter is a drive.
var scheme = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]+):(.*)$`)

// resolve does what by says with the store that dsn names.
func resolve[T any](dsn string, by kinds[T]) (none T, err error) {
	parts := scheme.FindStringSubmatch(dsn)
	if parts == nil {
		parts = []string{dsn, "sqlite", dsn}
	}
	switch name, rest := strings.ToLower(parts[1]), parts[2]; name {
	case "sqlite":
		if rest == "" {
			return none, errors.New("store: a file name is missing, as in sqlite:activitylog.db")
		}
		return by.sqlite(rest)
	case "memory":
		return by.memory(rest)
	case "postgres", "postgresql":
		return by.postgres(name + ":" + rest)
	case "clickhouse":
		return by.clickhouse(name + ":" + rest)
	default:
		return none, fmt.Errorf("store %s: unknown kind %q, want sqlite:FILE, postgres://..., clickhouse://... or memory:NAME; for a file with a colon in its name write sqlite: before it", Redact(dsn), name)
	}
}

// What may be a password in a DSN: what stands between the scheme and the
// last @, and the values of parameters.
var (
	credentials = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]*:(?://)?).*@`)
	parameters  = regexp.MustCompile(`(?s)[?#].*$`)
)

// Redact returns dsn without what may be a secret, for logs and errors.
func Redact(dsn string) string {
	if parts := scheme.FindStringSubmatch(dsn); parts == nil || strings.EqualFold(parts[1], "sqlite") || strings.EqualFold(parts[1], "memory") {
		return dsn
	}
	return parameters.ReplaceAllString(credentials.ReplaceAllString(dsn, "${1}...@"), "?...")
}
