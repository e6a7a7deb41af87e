package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Codes of errors of the server.
const (
	codeUnknownTable    = 60
	codeUnknownDatabase = 81
	codeTimeout         = 159
	codeReadOnly        = 164
	codeNoShard         = 210
	codeNotEnoughSpace  = 243
	codeTooManyParts    = 252
	codeNoConnection    = 279
	codeNoReplicas      = 285
	codeNoDDL           = 392
	codeAccess          = 497
	codePassword        = 516
)

var hints = map[int32]string{
	codeUnknownTable:    "there is no activity log in this database, make one with activitylog migrate --store DSN",
	codeUnknownDatabase: "there is no such database, make it with activitylog migrate --store DSN",
	codeTimeout:         "the server was too slow, try again",
	codeReadOnly:        "this user may only read",
	codeNoShard:         "a shard of the cluster does not answer, try again",
	codeNoConnection:    "a shard of the cluster does not answer, try again",
	codeNotEnoughSpace:  "the disk of the server is full, make room and try again",
	codeTooManyParts:    "the server does not keep up with merging: send larger batches",
	codeNoReplicas:      "too few replicas are alive, try again",
	codeNoDDL:           "the server does not run statements ON CLUSTER: it needs Keeper",
	codeAccess:          "this user lacks a right",
	codePassword:        "wrong user or password",
}

// explain says what an error means for the one who operates the store. When
// the context is done, that is the reason.
func explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		return context.DeadlineExceeded // the connection had it a moment before the context
	}
	if hint, ok := hints[code(err)]; ok {
		return fmt.Errorf("%s: %w", hint, err)
	}
	return err
}

// wrap adds which store it was.
func (s *Store) wrap(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("clickhouse store %s: %w", s.config.name, explain(ctx, err))
}

// code returns the number of an error of the server, else 0.
func code(err error) int32 {
	var e *clickhouse.Exception
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code
}
