package document_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file below testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal([]byte(got), want) {
		t.Errorf("%s differs (rerun with -update if intended)\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

// environment is the environment of the tests.
func environment(name string) (string, bool) {
	value, ok := map[string]string{"MODE": "warn", "EMPTY": "", "DOLLAR": "${env:MODE}$$", "LATIN": "caf\xe9"}[name]
	return value, ok
}

// files returns an Open that reads from a map.
func files(content map[string]string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if text, ok := content[name]; ok {
			return []byte(text), nil
		}
		return nil, &os.PathError{Op: "open", Path: "/somewhere/" + name, Err: os.ErrNotExist}
	}
}

// read reads a file that may include others.
func read(text string, included map[string]string) (*document.Document, error) {
	d, problems := document.Read("dir/x.yaml", []byte(text), document.Options{Env: environment, Open: files(included)})
	return d, problems.Err()
}

// mustRead reads a file that is right.
func mustRead(t *testing.T, text string) *document.Document {
	t.Helper()
	d, err := read(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// visit calls f for everything of a document that has a key, and for the
// elements of lists and maps.
func visit(v reflect.Value, path string, f func(path string, v reflect.Value)) {
	f(path, v)
	if _, isText := v.Interface().(document.Text); isText {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			visit(v.Elem(), path, f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			e := v.Index(i)
			if key := e; key.Kind() == reflect.Struct && key.NumField() == 2 && key.Type().Field(0).Name == "Key" {
				f(path+" key", key.Field(0))
				visit(key.Field(1), path+" > "+key.Field(0).Interface().(document.Text).Value, f)
				continue
			}
			visit(e, fmt.Sprintf("%s[%d]", path, i), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if key := v.Type().Field(i).Tag.Get("yaml"); key != "" && key != "-" {
				visit(v.Field(i), strings.TrimPrefix(path+"."+key, "."), f)
			}
		}
	}
}

// TestEveryKey pins the value and the place of everything that a file can say,
// and checks that the file says it all.
func TestEveryKey(t *testing.T) {
	data, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, problems := document.Read("full.yaml", data, document.Options{
		Env:  environment,
		Open: files(map[string]string{"more.yaml": "version: 1\nwords: {more: word}\n"}),
	})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	var out strings.Builder
	said := make(map[reflect.Type]map[string]bool)
	visit(reflect.ValueOf(d), "", func(path string, v reflect.Value) {
		note(said, v)
		text, ok := v.Interface().(document.Text)
		if !ok || !text.IsSet() {
			return
		}
		spelled := ""
		if p := text.Pos; p.File == "full.yaml" {
			spelled = string([]rune(lines[p.Line-1])[p.Column-1 : p.Column-1+p.Length])
		}
		fmt.Fprintf(&out, "%s %s = %q, spelled %s\n", text.Pos, path, text.Value, spelled)
	})
	golden(t, "full.golden", out.String())
	for typ, keys := range said {
		for key, ok := range keys {
			if !ok {
				t.Errorf("full.yaml does not say %s of %s", key, typ)
			}
		}
	}
	if len(said) < 9 {
		t.Errorf("only %d types were met", len(said))
	}
}

// note notes which keys of a struct have a value.
func note(said map[reflect.Type]map[string]bool, v reflect.Value) {
	if _, isText := v.Interface().(document.Text); isText || v.Kind() != reflect.Struct {
		return
	}
	if said[v.Type()] == nil {
		said[v.Type()] = make(map[string]bool)
	}
	for i := range v.NumField() {
		if key := v.Type().Field(i).Tag.Get("yaml"); key != "" && key != "-" {
			said[v.Type()][key] = said[v.Type()][key] || !v.Field(i).IsZero()
		}
	}
}
