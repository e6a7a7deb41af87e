package activitylog

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/activitylog-go/activitylog/internal/diff"
)

// MaxChanges is how many changes [Diff] returns, besides the one that says how
// many there are more.
const MaxChanges = 100

// Diff returns how new differs from old, one [Change] for each field, as an
// [Event] takes them. Either may be nil: what is made or deleted differs in
// every field that has a value.
//
// The values are structs, maps, slices and whatever else encoding/json takes,
// under the names and in the form that it gives them; the order is that of the
// fields, and that of the names in maps. A JSON text is a [json.RawMessage] or
// a []byte. A pointer to the same variable twice is no change: keep a copy of
// what was there before.
//
// The tag activity says what becomes of a field, and of all that is in it:
//
//	Role      string    `json:"role" activity:"track"`      // as without a tag; see [CheckTags]
//	UpdatedAt time.Time `json:"updated_at" activity:"ignore"` // no change
//	Token     string    `json:"token" activity:"secret"`    // only that it changed
//	SKU       string    `json:"sku" activity:"key"`         // tells the elements of a list apart
//
// A word that is none of these means secret. A field with the json tag "-" is
// left out unless it has an activity tag, and then goes by its name in Go. The
// tags of a type hold wherever it is, also in lists, maps and interfaces. A
// type that by its declaration has ignored or secret fields in it is read field
// by field even if it has a MarshalJSON or MarshalText; what these methods
// write of other types is believed. A JSON text has no tags: do not compare it
// with a value that has secrets.
//
// What is the same and what is not:
//
//   - nil, null and a field that is left out are no value. A nil slice or map
//     is an empty one.
//   - Numbers are compared as decimals of any size: 1.50 is 1.5. Times are
//     compared as instants and kept with their zone.
//   - A list of plain values is compared as a whole, order included.
//   - The elements of any other list are matched by their key: the fields with
//     the tag key, else the name "id" or those of [WithListKeys]. That one was
//     moved is no change. If an element has no key of its own, elements are
//     matched by their place, what is equal at the ends of both lists aside.
//   - An object of amount and currency is one change, so that a sentence can
//     tell it; so is what was added or removed, except the whole document.
//
// A path names an element by its index, as RFC 6901 has it: the index in old
// for what was removed, in new for everything else. Secrets within a value
// that was added or removed are left out of it and have changes of their own.
//
// What cannot be read or is too large (a method that fails or panics, a value
// over [MaxString], more than 100,000 values, JSON texts over 1 MiB, 32 levels)
// is a change that is Truncated: it may have changed. A pointer back to what it
// is in is left out. There are at most [MaxChanges] changes of together half
// of [MaxEvent]; one more says how many are missing.
//
// Diff never panics, keeps nothing of what it is given, and may be called from
// several goroutines that do not write to the values.
func Diff(old, new any, opts ...DiffOption) []Change {
	o := diff.Options{ListKeys: []string{"id"}, Limits: diffLimits}
	for _, opt := range opts {
		opt(&o)
	}
	found := diff.Of(old, new, o)
	if len(found) == 0 {
		return nil
	}
	changes := make([]Change, len(found))
	for i, c := range found {
		changes[i] = Change(c)
	}
	return changes
}

// diffLimits leave an event room for all changes.
var diffLimits = diff.Limits{Changes: MaxChanges, Each: itemCost, Value: MaxString, All: MaxEvent / 2}

// A DiffOption configures [Diff].
type DiffOption func(*diff.Options)

// WithListKeys sets the names by which the elements of lists are told apart,
// in place of "id": the first one that an element has. Types with a field of
// the tag key keep that. Without names, all other lists are matched by place.
func WithListKeys(names ...string) DiffOption {
	return func(o *diff.Options) { o.ListKeys = slices.Clone(names) }
}

// WithSecretKey keeps fingerprints of secret values in their changes, so that
// equal ones can be recognised.
func WithSecretKey(key SecretKey) DiffOption {
	return func(o *diff.Options) { o.Sum = key.sum }
}

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

// CheckTags reports every field that [Diff] would see in values of these types
// and that no activity tag classifies, and every tag with an unknown word. Only
// the types of the values count: Member{} and (*Member)(nil) are as good. Call
// it when the program starts, or in a test, so that a field which is added
// later is not logged before somebody decided that it may be.
//
// A field whose type is a struct, or a pointer, list or map of them, needs no
// tag of its own: its fields have theirs, wherever the type is used. What is
// ignored or secret is not looked into, nor what an interface holds, nor a type
// that is written by its MarshalJSON or MarshalText.
func CheckTags(values ...any) error { return diff.CheckTags(values...) }
