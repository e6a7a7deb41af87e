package document

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// The limits of a mapping with all its files.
const (
	maxFiles    = 16
	maxIncludes = 4       // of one file by another by another
	maxTotal    = 4 << 20 // bytes
)

// A loader reads a file with those that it includes.
type loader struct {
	*Problems
	Options
	main  string   // the main file, as problems name it
	names []string // of the files so far, relative to the main file's folder
	files []string // the same, as problems name them
	size  int      // of all so far, in bytes
}

// read returns the document in data with what the files that it includes add.
// The chain leads from the main file to this one.
func (l *loader) read(chain []string, data []byte) *Document {
	name := chain[len(chain)-1]
	r := &reader{Problems: l.Problems, file: l.display(name), env: l.Env, included: len(chain) > 1}
	l.names = append(l.names, name)
	l.files = append(l.files, r.file)
	l.size += len(data)
	d := r.read(data)
	if d == nil {
		return nil
	}
	for _, text := range d.Include {
		if text.Value == "" {
			continue // which is told
		}
		if more := l.include(chain, text); more != nil {
			l.merge(d, more)
		}
	}
	return d
}

// display returns the name of a file as problems give it.
func (l *loader) display(name string) string {
	if len(l.names) == 0 {
		return l.main
	}
	return filepath.Join(filepath.Dir(l.main), filepath.FromSlash(name))
}

// include reads the file that an include names.
func (l *loader) include(chain []string, text Text) *Document {
	name, ok := l.resolve(chain, text)
	if !ok {
		return nil
	}
	data, err := l.Open(name)
	if err == nil && l.size+len(data) > maxTotal {
		l.Errorf(text.Pos, "include: the files are more than %d bytes long together", maxTotal)
		return nil
	}
	if err != nil {
		l.names = append(l.names, name)
		l.files = append(l.files, l.display(name))
		l.Errorf(text.Pos, "include: %s: %s", l.display(name), reason(err))
		return nil
	}
	return l.read(append(slices.Clone(chain), name), data)
}

// reason returns what went wrong with a file without its name.
func reason(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no such file"
	}
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

// resolve returns the name of the file that an include names, relative to the
// main file's folder, if it may be read.
func (l *loader) resolve(chain []string, text Text) (string, bool) {
	name := path.Join(path.Dir(chain[len(chain)-1]), text.Value)
	switch {
	case strings.ContainsAny(text.Value, `*?[`):
		l.Errorf(text.Pos, "include: %q: patterns are not expanded: name each file", text.Value)
	case strings.Contains(text.Value, `\`):
		l.Errorf(text.Pos, "include: %q: write folders with slashes", text.Value)
	case name == ".", path.IsAbs(text.Value), slices.Contains(strings.Split(text.Value, "/"), ".."), !filepath.IsLocal(filepath.FromSlash(text.Value)):
		l.Errorf(text.Pos, "include: %q must be the name of a file beside this one or in a folder below", text.Value)
	case slices.Contains(chain, name):
		l.Errorf(text.Pos, "include: the file includes itself: %s", strings.Join(append(chain[slices.Index(chain, name):], name), " includes "))
	case slices.Contains(l.names, name):
		l.Errorf(text.Pos, "include: %s is included already", l.display(name))
	case len(chain) > maxIncludes:
		l.Errorf(text.Pos, "include: files include files more than %d deep", maxIncludes)
	case len(l.names) == maxFiles:
		l.Errorf(text.Pos, "include: a mapping may have %d files", maxFiles)
	case l.Open == nil:
		l.Errorf(text.Pos, "include: files cannot be included here")
	default:
		return name, true
	}
	return "", false
}

// merge appends to d what an included file adds.
func (l *loader) merge(d, more *Document) {
	d.Words = merge(l.Problems, "words", d.Words, more.Words)
	d.Verbs = merge(l.Problems, "verbs", d.Verbs, more.Verbs)
	d.Classify = merge(l.Problems, "classify", d.Classify, more.Classify)
	d.Events = merge(l.Problems, "events", d.Events, more.Events)
	d.Routes = merge(l.Problems, "routes", d.Routes, more.Routes)
}

func merge[T any](p *Problems, what string, m, more Map[T]) Map[T] {
	places := make(map[string]Pos, len(m))
	for _, e := range m {
		places[e.Key.Value] = e.Key.Pos
	}
	for _, e := range more {
		if first, twice := places[e.Key.Value]; twice {
			p.Errorf(e.Key.Pos, "%s: %q stands here a second time, first in %s", what, e.Key.Value, first)
			continue
		}
		m = append(m, e)
	}
	return m
}
