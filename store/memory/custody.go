package memory

import (
	"cmp"
	"context"
	"slices"

	"github.com/activitylog-go/activitylog"
	"github.com/activitylog-go/activitylog/store"
)

// Prune removes events as [store.Custodian] says, in one step.
func (s *Store) Prune(ctx context.Context, p store.Prune) (int, error) {
	if err := cmp.Or(ctx.Err(), p.Check()); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	left := make([]*activitylog.Event, 0, len(s.sorted))
	for _, e := range s.sorted {
		if e.Ingested.Before(p.Before) && p.Filter.Match(e) && !s.isHeld(e) {
			delete(s.byID, store.PositionOf(e).ID)
		} else {
			left = append(left, e)
		}
	}
	n := len(s.sorted) - len(left)
	s.sorted = left
	if n > 0 {
		s.note(p.Deed(n))
	}
	return n, nil
}

func (s *Store) isHeld(e *activitylog.Event) bool {
	return slices.ContainsFunc(s.holds, func(h store.Hold) bool { return h.Filter.Match(e) })
}

// Hold keeps events as [store.Custodian] says.
func (s *Store) Hold(ctx context.Context, h store.Hold) error {
	if err := cmp.Or(ctx.Err(), h.Check()); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h.Since = s.now()
	i, found := s.findHold(h.Name)
	if found {
		s.holds[i] = h
	} else {
		s.holds = slices.Insert(s.holds, i, h)
	}
	s.note(h.Deed())
	return nil
}

// note notes what is done now.
func (s *Store) note(d store.Deed) {
	d.Time = s.now()
	s.deeds = append(s.deeds, d)
}

func (s *Store) findHold(name string) (int, bool) {
	return slices.BinarySearchFunc(s.holds, name, func(h store.Hold, name string) int { return cmp.Compare(h.Name, name) })
}

// Release ends a hold as [store.Custodian] says.
func (s *Store) Release(ctx context.Context, name string, by store.Authority) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i, found := s.findHold(name)
	if !found {
		return store.ErrNoHold
	}
	s.holds = slices.Delete(s.holds, i, i+1)
	s.note(store.Released(name, by))
	return nil
}

// Holds returns the holds as [store.Custodian] says.
func (s *Store) Holds(ctx context.Context) ([]store.Hold, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.holds), ctx.Err()
}

// Erase forgets a person as [store.Custodian] says, in one step.
func (s *Store) Erase(ctx context.Context, e store.Erasure) (erased, held int, err error) {
	if err := cmp.Or(ctx.Err(), e.Check()); err != nil {
		return 0, 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for _, event := range s.sorted {
		switch {
		case !event.Erased.IsZero() || !e.Concerns(event):
		case s.isHeld(event):
			held++
		default:
			ingested := event.Ingested
			*event = store.Erased(*event)
			event.Ingested, event.Erased = ingested, now
			erased++
		}
	}
	s.quarantined = slices.DeleteFunc(s.quarantined, func(q store.Quarantined) bool {
		switch {
		case q.Raw != nil || !e.Concerns(&q.Event):
			return false
		case s.isHeld(&q.Event):
			held++
			return false
		default:
			erased++
			return true
		}
	})
	s.note(e.Deed(erased))
	return erased, held, nil
}

// Deeds returns what was done as [store.Custodian] says.
func (s *Store) Deeds(ctx context.Context) ([]store.Deed, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.deeds), ctx.Err()
}
