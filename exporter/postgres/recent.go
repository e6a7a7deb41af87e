package postgres

import (
	"sync"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
)

// maxRecent is the number of events whose terms are remembered. Tests change it.
var maxRecent = 16 * posting.ChunkSize

// recent has the terms of the events that this process has added last, so that
// the indexer need not read them back. Those of other processes it reads.
type recent struct {
	mu    sync.Mutex
	terms map[uuid.UUID][]posting.Term
}

func (r *recent) add(all []entry) {
	terms := make([][]posting.Term, len(all))
	for i, e := range all {
		terms[i] = make([]posting.Term, 0, 15+2*len(e.event.Targets)+len(e.event.Changes))
		termsOf(e.event, func(t posting.Term) { terms[i] = append(terms[i], t) })
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.terms == nil || len(r.terms) > maxRecent { // nobody indexes here: another process does
		r.terms = make(map[uuid.UUID][]posting.Term, len(all))
	}
	for i, e := range all {
		r.terms[e.id] = terms[i]
	}
}

// take returns the terms of an event and forgets them.
func (r *recent) take(id uuid.UUID) ([]posting.Term, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	terms, ok := r.terms[id]
	delete(r.terms, id)
	return terms, ok
}
