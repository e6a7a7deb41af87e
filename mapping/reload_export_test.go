package mapping

// Look reports whether Run would reload now.
func (r *Reloader) Look() bool { return r.hasChanged() }
