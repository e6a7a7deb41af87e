package diff

import (
	"strconv"
	"strings"
)

// A place is where a value stands.
type place struct {
	path  string // its JSON pointer
	field string // the same with stars for indexes, if there are fingerprints
	deep  bool   // path is that of something above, because its own is too long
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

func (d *differ) member(at place, name string) place {
	name = cleanText(name)
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
	if d.Sum != nil {
		p.field = at.field + "/" + field
	}
	return p
}

// cleanText returns s as an event has it: valid UTF-8 without NUL.
func cleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
