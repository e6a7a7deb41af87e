package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/query"
)

// A Position is a place in the order of List.
type Position struct {
	Time time.Time
	ID   uuid.UUID
}

// PositionOf returns the place of e, which must have passed [Check].
func PositionOf(e *activitylog.Event) Position {
	id, _ := ParseID(e.ID)
	return Position{Time: e.Time.UTC().Round(0), ID: id}
}

// A cursor is a version, nanoseconds, an id and the beginning of the filter's
// hash, in base64url.
const (
	cursorVersion = 1
	cursorHash    = 8
	cursorLen     = 1 + 8 + 16 + cursorHash
)

var cursorEncoding = base64.RawURLEncoding.Strict()

// EncodeCursor returns the cursor of the page that begins behind p.
//
// The cursor is bound to the terms and the end of the filter, not to Since:
// "last:24h" begins a little later each time it is parsed, and events that a
// later page no longer reaches are those that have left the window.
func EncodeCursor(p Position, filter query.Query) string {
	b := make([]byte, 0, cursorLen)
	b = append(b, cursorVersion)
	b = binary.BigEndian.AppendUint64(b, uint64(p.Time.UnixNano()))
	b = append(b, p.ID[:]...)
	b = append(b, filterHash(filter)...)
	return cursorEncoding.EncodeToString(b)
}

// DecodeCursor returns the position that cursor was made of. The error wraps
// [ErrCursor] if it was made for another filter, or not by EncodeCursor.
func DecodeCursor(cursor string, filter query.Query) (Position, error) {
	b, err := cursorEncoding.DecodeString(cursor) // skips line ends: both lengths count
	if err != nil || len(cursor) != cursorEncoding.EncodedLen(cursorLen) || len(b) != cursorLen || b[0] != cursorVersion {
		return Position{}, fmt.Errorf("%w: unknown form", ErrCursor)
	}
	if string(b[cursorLen-cursorHash:]) != string(filterHash(filter)) {
		return Position{}, fmt.Errorf("%w: it was made for another filter", ErrCursor)
	}
	return Position{
		Time: time.Unix(0, int64(binary.BigEndian.Uint64(b[1:]))).UTC(),
		ID:   uuid.UUID(b[9:25]),
	}, nil
}

func filterHash(filter query.Query) []byte {
	filter.Since = time.Time{}
	sum := sha256.Sum256([]byte(filter.String()))
	return sum[:cursorHash]
}
