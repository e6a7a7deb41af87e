package document_test

import (
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

// TestAt checks that a part of a value is found in the file as it spells it.
func TestAt(t *testing.T) {
	tests := []struct {
		name, spelled string // of the title
		part          string // of its value
		column        int
		underlined    string
	}{
		{"plain", `Ann {who} x`, "{who}", 16, "{who}"},
		{"single quotes", `'Ann {who}'`, "{who}", 17, "{who}"},
		{"double quotes", `"Ann {who}"`, "{who}", 17, "{who}"},
		{"spaces before", `   "Ann {who}"`, "{who}", 20, "{who}"},
		{"wide", `世界 {who} 世`, "{who}", 15, "{who}"},
		{"wide in quotes", `"é世 {who}"`, "{who}", 16, "{who}"},
		{"combining", "e\u0301 {who}", "{who}", 15, "{who}"},
		{"comment behind", `Ann {who} # who`, "{who}", 16, "{who}"},
		{"colon", `Ann:{who}`, "{who}", 16, "{who}"},
		{"quotes inside", `Ann 'Lee' {who}`, "{who}", 22, "{who}"},
		{"double in single", `'Ann "Lee" {who}'`, "{who}", 23, "{who}"},
		// Where the file spells it otherwise, the whole value is meant.
		{"escape", `"Ann\t{who}"`, "{who}", 12, `"Ann\t{who}"`},
		{"doubled quote", `'Ann''s {who}' # x`, "{who}", 12, `'Ann''s {who}'`},
		{"escaped quote", `"Ann \"{who}\"" # x`, "{who}", 12, `"Ann \"{who}\""`},
		{"unicode escape", `"\u0041nn {who}"`, "{who}", 12, `"\u0041nn {who}"`},
		{"folded", "Ann\n      {who}", "{who}", 12, "Ann"},
		{"folded in quotes", "\"Ann\n      {who}\"", "{who}", 12, `"Ann`},
		{"block", ">-\n      Ann {who}", "{who}", 12, ">-"},
		{"literal", "| # note\n      Ann {who}", "{who}", 12, "|"},
		{"dollar", `Ann $$ {who}`, "{who}", 12, `Ann $$ {who}`},
		{"environment", `Ann ${env:MODE} {who}`, "{who}", 12, `Ann ${env:MODE} {who}`},
	}
	for _, tt := range tests {
		for _, end := range []string{"\n", "\r\n"} {
			text := strings.ReplaceAll("version: 1\nevents:\n  a:b:\n    title: "+tt.spelled+"\n", "\n", end)
			title := mustRead(t, text).Events[0].Value.Title
			i := strings.Index(title.Value, tt.part)
			if i < 0 {
				t.Fatalf("%s: the value is %q", tt.name, title.Value)
			}
			at := title.At(i, len(tt.part))
			line := []rune(strings.Split(text, "\n")[3])
			if got := string(line[at.Column-1 : at.Column-1+at.Length]); at.Line != 4 || at.Column != tt.column || got != tt.underlined {
				t.Errorf("%s: %s %q, want column %d %q", tt.name, at, got, tt.column, tt.underlined)
			}
		}
	}
}

// TestCommentsBeforeWindowsLines checks that a comment does not move the places
// below it.
func TestCommentsBeforeWindowsLines(t *testing.T) {
	infer := mustRead(t, "version: 1\r\n# one\r\n# two\r\n\r\ninfer: warn # three\r\n").Infer
	if infer.Pos.Line != 5 || infer.Pos.Column != 8 {
		t.Errorf("got %s, want line 5, column 8", infer.Pos)
	}
}

// TestAtOutside checks that what is not in the value is the value itself.
func TestAtOutside(t *testing.T) {
	infer := mustRead(t, "version: 1\ninfer: warn\n").Infer
	for _, part := range [][2]int{{-1, 1}, {0, 5}, {4, 1}, {0, -1}, {1 << 62, 1 << 62}} {
		if got := infer.At(part[0], part[1]); got != infer.Pos {
			t.Errorf("At(%d, %d) = %v", part[0], part[1], got)
		}
	}
	if at := (document.Text{}).At(0, 0); !at.IsZero() {
		t.Errorf("a text that is not there is at %v", at)
	}
	if s := infer.Pos.String(); s != "dir/x.yaml:2:8" {
		t.Errorf("got %s", s)
	}
}

// TestPlaces checks the places that things without a text of their own have.
func TestPlaces(t *testing.T) {
	d := mustRead(t, `version: 1
routes:
  POST /a:
    code: a:b
    targets:
      - type: x
      - {type: y}
    cases: [{when: {status: 404}, code: a:c}]
`)
	r, _ := d.Routes.Get("POST /a")
	for what, got := range map[string]document.Pos{
		"1:1 document": d.Pos, "6:9 block": r.Targets[0].Pos, "7:9 flow": r.Targets[1].Pos, "8:20 when": r.Cases[0].When.Pos,
	} {
		if want, _, _ := strings.Cut(what, " "); got.String() != "dir/x.yaml:"+want {
			t.Errorf("%s: got %v", what, got)
		}
	}
	if _, ok := d.Routes.Get("POST /b"); ok {
		t.Error("got a route that is not there")
	}
}
