package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/activitylog-go/activitylog"
)

// A Quarantined record was sent to a store and is not among its events.
type Quarantined struct {
	ID     string            // names it in this store: 64 hexadecimal digits
	Event  activitylog.Event // that conflicts with another one, else zero
	Raw    []byte            // what was given to Quarantine, else nil
	Reason string            // why it was put aside
	Time   time.Time         // when it was put aside, the first time that it was sent
}

// ReasonConflict is the reason of an event whose ID was taken by another one.
const ReasonConflict = "conflict: another event has this id"

// ErrNotQuarantined is the error of discarding what is not in quarantine.
var ErrNotQuarantined = errors.New("record not in quarantine")

// A Quarantiner is a Store that also keeps what cannot be stored as an event,
// so that one bad record neither blocks its batch nor is lost.
type Quarantiner interface {
	// Quarantine sets aside a record, as OTLP protobuf bytes of a log request
	// with this record only, with the reason, and returns when it is durable.
	// A record that is in quarantine already is not added again.
	Quarantine(ctx context.Context, raw []byte, reason string) error

	// Quarantined returns the records of the quarantine, conflicts included,
	// oldest first, that follow the one with the ID after, or the first ones if
	// that is "". It returns at most limit of them, which counts as in [Query],
	// and none at the end. The error is ErrNotQuarantined if after is not there
	// any more.
	Quarantined(ctx context.Context, after string, limit int) ([]Quarantined, error)

	// Discard removes a record from quarantine, leaving a [Deed] of the kind
	// [DeedDiscarded] if the store is a [Custodian]. The error is
	// ErrNotQuarantined if it is not there, also for what is no ID.
	Discard(ctx context.Context, id string, by Authority) error
}

// RecordID returns the ID in quarantine of a record that is kept as raw bytes.
func RecordID(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// ConflictID returns the ID in quarantine of e. It is the same when e is sent
// again and observed at another time.
func ConflictID(e activitylog.Event) (string, error) {
	text, err := content(e)
	if err != nil {
		return "", err
	}
	return RecordID(append(text, e.Salt...)), nil
}
