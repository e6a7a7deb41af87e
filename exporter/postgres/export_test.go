package postgres

import "context"

// SetStride changes how far List walks before it asks the index, until undo is
// called.
func SetStride(n int) (undo func()) {
	old := stride
	stride = n
	return func() { stride = old }
}

// Chunks returns how many chunks are indexed.
func (s *Store) Chunks(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, "SELECT count(*) FROM activitylog.chunks").Scan(&n)
	return n, err
}
