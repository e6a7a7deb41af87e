package activitylog

import (
	"strconv"
	"strings"
)

// A place is where a value stands.
type place struct {
	path  string // its JSON pointer
	field string // the same with stars for indexes, if there is a SecretKey
	deep  bool   // path is that of something above, because its own is too long
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

func (d *differ) member(at place, name string) place {
	name = Text(name)
	if strings.ContainsAny(name, "~/") {
		name = escapePointer.Replace(name)
	}
	return d.below(at, name, name)
}

func (d *differ) element(at place, index int) place {
	return d.below(at, strconv.Itoa(index), "*")
}

func (d *differ) below(at place, key, field string) place {
	if at.deep || len(at.path)+1+len(key) > maxPath {
		return place{path: at.path, field: at.field, deep: true}
	}
	p := place{path: at.path + "/" + key}
	if d.key.sum != nil {
		p.field = at.field + "/" + field
	}
	return p
}
