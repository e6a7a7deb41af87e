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
	terms, ends := make([]posting.Term, 0, 20*len(all)), make([]int, len(all))
	for i, e := range all {
		termsOf(e.event, func(t posting.Term) { terms = append(terms, t) })
		ends[i] = len(terms)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.terms == nil || len(r.terms) > maxRecent { // nobody indexes here: another process does
		r.terms = make(map[uuid.UUID][]posting.Term, len(all))
	}
	begin := 0
	for i, e := range all {
		r.terms[e.id] = terms[begin:ends[i]]
		begin = ends[i]
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
