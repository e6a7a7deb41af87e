package openapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxBytes is how large a document may be with all files that it refers to.
const maxBytes = 32 << 20

// files are a document and what lies in its folder.
type files struct {
	path  string // of the document
	name  string // of the document in its folder
	root  *os.Root
	left  int64          // bytes that may still be read
	parts int            // of skeletons that may still be made
	order map[string]int // of the document's paths
}

func openFiles(path string) (*files, error) {
	dir, name := filepath.Split(path)
	root, err := os.OpenRoot(filepath.Clean(dir))
	if err != nil {
		return nil, err
	}
	return &files{path: path, name: name, root: root, left: maxBytes, parts: maxParts, order: make(map[string]int)}, nil
}

func (f *files) Close() error { return f.root.Close() }

// skeleton reads a file and returns what routes need of it, as YAML.
func (f *files) skeleton(location *url.URL) ([]byte, error) {
	if location.Scheme != "" || location.Host != "" {
		return nil, fmt.Errorf("refers to %q: only files below the document's folder are read; save a copy there, or bundle the document", location)
	}
	name := location.Path
	data, err := f.read(name)
	if err != nil {
		return nil, err
	}
	n, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s := skeleton{file: name, left: &f.parts}
	if name == f.name {
		if err := checkVersion(n); err != nil {
			return nil, err
		}
		s.order = f.order
	}
	kept := s.cut(n, 0)
	if err := errors.Join(s.problems...); err != nil {
		return nil, err
	}
	return yaml.Marshal(kept)
}

// read reads a file of the folder. The document itself may be a pipe; anything
// else that is no file could keep the reader waiting for ever.
func (f *files) read(name string) ([]byte, error) {
	open := func() (*os.File, error) { return f.root.Open(filepath.FromSlash(name)) }
	if name == f.name {
		open = func() (*os.File, error) { return os.Open(f.path) }
	} else if info, err := f.root.Stat(filepath.FromSlash(name)); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a file", name)
	}
	file, err := open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, f.left+1))
	if err != nil {
		return nil, err
	}
	if f.left -= int64(len(data)); f.left < 0 {
		return nil, fmt.Errorf("%s: the document, with the files it refers to, is larger than %d MiB", name, maxBytes>>20)
	}
	return data, nil
}

// parse parses YAML or JSON. The YAML parser reads JSON too, but needs a
// hundred times a document's size for it.
func parse(data []byte) (*yaml.Node, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	if trimmed := bytes.TrimLeft(data, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '{' {
		return parseJSON(data)
	}
	var n yaml.Node
	if err := yaml.Unmarshal(data, &n); err != nil {
		return nil, err
	}
	if len(n.Content) == 0 {
		return nil, errors.New("the file is empty")
	}
	return n.Content[0], nil
}
