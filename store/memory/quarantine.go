package memory

import (
	"context"
	"slices"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// Quarantine sets aside a record as [store.Quarantiner] says.
func (s *Store) Quarantine(ctx context.Context, raw []byte, reason string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quarantine(store.Quarantined{ID: store.RecordID(raw), Raw: append([]byte{}, raw...), Reason: reason})
	return nil
}

// putAside quarantines an event whose id is taken.
func (s *Store) putAside(e activitylog.Event) error {
	id, err := store.ConflictID(e)
	if err != nil {
		return err
	}
	s.quarantine(store.Quarantined{ID: id, Event: e, Reason: store.ReasonConflict})
	return nil
}

func (s *Store) quarantine(q store.Quarantined) {
	if s.indexOf(q.ID) >= 0 {
		return // it was sent again
	}
	q.Time = s.now()
	s.quarantined = append(s.quarantined, q)
}

// indexOf returns the place of a record in the quarantine, or -1.
func (s *Store) indexOf(id string) int {
	return slices.IndexFunc(s.quarantined, func(q store.Quarantined) bool { return q.ID == id })
}

// Quarantined returns what was set aside as [store.Quarantiner] says.
func (s *Store) Quarantined(ctx context.Context, after string, limit int) ([]store.Quarantined, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	rest := s.quarantined
	if after != "" {
		i := s.indexOf(after)
		if i < 0 {
			return nil, store.ErrNotQuarantined
		}
		rest = rest[i+1:]
	}
	page := slices.Clone(rest[:min(len(rest), store.Query{Limit: limit}.PageSize())])
	for i := range page {
		page[i].Event = copyOf(&page[i].Event)
		page[i].Raw = slices.Clone(page[i].Raw)
	}
	return page, nil
}

// Discard removes a record as [store.Quarantiner] says.
func (s *Store) Discard(ctx context.Context, id string, by store.Authority) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.indexOf(id)
	if i < 0 {
		return store.ErrNotQuarantined
	}
	s.quarantined = slices.Delete(s.quarantined, i, i+1)
	s.note(store.Discarded(id, by))
	return nil
}
