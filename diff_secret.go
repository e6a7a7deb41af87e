package activitylog

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// A SecretKey makes fingerprints of secret values: HMAC-SHA-256 under the key,
// of the field's path (with stars for indexes) and the value, written as
// "hmac-sha256:" and 64 hex digits. The same secret in the same field has the
// same fingerprint, in every event and every tenant that shares the key; in
// another field it has another one.
//
// Whoever has the key can try guesses, and short secrets (PINs, card numbers)
// are soon guessed: keep it where the log is not, and never derive it from a
// password. Without the key a reader still sees which values are equal; use a
// key for each tenant if that must not show across tenants. A new key makes
// old fingerprints incomparable. The zero SecretKey makes none.
type SecretKey struct {
	sum func(message []byte) []byte // a function, so that printing a SecretKey does not show the key
}

// minSecretKey is the length of a key that nobody guesses, in bytes.
const minSecretKey = 16

// NewSecretKey returns a SecretKey of random bytes, at least 16 of them. The
// bytes are copied.
func NewSecretKey(random []byte) (SecretKey, error) {
	if len(random) < minSecretKey {
		return SecretKey{}, fmt.Errorf("secret key: it has %d bytes, at least %d random ones are needed", len(random), minSecretKey)
	}
	key := slices.Clone(random)
	return SecretKey{func(message []byte) []byte {
		mac := hmac.New(sha256.New, key)
		mac.Write(message)
		return mac.Sum(nil)
	}}, nil
}

// fingerprint returns that of a value as JSON; nil without a key or a value,
// and for a value that cannot be read.
func (k SecretKey) fingerprint(field string, n *node) json.RawMessage {
	if k.sum == nil || n.kind == none || !n.readable() {
		return nil
	}
	// The length tells where the path ends, the name of the format sets these
	// fingerprints apart from all else that the key may be used for.
	e := encoder{limit: maxDocument, exact: true}
	e.node(n)
	if len(e.b) > e.limit {
		return nil
	}
	message := "activitylog/secret/v1\n" + strconv.Itoa(len(field)) + ":" + field
	return encodeValue("hmac-sha256:" + hex.EncodeToString(k.sum(append([]byte(message), e.b...))))
}

// readable reports whether all of n could be read.
func (n *node) readable() bool {
	return n.kind != unreadable && !slices.ContainsFunc(n.parts, func(p part) bool { return !p.node.readable() })
}
