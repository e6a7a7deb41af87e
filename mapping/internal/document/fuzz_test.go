package document_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// FuzzRead checks that Read never panics, that every problem has a place in
// the file, and that every text of a document has one where the file spells it.
func FuzzRead(f *testing.F) {
	names, _ := filepath.Glob("testdata/errors/*.yaml")
	for _, name := range append(names, "testdata/full.yaml") {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		o := document.Options{Env: environment, Open: files(map[string]string{"a.yaml": text, "more.yaml": "version: 1\n"})}
		d, problems := document.Read("x.yaml", []byte(text), o)
		in := newPlaces(text)
		if joined, ok := problems.Err().(interface{ Unwrap() []error }); ok {
			for _, err := range joined.Unwrap() {
				e := (*document.Error)(nil)
				if !errors.As(err, &e) {
					t.Fatalf("%T is not an *Error", err)
				}
				if e.Pos.File != "more.yaml" && e.Pos.Line != 0 {
					in.check(t, e.Pos, e.Msg)
				}
			}
			return
		}
		visit(reflect.ValueOf(d), "", func(path string, v reflect.Value) {
			if text, ok := v.Interface().(document.Text); ok && text.IsSet() && text.Pos.File != "more.yaml" {
				in.check(t, text.Pos, path)
				in.checkAt(t, text)
			}
		})
	})
}

// places are the lines of a file.
type places [][]rune

func newPlaces(text string) places {
	var lines places
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\uFEFF"), "\n") {
		lines = append(lines, []rune(line))
	}
	return lines
}

// check checks that a place is in the file.
func (p places) check(t *testing.T, at document.Pos, what string) {
	t.Helper()
	if at.Line < 1 || at.Line > len(p) || at.Column < 1 || at.Length < 0 || at.Column-1+at.Length > max(1, len(p[at.Line-1])+1) {
		t.Fatalf("%s, length %d, is not in the file: %s", at, at.Length, what)
	}
}

// checkAt checks that where a part of a text has a place of its own, the file
// spells that part there.
func (p places) checkAt(t *testing.T, text document.Text) {
	t.Helper()
	at := text.At(0, len(text.Value))
	part := text.At(0, 0)
	if part == text.Pos { // spelled otherwise
		return
	}
	if got := string(p[at.Line-1][at.Column-1 : at.Column-1+at.Length]); got != text.Value {
		t.Fatalf("%s: the file says %q there, not %q", at, got, text.Value)
	}
}
