package activitylog

import "github.com/google/uuid"

// NewID returns a new event id: a UUID, version 7 (RFC 9562), so that ids sort
// by the time at which they were made.
func NewID() string {
	id, err := uuid.NewV7()
	if err != nil {
		// crypto/rand does not fail on any supported platform; it ends the
		// program rather than return an error.
		panic("activitylog: no random numbers: " + err.Error())
	}
	return id.String()
}
