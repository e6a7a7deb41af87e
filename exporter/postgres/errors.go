package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/activitylog-go/activitylog/store"
)

// Codes of PostgreSQL's errors.
const (
	uniqueViolation = "23505"
	checkViolation  = "23514"
	undefinedTable  = "42P01"
	deadlock        = "40P01"
	serialization   = "40001"
	readOnly        = "25006"
	lockTimeout     = "55P03"
	denied          = "42501"
	diskFull        = "53100"
	noDatabase      = "3D000"
	tooManyClients  = "53300"
	shutdown        = "57P01"
	crash           = "57P02"
	starting        = "57P03"

	duplicateSchema   = "42P06"
	duplicateTable    = "42P07"
	duplicateObject   = "42710"
	duplicateFunction = "42723"
)

func code(err error) string {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return ""
	}
	return e.Code
}

var hints = map[string]string{
	readOnly:       "the server takes no writes now, because it is a standby or was made read-only",
	lockTimeout:    "somebody holds a lock on the log, try again",
	denied:         "the role lacks a right: grant it activitylog_reader to read, activitylog_writer to add, or activitylog_custodian to hold, erase and prune",
	noDatabase:     "there is no such database, create it (createdb NAME)",
	diskFull:       "the disk is full, nothing was added, make room and try again",
	tooManyClients: "the server has no connection left, see max_connections",
	shutdown:       "the server is being stopped or has ended the connection, try again",
	crash:          "the server has crashed, try again",
	starting:       "the server is starting or stopping, try again",
}

// explain says which store has failed and what an error means for the one who
// operates it. When the context is done that is the reason.
func (s *Store) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("postgres store %s: %w", s.name, cause)
	}
	if isEventFault(err) {
		return fmt.Errorf("postgres store %s: %w: %w", s.name, store.ErrEvent, err)
	}
	if hint := hints[code(err)]; hint != "" {
		err = fmt.Errorf("%s: %w", hint, err)
	}
	return fmt.Errorf("postgres store %s: %w", s.name, err)
}

// isEventFault reports whether the server refused a value: class 22 is about
// data, class 54 about the size of what is stored. Everything else may pass.
func isEventFault(err error) bool {
	c := code(err)
	return strings.HasPrefix(c, "22") || strings.HasPrefix(c, "54")
}

// mayPass reports whether the same transaction may succeed at once.
func mayPass(err error) bool {
	c := code(err)
	return c == deadlock || c == serialization || pgconn.SafeToRetry(err)
}
