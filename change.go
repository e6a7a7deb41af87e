package activitylog

import (
	"encoding/json"
	"fmt"
)

// A Change is one field of the target before and after.
type Change struct {
	// Path is a JSON pointer (RFC 6901): "/role".
	Path string `json:"path"`

	// Old and New are JSON texts; empty means that there was no value.
	Old json.RawMessage `json:"old,omitempty"`
	New json.RawMessage `json:"new,omitempty"`

	// Redacted says that the values are secret and were not kept. Old and New
	// are then empty or, with a [SecretKey], fingerprints of the values.
	Redacted bool `json:"redacted,omitempty"`

	// Truncated says that the values were too large to be kept, or could not
	// be read. The last change of a [Diff] that found too many is one of the
	// whole document, with the path "", and New says how many are left out.
	Truncated bool `json:"truncated,omitempty"`
}

// NewChange returns a change of the field at path. The values are encoded at
// once, so the caller may go on using them; nil stands for no value. A value
// that JSON cannot hold is kept as the text that fmt makes of it. A path without
// a slash in front gets one.
func NewChange(path string, old, new any) Change {
	if path != "" && path[0] != '/' {
		path = "/" + path // what is a name, not a pointer, would not be found by one
	}
	return Change{Path: path, Old: encodeValue(old), New: encodeValue(new)}
}

func encodeValue(v any) json.RawMessage {
	if v == nil {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		b, _ = json.Marshal(fmt.Sprint(v)) // a string always has a JSON form
	}
	return b
}
