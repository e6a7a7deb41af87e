package scaffold

import (
	"io/fs"
	"os"
)

// An overlay is the file system of the process with another content of one file.
type overlay struct {
	name    string
	content []byte
}

var _ fs.ReadFileFS = overlay{}

// Open opens a file of the process's file system.
func (o overlay) Open(name string) (fs.File, error) { return os.Open(name) }

// ReadFile returns the content of a file.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if name == o.name {
		return o.content, nil
	}
	return os.ReadFile(name)
}
