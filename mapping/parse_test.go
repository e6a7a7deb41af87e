package mapping_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping"
)

// TestErrors pins every message with its place and excerpt.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m, err := mapping.Parse(name+".yaml", data)
			if err == nil || m != nil {
				t.Fatalf("got %v, %v: want an error and no mapping", m, err)
			}
			golden(t, filepath.Join("errors", name+".golden"), err.Error()+"\n")
		})
	}
}

// hostile are files that cost a careless reader minutes or gigabytes.
func hostile() map[string]string {
	var indented strings.Builder
	for i := range 1000 {
		indented.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return map[string]string{
		"many keys":     "version: 1\nwords:\n" + keys(25_000),
		"many same":     strings.Repeat("a: b\n", 25_000),
		"too large":     strings.Repeat("# comment\n", 200_000),
		"brackets":      strings.Repeat("[", 500_000),
		"braces":        strings.Repeat("{a: ", 200_000),
		"dashes":        strings.Repeat("- ", 400_000),
		"question":      strings.Repeat("? ", 400_000),
		"indentation":   indented.String(),
		"keys":          "version: 1\nroutes:\n" + keys(2_000),
		"tokens":        strings.Repeat("a: b\n", 150_000),
		"long line":     "version: 1\nroutes: \"" + strings.Repeat("x", 1_000_000) + "\"",
		"anchors":       strings.Repeat("a: &a *a\n", 50_000),
		"one long key":  strings.Repeat("x", 1_000_000),
		"colons":        strings.Repeat(":", 500_000),
		"quotes":        strings.Repeat("'", 500_000),
		"block scalars": strings.Repeat("a: |\n  b\n", 30_000),
	}
}

// keys are n keys on lines of their own.
func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  k%d: v\n", i)
	}
	return b.String()
}

// TestHostile checks that every such file is refused, with a short message.
func TestHostile(t *testing.T) {
	for name, text := range hostile() {
		_, err := mapping.Parse("x.yaml", []byte(text))
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		if len(err.Error()) > 64<<10 {
			t.Errorf("%s: the error is %d bytes long", name, len(err.Error()))
		}
		if strings.HasPrefix(name, "many") && !strings.Contains(err.Error(), "too many keys") {
			t.Errorf("%s: parsed for seconds, and then: %.80s", name, err)
		}
		t.Logf("%s: %.80s", name, err)
	}
}

// TestManyProblems checks that problems that are not told are counted.
func TestManyProblems(t *testing.T) {
	_, err := mapping.Parse("x.yaml", []byte("version: 1\nroutes:\n"+keys(123)))
	if err == nil || !strings.HasSuffix(err.Error(), "x.yaml: 196 more problems") {
		t.Errorf("got %v", err)
	}
}

// TestManyRoutes checks that the limits leave room for every API that there is.
func TestManyRoutes(t *testing.T) {
	m, routes := manyRoutes(t, 10_000)
	if r := m.Rule("PUT", routes[0]); r == nil || r.Inferred {
		t.Errorf("got %+v", r)
	}
	for _, route := range routes {
		if m.Rule("PUT", route) != m.Rule("PUT", route) {
			t.Fatalf("the decision on %s, which the file names, is not kept", route)
		}
	}
}

// TestLoadLargeFile checks that a file is not read that is longer than any
// mapping: this one would not fit into memory.
func TestLoadLargeFile(t *testing.T) {
	dir := t.TempDir()
	large, main := filepath.Join(dir, "large.yaml"), filepath.Join(dir, "main.yaml")
	for name, text := range map[string]string{large: "version: 1\n", main: "version: 1\ninclude: large.yaml\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Truncate(large, 1<<40); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{large, main} {
		if _, err := mapping.Load(name); err == nil || !strings.Contains(err.Error(), "large.yaml: the file is longer than") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLongRoutes checks that a route that no router has costs nothing: to infer
// its code would take minutes and gigabytes.
func TestLongRoutes(t *testing.T) {
	m := mapping.Default()
	long := "/" + strings.Repeat("aB-", 1<<20)
	if r := m.Rule("POST", long); r != nil || m.Ignores("POST", long) || m.Infer("POST", long) != "" {
		t.Errorf("somebody has decided: %v", r)
	}
	if x := m.Explain("POST", long); x.Code != "" || len(x.Steps) != 1 {
		t.Errorf("explained: %s, %q", x.Code, x.Steps)
	}
	if longest := "/" + strings.Repeat("a", 1023); m.Rule("POST", longest) == nil {
		t.Error("a route of 1,024 bytes has no rule")
	}
}

// FuzzParse checks that Parse never panics, reports every failure as an
// *Error with a place in the file, and that what it accepts can be used.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/errors/*.yaml")
	for _, file := range append(files, "payments.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("version: 1\nroutes:\n  POST /a/{b}: {cases: [{when: {status: 4xx}, code: a:b}]}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := mapping.Parse("fuzz.yaml", data)
		if err != nil {
			e := (*mapping.Error)(nil)
			if !errors.As(err, &e) {
				t.Fatalf("error %T is not an *Error", err)
			}
			if lines := strings.Count(string(data), "\n") + 1; e.Pos.Line > lines+1 || e.Pos.Line < 0 {
				t.Fatalf("line %d of %d", e.Pos.Line, lines)
			}
			return
		}
		for _, method := range []string{"GET", "POST", "DELETE"} {
			x := m.Explain(method, "/a/{b}")
			if r := m.Rule(method, "/a/{b}"); (r != nil) != (x.Code != "") {
				t.Fatalf("%s: rule %v, explained as %q", method, r, x.Code)
			}
		}
	})
}
