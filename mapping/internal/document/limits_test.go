package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/activitylog-go/activitylog/mapping/internal/document"
)

const megabyte = 1 << 20

// fill repeats a text until it is almost a megabyte.
func fill(part string) string { return strings.Repeat(part, (megabyte-1000)/len(part)) }

// numbered returns n lines made by a format with a number.
func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// hostile are files that cost a careless reader minutes or gigabytes.
func hostile() map[string]string {
	var indented strings.Builder
	for i := range 1000 {
		indented.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return map[string]string{
		"too large":         strings.Repeat("# comment\n", 200_000),
		"empty lines":       fill("\n"),
		"comments":          fill("# comment\n") + "a: b\n",
		"comments and keys": "words:\n" + numbered("  # x\n  k%d: v\n", 20_000),
		"many keys":         "version: 1\nwords:\n" + numbered("  k%d: v\n", 25_000),
		"same key":          strings.Repeat("a: b\n", 25_000),
		"flow keys":         "version: 2\nwords: {" + numbered("k%d: v, ", 19_000) + "}\n",
		"flow nested":       "version: 1\nroutes: {" + numbered("P%d: {a: b}, ", 8_000) + "}\n",
		"list":              "version: 1\nstrip_prefixes:\n" + numbered("  - {k%d: v}\n", 10_000),
		"long list":         "version: 1\nstrip_prefixes:\n" + numbered("  - [a%d]\n", 16_000),
		"plain list":        "version: 1\nwords:\n" + numbered("  - v%d\n", 39_000),
		"flow list":         "version: 1\nwords: [" + numbered("v%d, ", 39_000) + "]\n",
		"commented list":    "version: 1\nwords:\n" + numbered("  # x\n  - v%d\n", 25_000),
		"brackets":          fill("["),
		"braces":            fill("{a: "),
		"dashes":            fill("- "),
		"question marks":    fill("? "),
		"indentation":       indented.String(),
		"tokens":            strings.Repeat("a: b\n", 150_000),
		"long text":         "version: 1\nroutes: \"" + fill("x") + "\"",
		"long plain":        "version: 1\nroutes: " + fill("x "),
		"folded plain":      "version: 1\nroutes: " + fill("x\n  "),
		"long key":          fill("x") + ": y",
		"block scalar":      "version: 1\nroutes: |\n" + fill("  x\n"),
		"block scalars":     strings.Repeat("a: |\n  b\n", 30_000),
		"anchors":           strings.Repeat("a: &a *a\n", 50_000),
		"tags":              "version: 1\nwords: " + fill("!a "),
		"documents":         fill("---\n"),
		"colons":            fill(":"),
		"single quotes":     fill("'"),
		"double quotes":     fill(`"`),
		"backslashes":       `a: "` + fill(`\`),
		"escapes":           `a: "` + fill(`\x00`) + `"`,
		"joined":            "version: 1\nwords: {" + fill("a:b,") + "}",
		"wrong values":      "version: 1\nwords:\n" + numbered("  k%d: []\n", 10_000),
		"wrong in one line": "version: 1\nwords: {" + numbered("k%d: [], ", 9_000) + "}\n",
		"wide line":         "version: 1\nwords: {" + numbered("世界世界世界%d: [], ", 9_000) + "}\n",
		"environment":       "version: 1\nwords: {a: \"" + fill("${env:X}") + "\"}\n",
		"control":           fill(" ") + "\x01",
		"latin":             fill("a: b\n") + "\xe9",
	}
}

// TestHostile checks that every such file is refused with a short message.
func TestHostile(t *testing.T) {
	for name, text := range hostile() {
		_, problems := document.Read("x.yaml", []byte(text), document.Options{Env: environment})
		err := problems.Err()
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		if len(err.Error()) > 64<<10 {
			t.Errorf("%s: the error is %d bytes long", name, len(err.Error()))
		}
		t.Logf("%s: %.90s", name, err)
	}
}

// TestRoom checks that the limits leave room for every API that there is.
func TestRoom(t *testing.T) {
	text := "version: 1\nroutes:\n" + numbered("  POST /resource%d/{id}/items:\n    code: a:b\n", 10_000)
	if d := mustRead(t, text); len(d.Routes) != 10_000 {
		t.Errorf("%d routes", len(d.Routes))
	}
}

// BenchmarkHostile reads each hostile file; none may take a second.
func BenchmarkHostile(b *testing.B) {
	for name, text := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				document.Read("x.yaml", []byte(text), document.Options{Env: environment})
			}
		})
	}
}
