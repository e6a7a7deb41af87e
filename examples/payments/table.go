package payments

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// Errors of tables, which handlers turn into 404 and 409.
var (
	errAbsent = errors.New("there is none of that id")
	errTaken  = errors.New("the name is taken")
)

// An item is what a table keeps: a pointer to a struct that embeds [Meta] and,
// unless it has a name of its own making, [Named].
type item[T any] interface {
	*T
	meta() *Meta
	name() string          // what people call it
	key() string           // no two items of an organisation have the same
	complete()             // fills in what a client may leave out
	invalid() fieldsErrors // says what is wrong with it
}

// Meta is what the server says of an item.
type Meta struct {
	ID      string    `json:"id"`
	Org     string    `json:"org"`
	Created time.Time `json:"created_at"`
	Updated time.Time `json:"updated_at"`
}

func (m *Meta) meta() *Meta { return m }
func (m *Meta) complete()   {}

// Named gives an item a name, by which it is known in its organisation.
type Named struct {
	Name string `json:"name"`
}

func (n *Named) name() string { return n.Name }
func (n *Named) key() string  { return n.Name }

// A table keeps items in the order of their creation.
type table[T any, P item[T]] struct {
	mu   sync.RWMutex
	rows []T
}

// list returns the items of an organisation that match; nil matches all.
func (t *table[T, P]) list(org string, match func(P) bool) []T {
	t.mu.RLock()
	defer t.mu.RUnlock()
	found := []T{}
	for _, row := range t.rows {
		if P(&row).meta().Org == org && (match == nil || match(&row)) {
			found = append(found, row)
		}
	}
	return found
}

func (t *table[T, P]) all() []T {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return slices.Clone(t.rows)
}

func (t *table[T, P]) get(org, id string) (T, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	i := t.index(org, id)
	if i < 0 {
		var none T
		return none, errAbsent
	}
	return t.rows[i], nil
}

func (t *table[T, P]) insert(v T) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.taken(&v, -1) {
		return errTaken
	}
	t.rows = append(t.rows, v)
	return nil
}

// update puts what change returns in the place of an item. The item is not
// changed in place: whoever holds a copy keeps what it has read.
func (t *table[T, P]) update(org, id string, change func(T) (T, error)) (before, after T, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := t.index(org, id)
	if i < 0 {
		return before, after, errAbsent
	}
	before = t.rows[i]
	if after, err = change(before); err != nil {
		return before, before, err
	}
	if t.taken(&after, i) {
		return before, before, errTaken
	}
	t.rows[i] = after
	return before, after, nil
}

func (t *table[T, P]) delete(org, id string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := t.index(org, id)
	if i < 0 {
		return errAbsent
	}
	t.rows = slices.Delete(t.rows, i, i+1)
	return nil
}

func (t *table[T, P]) index(org, id string) int {
	return slices.IndexFunc(t.rows, func(row T) bool {
		m := P(&row).meta()
		return m.Org == org && m.ID == id
	})
}

// taken reports whether an item has the key of v, other than the one at index.
func (t *table[T, P]) taken(v P, index int) bool {
	for i := range t.rows {
		row := P(&t.rows[i])
		if i != index && row.meta().Org == v.meta().Org && row.key() == v.key() {
			return true
		}
	}
	return false
}
