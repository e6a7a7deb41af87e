package diff

// full reports whether changes are only counted from here on.
func (d *differ) full() bool { return d.more > 0 || len(d.changes) == d.Changes }

// add keeps a change as far as there is room: whole, without its values, or
// only in number. Values get three quarters of it, so that a few large ones
// leave some for the paths of all others.
func (d *differ) add(at place, c Change) {
	c.Path = at.path
	if at.deep { // the values are not those of the path
		c = Change{Path: at.path, Truncated: true}
		if n := len(d.changes); n > 0 && d.changes[n-1].Truncated && d.changes[n-1].Path == c.Path {
			return
		}
	}
	size := d.Each + len(c.Path)
	if values := len(c.Old) + len(c.New); values > 0 && d.size+size+values <= d.All*3/4 {
		size += values
	} else if values > 0 {
		c.Old, c.New, c.Truncated = nil, nil, true
	}
	if d.full() || d.size+size > d.All {
		d.more++
		return
	}
	d.size += size
	d.changes = append(d.changes, c)
}

func (d *differ) result() []Change {
	if d.more > 0 {
		d.changes = append(d.changes, Change{New: moreChanges(d.more), Truncated: true})
	}
	return d.changes
}
