package infer_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
)

// TestCorpus pins what inference makes of many APIs, with the shipped catalogue.
func TestCorpus(t *testing.T) {
	f, err := os.Open("testdata/corpus.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m := mapping.Default()
	lines := bufio.NewScanner(f)
	n := 0
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 3 {
			t.Fatalf("%q: want three fields", lines.Text())
		}
		n++
		x := m.Explain(fields[0], fields[1])
		if string(x.Code) != fields[2] {
			t.Errorf("%s %s: got %q, want %q because\n\t%s", fields[0], fields[1], x.Code, fields[2], strings.Join(x.Steps, "\n\t"))
		}
		if len(x.Steps) == 0 {
			t.Errorf("%s %s: no step explains it", fields[0], fields[1])
		}
	}
	if n < 150 {
		t.Errorf("the corpus has %d routes", n)
	}
}
