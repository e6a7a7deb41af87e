package document

import (
	"io"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml/lexer"
)

// Options says what a file may draw on besides itself. The zero value includes
// no files and uses the environment of the process.
type Options struct {
	// Env returns the value of an environment variable; nil is [os.LookupEnv].
	Env func(name string) (string, bool)

	// Open returns the content of an included file, whose name is relative to
	// the main file's folder and uses slashes. If it is nil, a file that
	// includes others is a problem.
	Open func(name string) ([]byte, error)
}

// Read reads the mapping file whose content is data, and the files that it
// includes; file is the name that problems give it. The document is nil if the
// file could not be read at all.
func Read(file string, data []byte, o Options) (*Document, *Problems) {
	problems := &Problems{}
	if o.Env == nil {
		o.Env = os.LookupEnv
	}
	l := &loader{Problems: problems, Options: o, main: file}
	base := path.Base(filepath.ToSlash(file))
	d := l.read([]string{base}, data)
	if d != nil {
		d.Files = l.files
	}
	return d, problems
}

// ReadFile reads the named file. Of one that is too long for a mapping file it
// reads no more than shows that.
func ReadFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// A reader reads one file.
type reader struct {
	*Problems
	file     string // as problems name it
	source   *source
	env      func(string) (string, bool)
	included bool
	expanded int // bytes that the environment has put in
}

// read returns the document in data, or nil if it is none.
func (r *reader) read(data []byte) *Document {
	r.keep(r.file, nil)
	if len(data) > maxFile {
		r.Errorf(Pos{File: r.file}, "the file is longer than %d bytes: split it with include", maxFile)
		return nil
	}
	text := strings.TrimPrefix(string(data), "\uFEFF")
	r.source = newSource(text)
	r.keep(r.file, r.source)
	if !r.checkText(text) {
		return nil
	}
	if marks(text) > maxMarks {
		r.Errorf(Pos{File: r.file}, "the file holds more than %d brackets, colons and line ends: split it with include", maxMarks)
		return nil
	}
	// The lexer counts the end of a comment twice if it is \r\n.
	tokens := lexer.Tokenize(strings.ReplaceAll(text, "\r\n", "\n"))
	if !r.checkTokens(tokens) {
		return nil
	}
	root := r.parse(tokens)
	if root == nil {
		return nil
	}
	d := new(Document)
	r.decode(root, context{at: r.place(root, Pos{File: r.file}), what: "mapping"}, reflect.ValueOf(d).Elem())
	return d
}
