package diff

import (
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
)

// A Change is an activitylog.Change, into which it can be converted.
type Change struct {
	Path      string
	Old, New  json.RawMessage
	Redacted  bool
	Truncated bool
}

// More returns how many changes c stands for, if it is the one that says how
// many are left out, else 0.
func (c Change) More() int {
	if c.Path != "" || !c.Truncated || len(c.Old) > 0 {
		return 0
	}
	number, _, _ := strings.Cut(strings.TrimPrefix(string(c.New), `"`), " ")
	if n, err := strconv.Atoi(number); err == nil && n > 0 && string(c.New) == string(moreChanges(n)) {
		return n
	}
	return 0
}

func moreChanges(n int) json.RawMessage {
	if n == 1 {
		return json.RawMessage(`"1 more change"`)
	}
	return json.RawMessage(`"` + strconv.Itoa(n) + ` more changes"`)
}

const fingerprintPrefix = "hmac-sha256:"

// fingerprintOf returns an HMAC-SHA-256 as a change has it.
func fingerprintOf(sum []byte) json.RawMessage {
	return json.RawMessage(`"` + fingerprintPrefix + hex.EncodeToString(sum) + `"`)
}

// IsFingerprint reports whether the JSON text of a value is the fingerprint of
// a secret one.
func IsFingerprint(value json.RawMessage) bool {
	text, ok := strings.CutPrefix(string(value), `"`+fingerprintPrefix)
	if !ok {
		return false
	}
	text, ok = strings.CutSuffix(text, `"`)
	return ok && len(text) == 64 && strings.Trim(text, "0123456789abcdef") == ""
}
