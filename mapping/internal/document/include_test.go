package document_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

func keys[T any](m document.Map[T]) string {
	var all []string
	for _, e := range m {
		all = append(all, e.Key.Value)
	}
	return strings.Join(all, " ")
}

func TestInclude(t *testing.T) {
	d, err := read(`version: 1
include: [routes/orgs.yaml, ./words.yaml]
words: {a: b}
routes: {POST /a: {code: a:b}}
`, map[string]string{
		"routes/orgs.yaml":         "version: 1\ninclude: deep/members.yaml\nroutes: {POST /orgs: {code: org:created}}\nevents:\n  org:created:\n",
		"routes/deep/members.yaml": "version: 1\nroutes: {POST /members: {code: member:created}}\nclassify: {iban: personal}\n",
		"words.yaml":               "version: 1\nwords: {c: d}\nverbs: {e: f}\nroutes: {POST /w: {code: w:x}}\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(keys(d.Words), " | ", keys(d.Verbs), " | ", keys(d.Classify), " | ", keys(d.Events), " | ", keys(d.Routes))
	if want := "a c | e | iban | org:created | POST /a POST /orgs POST /members POST /w"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if want := []string{"dir/x.yaml", "dir/routes/orgs.yaml", "dir/routes/deep/members.yaml", "dir/words.yaml"}; !slices.Equal(d.Files, want) {
		t.Errorf("files %q, want %q", d.Files, want)
	}
	if at := d.Routes[2].Key.Pos.String(); at != "dir/routes/deep/members.yaml:2:10" {
		t.Errorf("got %s", at)
	}
}

// TestIncludeProblems pins what is told of files that cannot be included.
func TestIncludeProblems(t *testing.T) {
	many := func(n int) (text string, included map[string]string) {
		included = make(map[string]string)
		text = "version: 1\ninclude:\n"
		for i := range n {
			text += fmt.Sprintf("  - f%d.yaml\n", i)
			included[fmt.Sprintf("f%d.yaml", i)] = "version: 1\n"
		}
		return text, included
	}
	tests := []struct {
		name     string
		text     string
		included map[string]string
	}{
		{name: "missing", text: "version: 1\ninclude: [none.yaml, a/none.yaml]\n"},
		{name: "names", text: "version: 1\ninclude: [/etc/x.yaml, ../x.yaml, a/../x.yaml, 'a\\x.yaml', 'routes/*.yaml', ., \"\"]\n"},
		{name: "itself", text: "version: 1\ninclude: x.yaml\n"},
		{name: "cycle", text: "version: 1\ninclude: a.yaml\n", included: map[string]string{
			"a.yaml": "version: 1\ninclude: b.yaml\n", "b.yaml": "version: 1\ninclude: ./a.yaml\n"}},
		{name: "twice", text: "version: 1\ninclude: [a.yaml, b/c.yaml, ./a.yaml]\n", included: map[string]string{
			"a.yaml": "version: 1\n", "b/c.yaml": "version: 1\ninclude: c.yaml\n"}},
		{name: "doubles", text: "version: 1\ninclude: [a.yaml, b.yaml]\nwords: {a: b}\n", included: map[string]string{
			"a.yaml": "version: 1\nwords: {a: c}\nroutes: {POST /a: {code: a:b}}\n",
			"b.yaml": "version: 1\nroutes:\n  POST /b: {code: a:b}\n  POST /a: {code: a:b}\n"}},
		{name: "main", text: "version: 1\ninclude: a.yaml\n", included: map[string]string{
			"a.yaml": "version: 1\ninfer: of\ntenant: {path: x}\nstrip_prefixes: /v1\n"}},
		{name: "broken", text: "version: 1\ninclude: [a.yaml, b.yaml, c.yaml]\ninfr: on\n", included: map[string]string{
			"a.yaml": "words: {a: b}\n", "b.yaml": "version: 1\nwords: {a: b\n", "c.yaml": "version: 2\nrotues: {}\n"}},
		{name: "deep", text: "version: 1\ninclude: 1.yaml\n", included: map[string]string{
			"1.yaml": "version: 1\ninclude: 2.yaml\n", "2.yaml": "version: 1\ninclude: 3.yaml\n",
			"3.yaml": "version: 1\ninclude: 4.yaml\n", "4.yaml": "version: 1\ninclude: 5.yaml\n", "5.yaml": "version: 1\n"}},
	}
	var out strings.Builder
	for _, tt := range tests {
		_, err := read(tt.text, tt.included)
		fmt.Fprintf(&out, "== %s\n%v\n", tt.name, err)
	}
	text, included := many(16)
	_, err := read(text, included)
	fmt.Fprintf(&out, "== too many\n%v\n", err)
	golden(t, "include.golden", out.String())

	text, included = many(15)
	if _, err := read(text, included); err != nil {
		t.Errorf("16 files: %v", err)
	}
}

func TestIncludeTooLarge(t *testing.T) {
	large := "version: 1\n" + strings.Repeat("#"+strings.Repeat(" ", 999)+"\n", 700)
	included := map[string]string{"huge.yaml": large + large}
	text := "version: 1\ninclude: [huge.yaml"
	for i := range 8 {
		name := fmt.Sprintf("large%d.yaml", i)
		included[name] = large
		text += ", " + name
	}
	_, err := read(text+"]\n", included)
	if err == nil || !strings.Contains(err.Error(), "huge.yaml: the file is longer than 786432 bytes") ||
		!strings.Contains(err.Error(), "x.yaml:2:61: include: the files are more than 4194304 bytes long together") {
		t.Errorf("got %v", err)
	}
}

// TestIncludeNothing checks that files are opened only where that is wanted.
func TestIncludeNothing(t *testing.T) {
	_, problems := document.Read("x.yaml", []byte("version: 1\ninclude: a.yaml\n"), document.Options{})
	if err := problems.Err(); err == nil || !strings.Contains(err.Error(), "x.yaml:2:10: include: files cannot be included here") {
		t.Errorf("got %v", err)
	}
	denied := func(string) ([]byte, error) { return nil, errors.New("not today") }
	d, problems := document.Read("x.yaml", []byte("version: 1\ninclude: a.yaml\n"), document.Options{Open: denied})
	if err := problems.Err(); err == nil || !strings.Contains(err.Error(), "include: a.yaml: not today") {
		t.Errorf("got %v", err)
	}
	if !slices.Equal(d.Files, []string{"x.yaml", "a.yaml"}) {
		t.Errorf("files %q: a reader that waits for it must know of it", d.Files)
	}
}
