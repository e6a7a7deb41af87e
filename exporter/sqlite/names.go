package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"sync"
)

// The kinds of names. They are stored, so none ever changes.
const (
	kindCode      = 1
	kindTenant    = 2
	kindActorType = 3
	kindOutcome   = 4
	kindErrorType = 5
	kindMethod    = 6
	kindRoute     = 7
	kindUserAgent = 8
	kindService   = 9
	kindStream    = 10

	kinds = 11
)

// maxNames bounds the memory that names take, for somebody may send a new
// user agent each time. Tests change it.
var maxNames = 50_000

// A name is a text of the dictionary. Its ref never changes and is never given
// to another name, so that any process may remember it.
type name struct {
	kind int
	text string
}

// names is what this process remembers of the table of that name.
type names struct {
	mu    sync.RWMutex
	refs  map[name]int64
	texts map[int64]string
}

func newNames() *names {
	return &names{refs: map[name]int64{}, texts: map[int64]string{}}
}

func (n *names) ref(of name) (int64, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	ref, ok := n.refs[of]
	return ref, ok
}

func (n *names) text(ref int64) (string, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	text, ok := n.texts[ref]
	return text, ok
}

// remember keeps refs that are committed.
func (n *names) remember(refs map[name]int64) {
	if len(refs) == 0 {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.texts) > maxNames {
		clear(n.refs)
		clear(n.texts)
	}
	maps.Copy(n.refs, refs)
	for of, ref := range refs {
		n.texts[ref] = of.text
	}
}

// resolve returns the text of ref.
func (n *names) resolve(ctx context.Context, db querier, ref int64) (string, error) {
	if text, ok := n.text(ref); ok {
		return text, nil
	}
	of := name{}
	err := db.QueryRowContext(ctx, "SELECT kind, text FROM names WHERE ref = ?", ref).Scan(&of.kind, &of.text)
	if err != nil {
		return "", fmt.Errorf("name %d: %w", ref, err)
	}
	n.remember(map[name]int64{of: ref})
	return of.text, nil
}

// A querier is a connection or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}
