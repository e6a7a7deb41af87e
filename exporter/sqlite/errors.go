package sqlite

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// explain says what an error of SQLite means for the one who operates the
// store. When the context is done that is the reason: SQLite then reports that
// it was interrupted.
func explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	hint := ""
	switch code(err) {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		hint = "another process is writing and did not finish in time, try again"
	case codes.SQLITE_FULL:
		hint = "the disk is full, nothing was added, make room and try again"
	case codes.SQLITE_CORRUPT:
		hint = "the file is damaged, restore it from a backup"
	case codes.SQLITE_NOTADB:
		hint = "the file is no SQLite database"
	case codes.SQLITE_READONLY:
		hint = "the file or its folder cannot be written"
	case codes.SQLITE_CANTOPEN:
		hint = "the file cannot be opened, check that it exists and its rights"
	default:
		return err
	}
	return fmt.Errorf("%s: %w", hint, err)
}

func isBusy(err error) bool {
	c := code(err)
	return c == codes.SQLITE_BUSY || c == codes.SQLITE_LOCKED
}

// isTaken reports whether rows were not inserted because an id is there already.
func isTaken(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == codes.SQLITE_CONSTRAINT_UNIQUE
}

// isDenied reports whether a file or its folder could not be opened or written.
func isDenied(err error) bool {
	c := code(err)
	return c == codes.SQLITE_CANTOPEN || c == codes.SQLITE_READONLY
}

// code returns the primary result code of an error of SQLite, else 0.
func code(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}
