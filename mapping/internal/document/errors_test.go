package document_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// TestErrors pins every message with its place and excerpt.
func TestErrors(t *testing.T) {
	names, err := filepath.Glob("testdata/errors/*.yaml")
	if err != nil || len(names) < 40 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	for _, name := range names {
		name = strings.TrimSuffix(filepath.Base(name), ".yaml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", "errors", name+".yaml"))
			if err != nil {
				t.Fatal(err)
			}
			_, problems := document.Read(name+".yaml", data, document.Options{Env: environment, Open: files(map[string]string{"a.yaml": "version: 1\n"})})
			if problems.Err() == nil {
				t.Fatal("accepted")
			}
			golden(t, filepath.Join("errors", name+".golden"), problems.Err().Error()+"\n")
		})
	}
}

// TestAccepted checks what looks wrong and is right.
func TestAccepted(t *testing.T) {
	for _, text := range []string{
		"\uFEFFversion: 1\n",
		"---\nversion: 1\n",
		"# comment\n--- # comment\nversion: 1 # comment\n",
		"version: 1\r\ninfer: off\r\nwords:\r\n  a: b\r\n",
		"version: '1'\ninfer: on\n",
		"version: \"1\"\ninfer: \"on\"\n",
		"{version: 1, infer: 'off'}",
		`{"version":1,"words":{"a":"b","c":"d"}}`,
		"version: 1\nwords: {no: norway, on: off, y: n, 1: 2, true: false, 1e3: .inf}\n",
		"version: 1\nwords: {\na: b,\nc: d,\n}\n",
		"version: 1\nevents:\n  a:b:\n  c:d: ~\n  e:f: null\n  g:h: {}\n",
		"version: 1\nevents: {'a:b': {title: x}}\nroutes: {POST /a: {code: a:b}}\n",
		"version: 1\nevents: {}\nroutes: {}\n",
	} {
		if _, err := read(text, nil); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestAsSpelled checks that numbers and booleans are what the file says.
func TestAsSpelled(t *testing.T) {
	for _, spelled := range []string{"1.50", "0x1F", "007", "1_000", "true", "True", "on", "no", "NO", "1e3", ".inf", "2024-01-01", "12:30"} {
		if got := mustRead(t, "version: 1\nwords: {a: "+spelled+"}\n").Words[0].Value.Value; got != spelled {
			t.Errorf("%s is read as %q", spelled, got)
		}
	}
}

// TestOrder checks that problems are told in the order of their places, each
// as an *Error, and that those that are not told are counted.
func TestOrder(t *testing.T) {
	var text strings.Builder
	text.WriteString("infer: no\n")
	for i := range 123 {
		fmt.Fprintf(&text, "key%d: x\n", i)
	}
	_, err := read(text.String()+"verison: 1\n", nil)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 51 {
		t.Fatalf("got %v", err)
	}
	for i, err := range joined.Unwrap()[:50] {
		if e := (*document.Error)(nil); !errors.As(err, &e) || e.Pos.Line != i+1 {
			t.Errorf("problem %d: %v", i, err)
		}
	}
	if last := joined.Unwrap()[50]; last.Error() != "dir/x.yaml: 75 more problems" {
		t.Errorf("got %v", last)
	}
}

// TestAddedProblems checks that problems that others find with a document join
// those of the reader.
func TestAddedProblems(t *testing.T) {
	d, problems := document.Read("x.yaml", []byte("version: 1\nwords: {a: B}\ninfer: of\n"), document.Options{})
	problems.Errorf(d.Words[0].Value.Pos, "words: %q must be lower case", "B")
	problems.Errorf(document.Pos{File: "x.yaml"}, "too %s", strings.Repeat("é", 1000))
	got := problems.Err().Error()
	if problems.Len() != 3 || !strings.HasPrefix(got, "x.yaml: too ééé") ||
		!strings.Contains(got, "…\nx.yaml:2:12: words: \"B\" must be lower case\n    1 | version: 1\n    2 | words: {a: B}\n      |            ^\nx.yaml:3:8: infer: ") {
		t.Errorf("%d problems: %s", problems.Len(), got)
	}
	if none := new(document.Problems); none.Err() != nil || none.Len() != 0 {
		t.Errorf("no problems: %v", none.Err())
	}
}
