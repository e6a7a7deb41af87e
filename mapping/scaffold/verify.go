package scaffold

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// verify checks that an edited file loads and that, but for what was added and
// renamed, it says what it said.
func verify(file string, old, merged []byte, add entries, renamed []Rename, events []draft) error {
	if _, err := load(file, merged); err != nil {
		return err
	}
	was, is := reread(file, old), reread(file, merged)
	for i := range was.Routes {
		for _, r := range renamed {
			if was.Routes[i].Key.Value == r.From {
				was.Routes[i].Key.Value = r.To
			}
		}
	}
	is.Routes = without(is.Routes, len(add), func(key string) bool {
		return slices.ContainsFunc(add, func(e entry) bool { return e.key() == key })
	})
	is.Events = without(is.Events, len(events), func(key string) bool {
		return slices.ContainsFunc(events, func(d draft) bool { return string(d.code) == key })
	})
	was.Keys, is.Keys = nil, nil
	forgetPlaces(reflect.ValueOf(was).Elem())
	forgetPlaces(reflect.ValueOf(is).Elem())
	if !reflect.DeepEqual(was, is) {
		return errors.New("what the file says would change")
	}
	return nil
}

// without returns a mapping without n of its keys; as it is if it has not as many.
func without[T any](m document.Map[T], n int, gone func(key string) bool) document.Map[T] {
	rest := slices.DeleteFunc(slices.Clone(m), func(e document.Entry[T]) bool { return gone(e.Key.Value) })
	if len(m)-len(rest) != n {
		return m
	}
	if len(rest) == 0 {
		return nil
	}
	return rest
}

// reread reads a file that is known to load.
func reread(file string, content []byte) *document.Document {
	d, _ := document.Read(file, content, document.Options{Open: func(name string) ([]byte, error) {
		return os.ReadFile(filepath.Join(filepath.Dir(file), filepath.FromSlash(name)))
	}})
	return d
}

// forgetPlaces takes the places out of all that v holds.
func forgetPlaces(v reflect.Value) {
	switch {
	case !v.CanSet() && v.Kind() != reflect.Pointer:
	case v.Type() == reflect.TypeFor[document.Pos]():
		v.SetZero()
	case v.Type() == reflect.TypeFor[document.Text]():
		v.Set(reflect.ValueOf(document.Text{Value: v.Interface().(document.Text).Value}))
	case v.Kind() == reflect.Pointer:
		if !v.IsNil() {
			forgetPlaces(v.Elem())
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			forgetPlaces(v.Index(i))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			forgetPlaces(v.Field(i))
		}
	}
}
